//! The limit of what may leave the vault in one window, counted net of what comes in, and the queue of who waits for room.
//!
//! What leaves is counted in buckets of a third of the window; the current one and the three before cover any window of that
//! length. What comes in makes up for what left before (the oldest first), never for what will leave: a deposit now is no
//! room for a withdrawal later. Hence in any window, wherever it begins, at most `cap` leaves beyond what comes in, the
//! floors of single accounts aside.

use crate::constants::OUTFLOW_EARLIER_BUCKETS;
use crate::math::ints::{add_i64, add_u64, sub_u64, to_i64, MathResult};
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
        outflow.used_earlier.rotate_right(1);
        if let Some(newest) = outflow.used_earlier.first_mut() {
            *newest = core::mem::take(&mut outflow.used);
        }
    }
    let moved = to_i64(passed.saturating_mul(length))?;
    outflow.bucket_start = add_i64(outflow.bucket_start, moved)?;
    Ok(())
}

/// What may leave at `now` (unix seconds), 1e-6 USDC; what is queued has the first claim on it.
pub fn room(outflow: &mut Outflow, now: i64) -> MathResult<u64> {
    if outflow.cap == 0 {
        return Ok(u64::MAX);
    }
    roll(outflow, now)?;
    let used = outflow
        .used_earlier
        .iter()
        .try_fold(outflow.used, |sum, bucket| add_u64(sum, *bucket))?;
    Ok(outflow.cap.saturating_sub(used))
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
    let mut left = amount;
    let oldest_first = outflow.used_earlier.iter_mut().rev();
    for bucket in oldest_first.chain(core::iter::once(&mut outflow.used)) {
        let covered = left.min(*bucket);
        *bucket = sub_u64(*bucket, covered)?;
        left = sub_u64(left, covered)?;
    }
    Ok(())
}

/// Counts `amount` (1e-6 USDC), of which the caller knows that there is room for it. Without a limit nothing is counted.
pub fn count_outflow(outflow: &mut Outflow, amount: u64, now: i64) -> MathResult<()> {
    if outflow.cap == 0 {
        return Ok(());
    }
    roll(outflow, now)?;
    outflow.used = add_u64(outflow.used, amount)?;
    Ok(())
}

/// Starts buckets of another length: all that was counted counts as of now.
pub fn restart(outflow: &mut Outflow, window_seconds: u32, now: i64) -> MathResult<()> {
    roll(outflow, now)?;
    outflow.used = outflow
        .used_earlier
        .iter()
        .try_fold(outflow.used, |sum, bucket| add_u64(sum, *bucket))?;
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
