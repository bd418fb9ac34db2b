use super::market_config::{MarketConfig, MarketStatus, OracleConfig};
use super::position::Side;
use anchor_lang::prelude::*;

/// An accepted oracle price.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct OraclePrice {
    /// Unix seconds of publication; 0 before the first acceptance.
    pub publish_time: i64,
    /// `publish_time` of the feed's previous update, unix seconds.
    pub prev_publish_time: i64,
    /// Price, 1e-8 USD per base unit, rounded down.
    pub price: u64,
    /// Confidence, 1e-8 USD per base unit, rounded up.
    pub conf: u64,
    /// Moving average, 1e-8 USD per base unit, rounded down.
    pub ema: u64,
    /// Slot in which the update was posted.
    pub posted_slot: u64,
}

/// Sums over the open positions of one side.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct SideTotals {
    /// Open interest, 1e-8 base units.
    pub size: u64,
    /// Σ entry value, 1e-16 USD.
    pub entry_value: u128,
    /// Σ margin, 1e-6 USDC.
    pub margin: u64,
    /// Σ reserve, 1e-6 USDC.
    pub reserve: u64,
    /// Σ `s·F0`, 1e-26 USD.
    pub funding_sum: i128,
    /// Σ `s·B0`, 1e-26 USD.
    pub borrow_sum: i128,
}

/// A perpetual market. Trades write it, their UserAccount and their Position, and nothing else.
#[account]
#[derive(Debug, InitSpace)]
pub struct Market {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Place in `Pool.backing`, and the seed of this PDA.
    pub index: u8,
    /// What may be done here.
    pub status: MarketStatus,
    /// Symbol in ASCII, padded with zero bytes.
    pub symbol: [u8; 16],
    /// Where the price comes from.
    pub oracle: OracleConfig,
    /// Parameters.
    pub config: MarketConfig,
    /// The last accepted price.
    pub price: OraclePrice,
    /// Cumulative funding (`F`), 1e-18 USD per base unit.
    pub funding_index: i128,
    /// Cumulative borrow (`B`), 1e-18 USD per base unit.
    pub borrow_index: i128,
    /// Clock of the last accrual, unix seconds.
    pub accrued_at: i64,
    /// Clock of the last `refresh_market` or `settle_market`, unix seconds.
    pub refreshed_at: i64,
    /// Clock of the last `settle_market`, unix seconds.
    pub settled_at: i64,
    /// Sums over open longs.
    pub long: SideTotals,
    /// Sums over open shorts.
    pub short: SideTotals,
    /// The pool's money in this market, 1e-6 USDC; pays profits, takes losses.
    pub backing: i64,
    /// Insurance's shares not yet moved to it, 1e-6 USDC.
    pub insurance_accrued: u64,
    /// The treasury's shares not yet moved to it, 1e-6 USDC.
    pub treasury_accrued: u64,
    /// What this market's backing borrowed from insurance, 1e-6 USDC: the first claim on what it receives.
    pub insurance_debt: u64,
    /// Payouts recorded but not made, owed to traders, 1e-6 USDC.
    pub payouts_owed: u64,
    /// Bad debt so far, 1e-6 USDC.
    pub bad_debt: u128,
    /// Bad debt nobody covered so far, 1e-6 USDC.
    pub bad_debt_uncovered: u128,
    /// Sum of all trading fees, 1e-6 USDC.
    pub fees_collected: u128,
    /// Number of the newest event of this market's stream.
    pub event_seq: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 128],
}

impl Market {
    /// The sums of a side.
    pub fn side(&self, side: Side) -> &SideTotals {
        match side {
            Side::Long => &self.long,
            Side::Short => &self.short,
        }
    }

    /// The sums of a side, to be changed.
    pub fn side_mut(&mut self, side: Side) -> &mut SideTotals {
        match side {
            Side::Long => &mut self.long,
            Side::Short => &mut self.short,
        }
    }
}
