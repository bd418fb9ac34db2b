//! Trading fee and its split.

use super::ints::{
    add_u64, div_ceil_u128, div_floor_u128, mul_u128, product, sub_u64, to_u64, MathResult,
};
use crate::constants::{BPS, BPS_VALUE_PER_QUOTE};
use crate::events::FeeSplit;

/// `ceil(size · price · bps / 1e14)`, 1e-6 USDC: a fee on a notional.
pub fn bps_of_notional(size: u64, price: u64, bps: u16) -> MathResult<u64> {
    to_u64(div_ceil_u128(
        mul_u128(product(size, price), u128::from(bps))?,
        BPS_VALUE_PER_QUOTE,
    )?)
}

/// `ceil(size · fill · fee_bps / 1e14)`, 1e-6 USDC.
pub fn trading_fee(size: u64, fill_price: u64, fee_bps: u16) -> MathResult<u64> {
    bps_of_notional(size, fill_price, fee_bps)
}

/// `floor(amount · bps / 1e4)`.
pub fn share_of(amount: u64, bps: u16) -> MathResult<u64> {
    to_u64(div_floor_u128(
        product(amount, u64::from(bps)),
        u128::from(BPS),
    )?)
}

/// Pool's and insurance's shares rounded down, the treasury the rest: nothing is lost.
pub fn split_fee(
    fee: u64,
    pool_fee_share_bps: u16,
    insurance_fee_share_bps: u16,
) -> MathResult<FeeSplit> {
    let pool = share_of(fee, pool_fee_share_bps)?;
    let insurance = share_of(fee, insurance_fee_share_bps)?;
    let treasury = sub_u64(fee, add_u64(pool, insurance)?)?;
    Ok(FeeSplit {
        pool,
        insurance,
        treasury,
    })
}
