//! Adding and removing margin.

use super::ints::MathResult;
use super::ledger::replace_in_totals;
use super::position_open::{meets_initial_margin, require, take};
use crate::errors::PerpError;
use crate::state::{Market, OraclePrice, PositionState};

/// Moves `amount` (1e-6 USDC) of collateral into the margin, in every market state and at any price.
///
/// # Errors
/// `PositionFlat`, `ZeroAmount`, `InsufficientCollateral`.
pub fn add_margin(
    market: &mut Market,
    position: &mut PositionState,
    collateral: &mut u64,
    amount: u64,
) -> MathResult<()> {
    require(position.size > 0, PerpError::PositionFlat)?;
    require(amount > 0, PerpError::ZeroAmount)?;
    let before = *position;
    take(
        collateral,
        &mut position.margin,
        amount,
        PerpError::InsufficientCollateral,
    )?;
    replace_in_totals(market, before.side, &before, position)
}

/// Moves margin back to collateral, as far as the initial margin stays. The market is accrued; market status and EMA distance
/// are checked by the caller.
///
/// # Errors
/// `PositionFlat`, `ZeroAmount`, `MarginTooLow`.
pub fn remove_margin(
    market: &mut Market,
    position: &mut PositionState,
    collateral: &mut u64,
    oracle: &OraclePrice,
    amount: u64,
) -> MathResult<()> {
    require(position.size > 0, PerpError::PositionFlat)?;
    require(amount > 0, PerpError::ZeroAmount)?;
    let before = *position;
    take(
        &mut position.margin,
        collateral,
        amount,
        PerpError::MarginTooLow,
    )?;
    require(
        meets_initial_margin(market, position, oracle.price)?,
        PerpError::MarginTooLow,
    )?;
    replace_in_totals(market, before.side, &before, position)
}
