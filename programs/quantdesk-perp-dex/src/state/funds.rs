use crate::constants::OUTFLOW_EARLIER_BUCKETS;
use anchor_lang::prelude::*;

/// What covers bad debt. An account of its own, so that trades which do not need it do not write it.
#[account]
#[derive(Debug, InitSpace)]
pub struct Insurance {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Owned by insurance and already moved here, 1e-6 USDC (its shares still in markets are `Market.insurance_accrued`).
    pub balance: u64,
    /// Most that may top up keepers' rewards in one hour, 1e-6 USDC.
    pub topup_cap_per_hour: u64,
    /// Start of the current top-up hour, unix seconds.
    pub topup_window_start: i64,
    /// Paid as top-ups in the current hour, 1e-6 USDC.
    pub topup_used: u64,
    /// Bad debt covered so far, 1e-6 USDC.
    pub bad_debt_covered: u128,
    /// Number of the newest event that changed this account.
    pub event_seq: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 64],
}

/// What the operator has earned.
#[account]
#[derive(Debug, InitSpace)]
pub struct Treasury {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Owned by the treasury and already moved here, 1e-6 USDC (its shares still in markets are `Market.treasury_accrued`).
    pub balance: u64,
    /// Number of the newest event that changed this account.
    pub event_seq: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 64],
}

/// What left the vault lately, and the queue of those who wait. Deposits, withdrawals and pool requests write it; an account of
/// its own, so that trades, which read Exchange, do not wait for them.
#[account]
#[derive(Debug, InitSpace)]
pub struct Outflow {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Most that may leave the vault in one window beyond what comes in, 1e-6 USDC; 0 means no limit.
    pub cap: u64,
    /// Length of a window, seconds.
    pub window_seconds: u32,
    /// Start of the current bucket, unix seconds; a bucket is a third of the window.
    pub bucket_start: i64,
    /// What left in the current bucket less what came in (negative: more came in), 1e-6 USDC.
    pub used: i64,
    /// Number of the newest event that changed limit or queue.
    pub event_seq: u64,
    /// What left in the buckets before the current one and no inflow made up for, the newest first, 1e-6 USDC.
    pub used_earlier: [u64; OUTFLOW_EARLIER_BUCKETS],
    /// What each account may withdraw in one window in any case, 1e-6 USDC.
    pub floor: u64,
    /// Ticket the next queued withdrawal takes.
    pub next_ticket: u64,
    /// Ticket whose turn it is; equal to `next_ticket` where nobody waits.
    pub head_ticket: u64,
    /// Sum of all queued withdrawals, 1e-6 USDC.
    pub queued: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 8],
}
