//! Equity, the liquidation test and initial margin, exact in 1e-26 USD.

use super::fee::bps_of_notional;
use super::ints::{
    add_i128, add_u64, div_ceil_i128, div_ceil_u128, div_floor_i128, mul_i128, mul_u128, neg_i128,
    product, sub_i128, to_i128, to_i64, to_u64, MathResult,
};
use super::pnl::{capped_value, position_value, unrealized_pnl};
use super::side::signed;
use crate::constants::{EQUITY_PER_QUOTE, EQUITY_PER_VALUE};
use crate::state::{PositionState, Side};

/// `size · price` (1e-16) times bps (1e-4) is 1e-20 USD: what lifts it to 1e-26.
const EQUITY_PER_BPS_VALUE: i128 = 1_000_000;

/// `size · price` (1e-16 USD) over hundredths of leverage, in 1e-6 USDC.
const HUNDREDTHS_VALUE_PER_QUOTE: u128 = 100_000_000;

/// Cumulative funding and borrow of a market, 1e-18 USD per base unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indexes {
    /// `F`.
    pub funding: i128,
    /// `B`.
    pub borrow: i128,
}

/// `σ·(s·F − s·F0)`: funding owed, 1e-26 USD; negative where the position receives.
pub fn funding_owed(position: &PositionState, funding_index: i128) -> MathResult<i128> {
    let now = mul_i128(i128::from(position.size), funding_index)?;
    signed(position.side, sub_i128(now, position.funding_sum)?)
}

/// `s·B − s·B0`: borrow owed, 1e-26 USD.
pub fn borrow_owed(position: &PositionState, borrow_index: i128) -> MathResult<i128> {
    sub_i128(
        mul_i128(i128::from(position.size), borrow_index)?,
        position.borrow_sum,
    )
}

/// `Q`: margin plus value minus funding and borrow, 1e-26 USD.
pub fn equity_q(position: &PositionState, indexes: Indexes, price: u64) -> MathResult<i128> {
    let value = position_value(position.side, position.size, position.entry_value, price)?;
    equity_of(position, indexes, value)
}

/// `Q` with the value capped by the reserve: what the position is worth to its owner, 1e-26 USD.
pub fn equity_q_capped(position: &PositionState, indexes: Indexes, price: u64) -> MathResult<i128> {
    let value = position_value(position.side, position.size, position.entry_value, price)?;
    equity_of(position, indexes, capped_value(value, position.reserve)?)
}

fn equity_of(position: &PositionState, indexes: Indexes, value: i128) -> MathResult<i128> {
    let owed = add_i128(
        funding_owed(position, indexes.funding)?,
        borrow_owed(position, indexes.borrow)?,
    )?;
    let margin = mul_i128(i128::from(position.margin), EQUITY_PER_QUOTE)?;
    sub_i128(add_i128(margin, mul_i128(value, EQUITY_PER_VALUE)?)?, owed)
}

/// `floor(Q_capped)`, 1e-6 USDC.
pub fn equity(position: &PositionState, indexes: Indexes, price: u64) -> MathResult<i64> {
    to_i64(div_floor_i128(
        equity_q_capped(position, indexes, price)?,
        EQUITY_PER_QUOTE,
    )?)
}

/// `size · price · maintenance_margin_bps`, exact, 1e-26 USD.
pub fn maintenance_margin(size: u64, price: u64, maintenance_margin_bps: u16) -> MathResult<i128> {
    let scale = mul_i128(i128::from(maintenance_margin_bps), EQUITY_PER_BPS_VALUE)?;
    mul_i128(to_i128(product(size, price))?, scale)
}

/// `Q` below the maintenance margin; equality is safe, and a flat position is never liquidatable.
pub fn is_liquidatable(
    position: &PositionState,
    indexes: Indexes,
    price: u64,
    maintenance_margin_bps: u16,
) -> MathResult<bool> {
    let required = maintenance_margin(position.size, price, maintenance_margin_bps)?;
    Ok(equity_q(position, indexes, price)? < required)
}

/// `ceil(size · price / max_leverage)`, 1e-26 USD: what `Q_capped` must be after taking risk.
pub fn initial_margin(size: u64, price: u64, max_leverage: u16) -> MathResult<i128> {
    let exact = mul_i128(to_i128(product(size, price))?, EQUITY_PER_VALUE)?;
    div_ceil_i128(exact, i128::from(max_leverage))
}

/// `ceil(size · max(fill, price) / leverage)` plus the loss at the oracle price that the spread causes at once, 1e-6 USDC:
/// with it the initial-margin test holds by construction. `leverage_e2` in hundredths.
pub fn opening_margin(
    side: Side,
    size: u64,
    price: u64,
    fill_price: u64,
    reserve: u64,
    leverage_e2: u32,
) -> MathResult<u64> {
    let divisor = mul_u128(u128::from(leverage_e2), HUNDREDTHS_VALUE_PER_QUOTE)?;
    let base = to_u64(div_ceil_u128(
        product(size, fill_price.max(price)),
        divisor,
    )?)?;
    let pnl = unrealized_pnl(side, size, product(size, fill_price), reserve, price)?;
    add_u64(base, to_u64(neg_i128(i128::from(pnl.min(0)))?)?)
}

/// `min(ceil(size · price · liquidation_fee_bps / 1e14), available)`, 1e-6 USDC.
pub fn liquidation_fee(
    size: u64,
    price: u64,
    liquidation_fee_bps: u16,
    available: u64,
) -> MathResult<u64> {
    Ok(bps_of_notional(size, price, liquidation_fee_bps)?.min(available))
}
