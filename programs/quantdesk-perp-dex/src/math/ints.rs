//! Checked integers: every operation that can leave its range says so with `MathOverflow`.

use crate::errors::PerpError;

/// Result of the mathematics.
pub type MathResult<T> = core::result::Result<T, PerpError>;

/// `a + b`.
pub fn add_u64(a: u64, b: u64) -> MathResult<u64> {
    a.checked_add(b).ok_or(PerpError::MathOverflow)
}

/// `a + b`.
pub fn add_u128(a: u128, b: u128) -> MathResult<u128> {
    a.checked_add(b).ok_or(PerpError::MathOverflow)
}
