//! Sides and directions.

use super::ints::{neg_i128, MathResult};
use crate::state::Side;

/// Direction of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeSide {
    /// Takes the price plus the spread.
    Buy,
    /// Takes the price minus the spread.
    Sell,
}

/// `σ·a`: `a` for a long, `−a` for a short.
pub fn signed(side: Side, a: i128) -> MathResult<i128> {
    match side {
        Side::Long => Ok(a),
        Side::Short => neg_i128(a),
    }
}

/// The direction that opens or increases a side.
pub fn opening_trade(side: Side) -> TradeSide {
    match side {
        Side::Long => TradeSide::Buy,
        Side::Short => TradeSide::Sell,
    }
}

/// The direction that reduces a side.
pub fn closing_trade(side: Side) -> TradeSide {
    match side {
        Side::Long => TradeSide::Sell,
        Side::Short => TradeSide::Buy,
    }
}
