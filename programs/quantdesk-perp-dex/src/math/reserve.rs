//! What a market keeps back to pay its winners in full.

use super::ints::{
    add_u64, div_ceil_u128, mul_i128, mul_u128, product, to_i128, to_u64, MathResult,
};
use crate::constants::{BPS, BPS_VALUE_PER_QUOTE};
use crate::errors::PerpError;
use crate::state::Market;

/// `ceil(entry_value · payoff_cap_bps / 1e14)`, 1e-6 USDC.
pub fn position_reserve(entry_value: u128, payoff_cap_bps: u16) -> MathResult<u64> {
    to_u64(div_ceil_u128(
        mul_u128(entry_value, u128::from(payoff_cap_bps))?,
        BPS_VALUE_PER_QUOTE,
    )?)
}

/// Σ reserve of both sides, 1e-6 USDC.
pub fn reserved(market: &Market) -> MathResult<u64> {
    add_u64(market.long.reserve, market.short.reserve)
}

/// Smallest backing that keeps `reserved` within the utilisation, 1e-6 USDC, rounded up.
pub fn required_backing(reserved: u64, max_utilisation_bps: u16) -> MathResult<u64> {
    to_u64(div_ceil_u128(
        product(reserved, BPS),
        u128::from(max_utilisation_bps),
    )?)
}

/// Whether the reserves after an opening stay within the utilisation of the backing.
///
/// # Errors
/// `UtilisationExceeded`.
pub fn check_reserve(
    reserved_after: u64,
    backing: i64,
    max_utilisation_bps: u16,
) -> MathResult<()> {
    let needed = to_i128(product(reserved_after, BPS))?;
    let usable = mul_i128(i128::from(backing), i128::from(max_utilisation_bps))?;
    if needed <= usable {
        Ok(())
    } else {
        Err(PerpError::UtilisationExceeded)
    }
}
