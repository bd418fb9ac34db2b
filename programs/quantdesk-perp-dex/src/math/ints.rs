//! Checked integers and divisions with a stated rounding. Whatever leaves its range is `MathOverflow`.

use crate::errors::PerpError;

/// Result of the mathematics.
pub type MathResult<T> = core::result::Result<T, PerpError>;

macro_rules! checked {
    ($($name:ident, $method:ident, $int:ty, $what:literal;)*) => {
        $(
            #[doc = $what]
            pub fn $name(a: $int, b: $int) -> MathResult<$int> {
                a.$method(b).ok_or(PerpError::MathOverflow)
            }
        )*
    };
}

checked! {
    add_u64, checked_add, u64, "`a + b`.";
    sub_u64, checked_sub, u64, "`a − b`.";
    mul_u64, checked_mul, u64, "`a · b`.";
    add_i64, checked_add, i64, "`a + b`.";
    sub_i64, checked_sub, i64, "`a − b`.";
    add_u128, checked_add, u128, "`a + b`.";
    sub_u128, checked_sub, u128, "`a − b`.";
    mul_u128, checked_mul, u128, "`a · b`.";
    add_i128, checked_add, i128, "`a + b`.";
    sub_i128, checked_sub, i128, "`a − b`.";
    mul_i128, checked_mul, i128, "`a · b`.";
    div_floor_u128, checked_div, u128, "`floor(a / b)`.";
}

/// `ceil(a / b)`.
pub fn div_ceil_u128(a: u128, b: u128) -> MathResult<u128> {
    let quotient = a.checked_div(b).ok_or(PerpError::MathOverflow)?;
    let exact = quotient.checked_mul(b) == Some(a);
    if exact {
        Ok(quotient)
    } else {
        add_u128(quotient, 1)
    }
}

/// `floor(a / b)`, towards −∞; `b > 0`.
pub fn div_floor_i128(a: i128, b: i128) -> MathResult<i128> {
    if b <= 0 {
        return Err(PerpError::MathOverflow);
    }
    a.checked_div_euclid(b).ok_or(PerpError::MathOverflow)
}

/// `ceil(a / b)`, towards +∞; `b > 0`.
pub fn div_ceil_i128(a: i128, b: i128) -> MathResult<i128> {
    let floor = div_floor_i128(a, b)?;
    let exact = floor.checked_mul(b) == Some(a);
    if exact {
        Ok(floor)
    } else {
        add_i128(floor, 1)
    }
}

/// `−a`.
pub fn neg_i128(a: i128) -> MathResult<i128> {
    a.checked_neg().ok_or(PerpError::MathOverflow)
}

/// `a · b`, which always fits.
pub fn product(a: u64, b: u64) -> u128 {
    // (2^64 − 1)² < 2^128: saturation never happens, it only spares a branch that could not be reached.
    u128::from(a).saturating_mul(u128::from(b))
}

/// Narrows to u64.
pub fn to_u64<T: TryInto<u64>>(a: T) -> MathResult<u64> {
    a.try_into().map_err(|_| PerpError::MathOverflow)
}

/// Narrows to i64.
pub fn to_i64<T: TryInto<i64>>(a: T) -> MathResult<i64> {
    a.try_into().map_err(|_| PerpError::MathOverflow)
}

/// Changes to u128; refuses negative numbers.
pub fn to_u128<T: TryInto<u128>>(a: T) -> MathResult<u128> {
    a.try_into().map_err(|_| PerpError::MathOverflow)
}

/// Changes to i128.
pub fn to_i128<T: TryInto<i128>>(a: T) -> MathResult<i128> {
    a.try_into().map_err(|_| PerpError::MathOverflow)
}
