//! Fill price and worst price.

use super::ints::{add_u128, add_u64, div_ceil_u128, mul_u128, product, to_u64, MathResult};
use super::side::TradeSide;
use crate::constants::{BPS, VALUE_PER_QUOTE};
use crate::errors::PerpError;

/// `ceil(conf · k_bps / 1e4)`: distance of a fill from the oracle price, 1e-8 USD.
pub fn spread(conf: u64, k_bps: u32) -> MathResult<u64> {
    to_u64(div_ceil_u128(
        product(conf, u64::from(k_bps)),
        u128::from(BPS),
    )?)
}

/// Buys fill at `price + spread`, sells at `price − spread`.
///
/// # Errors
/// `InvalidFillPrice` where a sale would fill at or below zero.
pub fn fill_price(side: TradeSide, price: u64, conf: u64, k_bps: u32) -> MathResult<u64> {
    let distance = spread(conf, k_bps)?;
    match side {
        TradeSide::Buy => add_u64(price, distance),
        TradeSide::Sell => price
            .checked_sub(distance)
            .filter(|fill| *fill > 0)
            .ok_or(PerpError::InvalidFillPrice),
    }
}

/// Whether the fill, with the impact charge (1e-6 USDC), is worse than the trader accepts.
///
/// # Errors
/// `SlippageExceeded`.
pub fn check_worst_price(
    side: TradeSide,
    size: u64,
    fill_price: u64,
    impact: u64,
    worst_price: u64,
) -> MathResult<()> {
    let traded = product(size, fill_price);
    let charge = mul_u128(u128::from(impact), VALUE_PER_QUOTE)?;
    let worst = product(size, worst_price);
    let accepted = match side {
        TradeSide::Buy => add_u128(traded, charge)? <= worst,
        TradeSide::Sell => traded >= add_u128(worst, charge)?,
    };
    if accepted {
        Ok(())
    } else {
        Err(PerpError::SlippageExceeded)
    }
}
