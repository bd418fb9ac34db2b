//! The limit of what may leave the vault in one window, counted net of what comes in, and the queue of who waits for room.
//!
//! What leaves is counted, less what comes in, in buckets of a third of the window; the current one and the three before cover
//! any window of that length. Inside a bucket both weigh the same, so that a deposit and its withdrawal leave everything as it
//! was. When a bucket ends, what came in beyond what left makes up for earlier buckets (the oldest first) and is then
//! forgotten: a deposit is no room for a later bucket. Hence in any window, reckoned from the start of the bucket it begins in,
//! at most `cap` leaves beyond what comes in, the floors of single accounts aside.

use crate::constants::OUTFLOW_EARLIER_BUCKETS;
use crate::math::ints::{
    add_i128, add_i64, sub_i128, sub_i64, sub_u64, to_i64, to_u64, MathResult,
};
use crate::state::{Outflow, UserAccount};

/// All buckets, the current one included.
const BUCKETS: u64 = 4;

/// Length of a bucket, seconds: a third of the window, rounded up.
fn bucket_seconds(window_seconds: u32) -> u64 {
    u64::from(window_seconds.div_ceil(3)).max(1)
}

/// Moves on to the bucket of `now` (unix seconds); a clock that went back moves nothing.
fn roll(outflow: &mut Outflow, now: i64) -> MathResult<()> {
    let length = bucket_seconds(outflow.window_seconds);
    // Unsigned, because sBPF has no signed division.
    let elapsed = u64::try_from(now.saturating_sub(outflow.bucket_start)).unwrap_or(0);
    let passed = elapsed.checked_div(length).unwrap_or(0);
    for _ in 0..passed.min(BUCKETS) {
        end_bucket(outflow)?;
    }
    let moved = to_i64(passed.saturating_mul(length))?;
    outflow.bucket_start = add_i64(outflow.bucket_start, moved)?;
    Ok(())
}

fn end_bucket(outflow: &mut Outflow) -> MathResult<()> {
    let used = core::mem::take(&mut outflow.used);
    let mut surplus = to_u64(used.saturating_neg().max(0))?;
    for bucket in outflow.used_earlier.iter_mut().rev() {
        let covered = surplus.min(*bucket);
        *bucket = sub_u64(*bucket, covered)?;
        surplus = sub_u64(surplus, covered)?;
    }
    outflow.used_earlier.rotate_right(1);
    if let Some(newest) = outflow.used_earlier.first_mut() {
        *newest = to_u64(used.max(0))?;
    }
    Ok(())
}

/// What all buckets count together, 1e-6 USDC.
fn used_in_all(outflow: &Outflow) -> MathResult<i128> {
    outflow
        .used_earlier
        .iter()
        .try_fold(i128::from(outflow.used), |sum, bucket| {
            add_i128(sum, i128::from(*bucket))
        })
}

/// What may leave at `now` (unix seconds), 1e-6 USDC; what is queued has the first claim on it.
pub fn room(outflow: &mut Outflow, now: i64) -> MathResult<u64> {
    if outflow.cap == 0 {
        return Ok(u64::MAX);
    }
    roll(outflow, now)?;
    let left = sub_i128(i128::from(outflow.cap), used_in_all(outflow)?)?;
    to_u64(left.max(0))
}

/// What may leave beside the queue, 1e-6 USDC.
pub fn room_beside_queue(outflow: &mut Outflow, now: i64) -> MathResult<u64> {
    let free = room(outflow, now)?;
    Ok(if outflow.cap == 0 {
        free
    } else {
        free.saturating_sub(outflow.queued)
    })
}

/// Counts `amount` (1e-6 USDC) that came into the vault at `now` (unix seconds). Without a limit nothing is counted.
pub fn count_inflow(outflow: &mut Outflow, amount: u64, now: i64) -> MathResult<()> {
    if outflow.cap == 0 {
        return Ok(());
    }
    roll(outflow, now)?;
    outflow.used = sub_i64(outflow.used, to_i64(amount)?)?;
    Ok(())
}

/// Counts `amount` (1e-6 USDC), of which the caller knows that there is room for it. Without a limit nothing is counted.
pub fn count_outflow(outflow: &mut Outflow, amount: u64, now: i64) -> MathResult<()> {
    if outflow.cap == 0 {
        return Ok(());
    }
    roll(outflow, now)?;
    outflow.used = add_i64(outflow.used, to_i64(amount)?)?;
    Ok(())
}

/// Starts buckets of another length: all that was counted counts as of now.
pub fn restart(outflow: &mut Outflow, window_seconds: u32, now: i64) -> MathResult<()> {
    roll(outflow, now)?;
    outflow.used = to_i64(used_in_all(outflow)?.max(0))?;
    outflow.used_earlier = [0; OUTFLOW_EARLIER_BUCKETS];
    outflow.window_seconds = window_seconds;
    outflow.bucket_start = now;
    Ok(())
}

/// Counts what an account withdraws, in windows of its own that start with the first withdrawal after the last one ended. Gives
/// back the sum of the window, 1e-6 USDC.
pub fn count_own(account: &mut UserAccount, window_seconds: u32, amount: u64, now: i64) -> u64 {
    if now.saturating_sub(account.withdrawal_window_start) >= i64::from(window_seconds) {
        account.withdrawal_window_start = now;
        account.window_withdrawn = 0;
    }
    account.window_withdrawn = account.window_withdrawn.saturating_add(amount);
    account.window_withdrawn
}
