use super::parts::{InsuranceUse, MarketAfter};
use crate::state::{OraclePrice, PositionState};
use anchor_lang::prelude::*;

/// A trader asked for his position to be closed, by anyone.
#[event]
pub struct CloseRequested {
    pub position_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// Unix seconds.
    pub requested_at: i64,
    /// First `publish_time` that executes it, unix seconds.
    pub executable_from: i64,
    /// Last one, unix seconds.
    pub executable_to: i64,
}

/// Whole units of funding and borrow of an open position were realised; its equity is what it was.
#[event]
pub struct PositionSettled {
    pub market_seq: u64,
    pub position_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// The price at which the market accrued.
    pub oracle: OraclePrice,
    /// Paid by the position (negative: received), 1e-6 USDC.
    pub funding: i64,
    /// Paid by the position, 1e-6 USDC.
    pub borrow: u64,
    pub before: PositionState,
    pub after: PositionState,
    /// Its indexes are those of the settlement.
    pub market_after: MarketAfter,
}

/// A payout owed since a liquidation was made, in part or in full.
#[event]
pub struct PayoutMade {
    pub market_seq: u64,
    pub account_seq: u64,
    pub position_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// Paid now, 1e-6 USDC.
    pub amount: u64,
    /// Insurance's loan to the pool, where it lent something.
    pub from_insurance: Option<InsuranceUse>,
    /// Still owed to this position, 1e-6 USDC.
    pub payout_owed: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
    pub market_after: MarketAfter,
}
