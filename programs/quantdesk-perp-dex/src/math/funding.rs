//! Funding between longs and shorts.

use super::ints::{div_floor_i128, mul_i128, to_i64, MathResult};
use crate::errors::PerpError;

/// Rate (1e-9 per hour) times price (1e-8) times seconds, in index units (1e-18): 3,600 seconds over one decimal.
pub const INDEX_DIVISOR: i128 = 360;

/// `clamp(skew / funding_skew_scale, −1, 1) · max_funding_rate`, towards 0, 1e-9 per hour. Positive: longs pay.
pub fn funding_rate(skew: i128, funding_skew_scale: u64, max_funding_rate: i64) -> MathResult<i64> {
    if funding_skew_scale == 0 {
        return Ok(0);
    }
    let scale = i128::from(funding_skew_scale);
    let clamped = skew.clamp(scale.checked_neg().ok_or(PerpError::MathOverflow)?, scale);
    let rate = mul_i128(clamped, i128::from(max_funding_rate))?;
    to_i64(rate.checked_div(scale).ok_or(PerpError::MathOverflow)?)
}

/// `floor(rate · price · dt / 360)`, 1e-18 USD per base unit.
pub fn funding_index_delta(rate: i64, price: u64, dt: u32) -> MathResult<i128> {
    let priced = mul_i128(i128::from(rate), i128::from(price))?;
    div_floor_i128(mul_i128(priced, i128::from(dt))?, INDEX_DIVISOR)
}
