//! Settling funding and borrow of an open position: anyone may; equity does not change.

use super::equity::{borrow_owed, funding_owed};
use super::ints::{
    add_i128, add_u64, div_floor_i128, mul_i128, neg_i128, sub_i128, sub_i64, sub_u64, to_i64,
    to_u64, MathResult,
};
use super::ledger::{credit_pool, replace_in_totals};
use super::position_open::require;
use super::reserve::reserved;
use super::side::signed;
use crate::constants::EQUITY_PER_QUOTE;
use crate::errors::PerpError;
use crate::state::{Market, PositionState};

/// What a settlement moved, 1e-6 USDC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Paid by the position; negative was received.
    pub funding: i64,
    /// Paid by the position.
    pub borrow: u64,
}

/// Whole quote units of an exact amount (1e-26 USD); what is below one stays in the stored sums.
fn whole_quote(exact: i128) -> MathResult<u64> {
    to_u64(div_floor_i128(exact.max(0), EQUITY_PER_QUOTE)?)
}

/// Realises a receipt of funding, then borrow, then funding owed, in whole quote units and at most the margin; a receipt at
/// most what the backing has above the reserves.
///
/// # Errors
/// `PositionFlat`; `NothingToSettle` below `min_settle_quote`, unless a margin was emptied.
pub fn settle(market: &mut Market, position: &mut PositionState) -> MathResult<Settled> {
    require(position.size > 0, PerpError::PositionFlat)?;
    let before = *position;
    let owed = funding_owed(position, market.funding_index)?;
    let spare = sub_i128(i128::from(market.backing), i128::from(reserved(market)?))?.max(0);
    let receipt = to_u64(i128::from(whole_quote(neg_i128(owed)?)?).min(spare))?;
    let with_receipt = add_u64(position.margin, receipt)?;
    let borrow = whole_quote(borrow_owed(position, market.borrow_index)?)?.min(with_receipt);
    let paid = whole_quote(owed)?.min(sub_u64(with_receipt, borrow)?);
    position.margin = sub_u64(sub_u64(with_receipt, borrow)?, paid)?;
    let emptied = before.margin > 0 && position.margin == 0;
    let moved = add_u64(add_u64(receipt, borrow)?, paid)?;
    require(
        emptied || moved >= market.config.min_settle_quote,
        PerpError::NothingToSettle,
    )?;
    let funding = sub_i64(to_i64(paid)?, to_i64(receipt)?)?;
    let funding_settled = signed(
        position.side,
        mul_i128(i128::from(funding), EQUITY_PER_QUOTE)?,
    )?;
    position.funding_sum = add_i128(position.funding_sum, funding_settled)?;
    position.borrow_sum = add_i128(
        position.borrow_sum,
        mul_i128(i128::from(borrow), EQUITY_PER_QUOTE)?,
    )?;
    market.backing = sub_i64(market.backing, to_i64(receipt)?)?;
    credit_pool(market, add_u64(borrow, paid)?)?;
    replace_in_totals(market, before.side, &before, position)?;
    Ok(Settled { funding, borrow })
}
