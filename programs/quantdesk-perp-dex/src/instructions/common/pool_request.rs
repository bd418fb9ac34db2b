//! Placing a pool request, and when it can be executed.

use crate::constants::{pause, POOL_REQUEST_COOLDOWN_SECONDS, POOL_REQUEST_WINDOW_SECONDS};
use crate::errors::PerpError;
use crate::events::PoolRequested;
use crate::math::ints::{add_i64, MathResult};
use crate::state::{Exchange, LpAccount, Pool, PoolRequestKind};
use anchor_lang::prelude::*;

/// Times of a request, unix seconds.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// First `publish_time` that may execute it.
    pub from: i64,
    /// Last one.
    pub to: i64,
    /// Clock from which it can only be released. Until then a price of the window may still be fresh enough, so that
    /// releasing it would be a choice.
    pub released_from: i64,
}

/// The window of a request that may be executed from `from` (unix seconds) on.
pub fn window_from(from: i64) -> MathResult<Window> {
    let to = add_i64(from, POOL_REQUEST_WINDOW_SECONDS)?;
    Ok(Window {
        from,
        to,
        released_from: add_i64(to, POOL_REQUEST_COOLDOWN_SECONDS)?,
    })
}

/// Locks `amount` of a new request of this holder.
///
/// # Errors
/// `Paused`, `PoolRequestPending`.
pub fn place_request(
    exchange: &Exchange,
    pool: &mut Pool,
    lp_account: &mut LpAccount,
    kind: PoolRequestKind,
    amount: u64,
    now: i64,
) -> Result<PoolRequested> {
    require!(!exchange.is_paused(pause::POOL), PerpError::Paused);
    require!(
        lp_account.request_kind == PoolRequestKind::None,
        PerpError::PoolRequestPending
    );
    lp_account.request_kind = kind;
    lp_account.request_amount = amount;
    lp_account.requested_at = now;
    let window = window_from(add_i64(now, i64::from(exchange.pool_delay_seconds))?)?;
    lp_account.executable_from = window.from;
    Ok(PoolRequested {
        pool_seq: pool.next_event_seq()?,
        lp_seq: lp_account.next_seq()?,
        owner: lp_account.owner,
        kind,
        amount,
        requested_at: now,
        executable_from: window.from,
        executable_to: window.to,
        shares: lp_account.shares,
    })
}

/// Ends the pending request; gives back what it locked.
pub fn clear_request(lp_account: &mut LpAccount) -> u64 {
    lp_account.request_kind = PoolRequestKind::None;
    lp_account.requested_at = 0;
    lp_account.executable_from = 0;
    core::mem::take(&mut lp_account.request_amount)
}
