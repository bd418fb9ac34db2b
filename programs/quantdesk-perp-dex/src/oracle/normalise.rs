//! Published prices in the exchange's scale of 1e-8 USD.

use super::price_update::PriceUpdate;
use crate::constants::PRICE_EXPONENT;
use crate::errors::PerpError;
use crate::math::ints::{div_ceil_u128, div_floor_u128, mul_u128, sub_u64, MathResult};
use crate::state::OraclePrice;

/// Smallest accepted exponent.
const EXPONENT_MIN: i32 = -18;
/// Largest accepted exponent.
const EXPONENT_MAX: i32 = 0;

/// An update's prices in 1e-8 USD: price and average rounded down, confidence up.
///
/// # Errors
/// `OracleExponent`; `OraclePriceOutOfRange` where price or average is not positive, before or after, or anything exceeds u64.
pub fn normalise(update: &PriceUpdate) -> MathResult<OraclePrice> {
    if !(EXPONENT_MIN..=EXPONENT_MAX).contains(&update.exponent) {
        return Err(PerpError::OracleExponent);
    }
    let price = scale(positive(update.price)?, update.exponent, false)?;
    let ema = scale(positive(update.ema_price)?, update.exponent, false)?;
    let conf = scale(update.conf, update.exponent, true)?;
    if price == 0 || ema == 0 {
        return Err(PerpError::OraclePriceOutOfRange);
    }
    Ok(OraclePrice {
        publish_time: update.publish_time,
        prev_publish_time: update.prev_publish_time,
        price,
        conf,
        ema,
        posted_slot: update.posted_slot,
    })
}

fn positive(mantissa: i64) -> MathResult<u64> {
    u64::try_from(mantissa)
        .ok()
        .filter(|value| *value > 0)
        .ok_or(PerpError::OraclePriceOutOfRange)
}

/// `mantissa · 10^(exponent + 8)`.
fn scale(mantissa: u64, exponent: i32, up: bool) -> MathResult<u64> {
    let shift = exponent.saturating_sub(PRICE_EXPONENT);
    let factor = 10u128
        .checked_pow(shift.unsigned_abs())
        .ok_or(PerpError::MathOverflow)?;
    let wide = u128::from(mantissa);
    let scaled = match (shift >= 0, up) {
        (true, _) => mul_u128(wide, factor)?,
        (false, true) => div_ceil_u128(wide, factor)?,
        (false, false) => div_floor_u128(wide, factor)?,
    };
    u64::try_from(scaled).map_err(|_| PerpError::OraclePriceOutOfRange)
}

/// `|price − ema|`, 1e-8 USD.
pub fn distance(price: &OraclePrice) -> MathResult<u64> {
    sub_u64(price.price.max(price.ema), price.price.min(price.ema))
}
