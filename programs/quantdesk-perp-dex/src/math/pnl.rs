//! Profit and loss of a position at a price.

use super::ints::{div_floor_i128, mul_i128, product, sub_i128, to_i128, to_i64, MathResult};
use super::side::signed;
use crate::constants::VALUE_PER_QUOTE;
use crate::state::Side;

/// `σ·(size · price − entry_value)`, exact, 1e-16 USD.
pub fn position_value(side: Side, size: u64, entry_value: u128, price: u64) -> MathResult<i128> {
    signed(
        side,
        sub_i128(to_i128(product(size, price))?, to_i128(entry_value)?)?,
    )
}

/// The value, at most the reserve (1e-6 USDC), 1e-16 USD.
pub fn capped_value(value: i128, reserve: u64) -> MathResult<i128> {
    Ok(value.min(reserve_value(reserve)?))
}

/// `floor(min(value, reserve) / 1e10)`, 1e-6 USDC; negative for a loss.
pub fn unrealized_pnl(
    side: Side,
    size: u64,
    entry_value: u128,
    reserve: u64,
    price: u64,
) -> MathResult<i64> {
    let value = capped_value(position_value(side, size, entry_value, price)?, reserve)?;
    to_i64(div_floor_i128(value, to_i128(VALUE_PER_QUOTE)?)?)
}

/// Whether the value exceeds the reserve: the position can win nothing more.
pub fn is_capped(
    side: Side,
    size: u64,
    entry_value: u128,
    reserve: u64,
    price: u64,
) -> MathResult<bool> {
    Ok(position_value(side, size, entry_value, price)? > reserve_value(reserve)?)
}

/// A reserve (1e-6 USDC) in 1e-16 USD.
fn reserve_value(reserve: u64) -> MathResult<i128> {
    mul_i128(i128::from(reserve), to_i128(VALUE_PER_QUOTE)?)
}
