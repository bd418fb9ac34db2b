//! The limit of what may leave the vault in one window, counted net of what comes in.

use crate::errors::PerpError;
use crate::math::ints::{add_i64, sub_i64, to_i64, MathResult};
use crate::state::Outflow;

fn start_window(outflow: &mut Outflow, now: i64) {
    if now.saturating_sub(outflow.window_start) >= i64::from(outflow.window_seconds) {
        outflow.window_start = now;
        outflow.used = 0;
    }
}

/// Counts `amount` (1e-6 USDC) that came into the vault at `now` (unix seconds). Without a limit nothing is counted.
pub fn count_inflow(outflow: &mut Outflow, amount: u64, now: i64) -> MathResult<()> {
    if outflow.cap == 0 {
        return Ok(());
    }
    start_window(outflow, now);
    outflow.used = sub_i64(outflow.used, to_i64(amount)?)?;
    Ok(())
}

/// Counts `amount` (1e-6 USDC) that leaves the vault at `now` (unix seconds).
///
/// # Errors
/// `OutflowExceeded` where the window's limit does not allow it.
pub fn count_outflow(outflow: &mut Outflow, amount: u64, now: i64) -> MathResult<()> {
    if outflow.cap == 0 {
        return Ok(());
    }
    start_window(outflow, now);
    outflow.used = add_i64(outflow.used, to_i64(amount)?)?;
    if i128::from(outflow.used) > i128::from(outflow.cap) {
        return Err(PerpError::OutflowExceeded);
    }
    Ok(())
}
