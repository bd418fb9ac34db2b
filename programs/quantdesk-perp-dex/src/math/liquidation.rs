//! How much of a liquidatable position a liquidation takes.

use super::equity::{equity_q_capped, Indexes};
use super::ints::{
    add_i128, div_ceil_i128, div_ceil_u128, mul_i128, mul_u128, product, sub_i128, sub_u64,
    to_i128, to_u64, MathResult,
};
use crate::constants::{BPS, VALUE_PER_QUOTE};
use crate::errors::PerpError;
use crate::state::{MarketConfig, PositionState};

/// Slack for the roundings of a partial liquidation: 5 quote units, 1e-26 USD.
const ROUNDING_SLACK: i128 = 500_000_000_000_000_000_000;
/// 1e-16 USD times bps times bps (1e-8), in 1e-26 USD.
const EQUITY_PER_TARGET: i128 = 100;
/// 1e-16 USD times bps (1e-4), in 1e-26 USD.
const EQUITY_PER_BPS_VALUE: i128 = 1_000_000;

/// Size to liquidate: what restores `liquidation_target_bps` of the maintenance margin, at least `min_liquidation_bps` of the
/// position; all of it where the rest would be below the minimum notional.
pub fn liquidation_amount(
    position: &PositionState,
    indexes: Indexes,
    price: u64,
    config: &MarketConfig,
) -> MathResult<u64> {
    let smallest = div_ceil_u128(
        product(position.size, u64::from(config.min_liquidation_bps)),
        u128::from(BPS),
    )?
    .max(1);
    if smallest >= u128::from(position.size) {
        return Ok(position.size);
    }
    let target = mul_i128(
        mul_i128(
            i128::from(config.maintenance_margin_bps),
            i128::from(config.liquidation_target_bps),
        )?,
        EQUITY_PER_TARGET,
    )?;
    let required = mul_i128(to_i128(product(position.size, price))?, target)?;
    let missing = add_i128(
        sub_i128(required, equity_q_capped(position, indexes, price)?)?,
        ROUNDING_SLACK,
    )?;
    let fee = mul_i128(i128::from(config.liquidation_fee_bps), EQUITY_PER_BPS_VALUE)?;
    let restored = mul_i128(i128::from(price), sub_i128(target, fee)?)?;
    let wanted = div_ceil_i128(missing, restored)?.max(to_i128(smallest)?);
    if wanted >= i128::from(position.size) {
        return Ok(position.size);
    }
    let part = to_u64(wanted)?;
    let rest = sub_u64(position.size, part)?;
    let min_notional = mul_u128(u128::from(config.min_position_notional), VALUE_PER_QUOTE)?;
    if product(rest, price) < min_notional {
        return Ok(position.size);
    }
    Ok(part)
}

/// Refuses a healthy or flat position.
///
/// # Errors
/// `PositionFlat`, `NotLiquidatable`.
pub fn check_liquidatable(
    position: &PositionState,
    equity: i128,
    maintenance: i128,
) -> MathResult<()> {
    if position.size == 0 {
        return Err(PerpError::PositionFlat);
    }
    if equity >= maintenance {
        return Err(PerpError::NotLiquidatable);
    }
    Ok(())
}
