//! Bringing a market's indexes up to the present: the first thing every instruction does with a market at a price.

use super::borrow::{borrow_index_delta, borrow_rate};
use super::equity::Indexes;
use super::funding::{funding_index_delta, funding_rate};
use super::ints::{add_i128, MathResult};
use super::reserve::reserved;
use crate::errors::PerpError;
use crate::state::Market;

/// Long minus short open interest, 1e-8 base units: positive where longs prevail.
pub fn skew(market: &Market) -> i128 {
    // Two u64 in i128: the difference always fits.
    i128::from(market.long.size).saturating_sub(i128::from(market.short.size))
}

/// The market's indexes now.
pub fn indexes(market: &Market) -> Indexes {
    Indexes {
        funding: market.funding_index,
        borrow: market.borrow_index,
    }
}

/// Accrues funding and borrow since the last accrual, with the market's state before it and the accepted price. Time that went
/// backwards counts 0, at most `max_accrual_seconds` count, and the clock moves to `now` (unix seconds) all the same.
pub fn accrue(market: &mut Market, price: u64, now: i64) -> MathResult<()> {
    let config = &market.config;
    let elapsed = now
        .saturating_sub(market.accrued_at)
        .clamp(0, i64::from(config.max_accrual_seconds));
    let dt = u32::try_from(elapsed).map_err(|_| PerpError::MathOverflow)?;
    let funding = funding_rate(
        skew(market),
        config.funding_skew_scale,
        config.max_funding_rate,
    )?;
    let borrow = borrow_rate(
        config.borrow_base,
        config.borrow_slope,
        reserved(market)?,
        market.backing,
    )?;
    market.funding_index = add_i128(
        market.funding_index,
        funding_index_delta(funding, price, dt)?,
    )?;
    market.borrow_index = add_i128(market.borrow_index, borrow_index_delta(borrow, price, dt)?)?;
    market.accrued_at = now;
    Ok(())
}
