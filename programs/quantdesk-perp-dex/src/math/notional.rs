//! Notional of a size at a price.

use super::ints::{div_floor_u128, product, MathResult};
use crate::constants::VALUE_PER_QUOTE;

/// `size · price`, exact, 1e-16 USD: what formulas use.
pub fn exact_notional(size: u64, price: u64) -> u128 {
    product(size, price)
}

/// `floor(size · price / 1e10)`, 1e-6 USDC. For display only: formulas never round it first.
pub fn notional(size: u64, price: u64) -> MathResult<u128> {
    div_floor_u128(exact_notional(size, price), VALUE_PER_QUOTE)
}
