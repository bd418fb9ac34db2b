use anchor_lang::prelude::*;

/// What the owner lets the keeper role do in his name: open, close, add and remove margin. Never withdraw.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct Delegate {
    /// Whether the delegation stands.
    pub enabled: bool,
    /// Unix seconds from which it no longer does.
    pub expires_at: i64,
    /// Most notional opened in any 24 hours, 1e-6 USDC (reductions are exempt).
    pub turnover_cap: u64,
    /// Notional opened in the current bucket, 1e-6 USDC.
    pub turnover_used: u64,
    /// Start of the current bucket, unix seconds.
    pub turnover_window_start: i64,
    /// Worst distance of an executed price from the oracle's, bps.
    pub max_slippage_bps: u16,
}

/// A trader's free collateral and delegation. It persists; positions hold their own margin.
#[account]
#[derive(Debug, InitSpace)]
pub struct UserAccount {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// The wallet that owns everything here.
    pub owner: Pubkey,
    /// Free collateral, 1e-6 USDC.
    pub collateral: u64,
    /// What keepers may do in the owner's name.
    pub delegate: Delegate,
    /// Markets with an open position, one bit per market index.
    pub open_positions: u16,
    /// Sum of all deposits, 1e-6 USDC.
    pub deposited: u128,
    /// Sum of all withdrawals, 1e-6 USDC.
    pub withdrawn: u128,
    /// Unix seconds of creation.
    pub created_at: i64,
    /// Who paid this account's rent.
    pub rent_payer: Pubkey,
    /// Number of the newest event of this account's stream.
    pub seq: u64,
    /// Notional opened under the delegation in the four buckets before the current one, the newest first, 1e-6 USDC.
    pub turnover_earlier: [u64; 4],
    /// Start of the window in which `window_withdrawn` counts, unix seconds.
    pub withdrawal_window_start: i64,
    /// What this account withdrew in that window, 1e-6 USDC: up to `Outflow.floor` leaves in any case.
    pub window_withdrawn: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 16],
}
