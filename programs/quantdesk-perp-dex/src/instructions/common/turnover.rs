//! What keepers may open under a delegation: in any 24 hours at most the cap.
//!
//! Openings are counted in buckets of six hours that start at multiples of six hours. Any 24 hours touch at most five of them, so
//! the current one and the four before it together bound every 24 hours; an opening counts for at most 30 hours.

use crate::constants::{TURNOVER_BUCKETS, TURNOVER_BUCKET_SECONDS, VALUE_PER_QUOTE};
use crate::errors::PerpError;
use crate::math::ints::{add_u128, add_u64, div_ceil_u128, product, to_i64, to_u64, MathResult};
use crate::state::UserAccount;

/// The number of the bucket that holds a clock (unix seconds).
fn bucket_of(at: i64) -> u64 {
    // Unsigned, because sBPF has no signed division; no clock is before 1970.
    u64::try_from(at)
        .unwrap_or(0)
        .checked_div(TURNOVER_BUCKET_SECONDS)
        .unwrap_or(0)
}

/// Moves the buckets on to `now` (unix seconds); a clock that went back moves nothing.
fn roll(account: &mut UserAccount, now: i64) -> MathResult<()> {
    let delegate = &mut account.delegate;
    let current = bucket_of(now);
    let passed = current.saturating_sub(bucket_of(delegate.turnover_window_start));
    if passed == 0 {
        return Ok(());
    }
    for _ in 0..passed.min(TURNOVER_BUCKETS) {
        account.turnover_earlier.rotate_right(1);
        if let Some(newest) = account.turnover_earlier.first_mut() {
            *newest = core::mem::take(&mut delegate.turnover_used);
        }
    }
    delegate.turnover_window_start = to_i64(current.saturating_mul(TURNOVER_BUCKET_SECONDS))?;
    Ok(())
}

/// Counts an opened notional (`size · fill_price`, rounded up) against the delegation's turnover.
///
/// # Errors
/// `DelegateTurnoverExceeded`.
pub fn charge_turnover(
    account: &mut UserAccount,
    size: u64,
    fill_price: u64,
    now: i64,
) -> MathResult<()> {
    let notional = to_u64(div_ceil_u128(product(size, fill_price), VALUE_PER_QUOTE)?)?;
    roll(account, now)?;
    account.delegate.turnover_used = add_u64(account.delegate.turnover_used, notional)?;
    let mut used = u128::from(account.delegate.turnover_used);
    for earlier in account.turnover_earlier {
        used = add_u128(used, u128::from(earlier))?;
    }
    if used > u128::from(account.delegate.turnover_cap) {
        return Err(PerpError::DelegateTurnoverExceeded);
    }
    Ok(())
}
