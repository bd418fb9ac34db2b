use crate::constants::MARKETS_MAX;
use anchor_lang::prelude::*;

/// The liquidity pool: the counterparty of every trader. `pool_assets = free + Σ backing of the markets`.
#[account]
#[derive(Debug, InitSpace)]
pub struct Pool {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Not allotted to any market, 1e-6 USDC.
    pub free: u64,
    /// Shares that exist, locked and requested ones included, 1e-6 shares.
    pub supply: u64,
    /// Shares nobody can redeem (from the first deposit), 1e-6 shares.
    pub locked_shares: u64,
    /// Deposits in the vault that wait for their shares, 1e-6 USDC; not an asset of the pool.
    pub requested_deposits: u64,
    /// Each market's backing when it was last settled, 1e-6 USDC (by market index).
    pub backing: [i64; MARKETS_MAX],
    /// Each market's target share of the pool's assets, bps (by market index); the sum is at most 10,000.
    pub weight_bps: [u16; MARKETS_MAX],
    /// Number of the newest event of the pool's stream.
    pub event_seq: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 128],
}
