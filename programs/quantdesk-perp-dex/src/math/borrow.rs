//! Borrow paid by both sides to the pool.

use super::funding::INDEX_DIVISOR;
use super::ints::{add_i128, div_ceil_i128, mul_i128, to_i64, MathResult};

/// `borrow_base + ceil(borrow_slope · min(reserved, backing) / backing)`, 1e-9 per hour; full slope where nothing backs the
/// market.
pub fn borrow_rate(
    borrow_base: i64,
    borrow_slope: i64,
    reserved: u64,
    backing: i64,
) -> MathResult<i64> {
    let slope = if backing <= 0 {
        i128::from(borrow_slope)
    } else {
        let used = i128::from(reserved).min(i128::from(backing));
        div_ceil_i128(
            mul_i128(i128::from(borrow_slope), used)?,
            i128::from(backing),
        )?
    };
    to_i64(add_i128(i128::from(borrow_base), slope)?)
}

/// `ceil(rate · price · dt / 360)`, 1e-18 USD per base unit.
pub fn borrow_index_delta(rate: i64, price: u64, dt: u32) -> MathResult<i128> {
    let priced = mul_i128(i128::from(rate), i128::from(price))?;
    div_ceil_i128(mul_i128(priced, i128::from(dt))?, INDEX_DIVISOR)
}
