//! Which prices a market accepts.

use super::normalise::{distance, normalise};
use super::price_update::{decode, Verification};
use crate::constants::{BPS, FUTURE_SECONDS_MAX};
use crate::errors::PerpError;
use crate::math::ints::{product, sub_i64, MathResult};
use crate::state::{Market, OracleConfig, OraclePrice};
use anchor_lang::prelude::*;

/// Reads the market's price account, decides, stores the accepted price in the market and gives it back.
///
/// An older update than the last accepted is refused; an equal `publish_time` uses the stored price, whatever the account says
/// now: one price per market and second.
///
/// # Errors
/// In this order: `OracleWrongAccount`, `OracleMalformed`, `OracleWrongFeed`, `OracleUnverified`, `OracleExponent`,
/// `OraclePriceOutOfRange`, `OracleOutOfOrder`, `OracleStale`, `OracleFuture`, `OracleUncertain`.
pub fn accept_price(market: &mut Market, account: &AccountInfo, now: i64) -> Result<OraclePrice> {
    let config = &market.oracle;
    let is_the_markets =
        *account.key == config.price_account && *account.owner == config.receiver_program;
    require!(is_the_markets, PerpError::OracleWrongAccount);
    let data = account.try_borrow_data()?;
    let accepted = accept(&data, config, &market.price, now)?;
    market.price = accepted;
    Ok(accepted)
}

/// The decision on a price account's data; `last` is the last accepted price (`publish_time` 0 before the first).
pub fn accept(
    data: &[u8],
    config: &OracleConfig,
    last: &OraclePrice,
    now: i64,
) -> MathResult<OraclePrice> {
    let update = decode(data)?;
    if update.feed_id != config.feed_id {
        return Err(PerpError::OracleWrongFeed);
    }
    let verified = match update.verification {
        Verification::Full => true,
        Verification::Partial(signatures) => signatures >= config.min_signatures,
    };
    if !verified {
        return Err(PerpError::OracleUnverified);
    }
    let offered = normalise(&update)?;
    if offered.publish_time < last.publish_time {
        return Err(PerpError::OracleOutOfOrder);
    }
    let same_second = last.price > 0 && offered.publish_time == last.publish_time;
    let accepted = if same_second { *last } else { offered };
    check_fresh(&accepted, config, now)?;
    Ok(accepted)
}

fn check_fresh(price: &OraclePrice, config: &OracleConfig, now: i64) -> MathResult<()> {
    if sub_i64(now, price.publish_time)? > i64::from(config.max_staleness_seconds) {
        return Err(PerpError::OracleStale);
    }
    if sub_i64(price.publish_time, now)? > FUTURE_SECONDS_MAX {
        return Err(PerpError::OracleFuture);
    }
    if product(price.conf, BPS) > product(price.price, u64::from(config.max_confidence_bps)) {
        return Err(PerpError::OracleUncertain);
    }
    Ok(())
}

/// Refuses a price too far from its moving average: what adds risk waits until they meet.
///
/// # Errors
/// `OracleDivergent`.
pub fn check_near_ema(price: &OraclePrice, config: &OracleConfig) -> MathResult<()> {
    let limit = product(price.ema, u64::from(config.max_ema_divergence_bps));
    if product(distance(price)?, BPS) > limit {
        return Err(PerpError::OracleDivergent);
    }
    Ok(())
}
