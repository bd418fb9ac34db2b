//! Impact charge and skew limit: paid to the pool by who widens the skew, never paid to anyone.

use super::ints::{add_i128, div_ceil_u128, mul_u128, sub_u128, to_u128, to_u64, MathResult};
use crate::constants::BPS;
use crate::errors::PerpError;

/// Price (1e-8) times size (1e-8) times rate (1e-9) in quote (1e-6).
const IMPACT_DIVISOR: u128 = 10_000_000_000_000_000_000;
/// 1e-9 in one.
const RATE_SCALE: u128 = 1_000_000_000;
/// 1e-9 in one basis point.
const RATE_PER_BPS: u128 = 100_000;

/// A trade as the impact charge sees it.
#[derive(Clone, Copy, Debug)]
pub struct ImpactInput {
    /// Oracle price, 1e-8 USD.
    pub price: u64,
    /// Long minus short open interest before the trade, 1e-8 base units.
    pub skew: i128,
    /// Signed size of the trade, 1e-8 base units; positive buys.
    pub delta: i128,
    /// `K`, 1e-8 base units; 0 switches the charge off.
    pub skew_scale: u64,
    /// Widest skew, bps of `K`.
    pub max_skew_bps: u16,
    /// A reduction pays at most the rate at the skew limit.
    pub reducing: bool,
}

/// The charge, rounded up, 1e-6 USDC; 0 where the trade does not widen the skew of its own side.
pub fn impact(input: &ImpactInput) -> MathResult<u64> {
    if input.skew_scale == 0 {
        return Ok(0);
    }
    let (before, after) = charged_stretch(input.skew, input.delta)?;
    if after == 0 {
        return Ok(0);
    }
    let both = before.checked_add(after).ok_or(PerpError::MathOverflow)?;
    let twice = mul_u128(u128::from(input.skew_scale), 2)?;
    let marginal = div_ceil_u128(mul_u128(both, RATE_SCALE)?, twice)?;
    let limit = mul_u128(u128::from(input.max_skew_bps), RATE_PER_BPS)?;
    let rate = if input.reducing {
        marginal.min(limit)
    } else {
        marginal
    };
    let stretch = mul_u128(u128::from(input.price), sub_u128(after, before)?)?;
    to_u64(div_ceil_u128(mul_u128(stretch, rate)?, IMPACT_DIVISOR)?)
}

/// The skew on the trade's own side before and after: only the stretch between them is charged.
fn charged_stretch(skew: i128, delta: i128) -> MathResult<(u128, u128)> {
    let result = add_i128(skew, delta)?;
    if result.signum() != delta.signum() {
        return Ok((0, 0));
    }
    let before = if skew.signum() == delta.signum() {
        skew.unsigned_abs()
    } else {
        0
    };
    Ok((before, result.unsigned_abs()))
}

/// Whether a trade that opens or increases widens |skew| beyond `max_skew_bps` of `skew_scale`.
///
/// # Errors
/// `SkewTooWide`.
pub fn check_skew(skew: i128, delta: i128, skew_scale: u64, max_skew_bps: u16) -> MathResult<()> {
    let result = add_i128(skew, delta)?.unsigned_abs();
    let limit = mul_u128(to_u128(max_skew_bps)?, u128::from(skew_scale))?;
    let beyond = mul_u128(result, u128::from(BPS))? > limit;
    if skew_scale > 0 && result > skew.unsigned_abs() && beyond {
        return Err(PerpError::SkewTooWide);
    }
    Ok(())
}
