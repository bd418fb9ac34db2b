use crate::constants::{
    CLOSE_REQUEST_COOLDOWN_SECONDS, CLOSE_REQUEST_WINDOW_SECONDS, FUTURE_SECONDS_MAX,
};
use crate::errors::PerpError;
use crate::events::CloseRequested;
use crate::math::ints::{add_i64, MathResult};
use crate::state::Position;
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct RequestClose<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub position: Box<Account<'info, Position>>,
}

/// Stores the clock: anyone may close the position at a price published 6 to 15 seconds later, so that no keeper's silence
/// holds a trader. It then lapses; the next request is accepted 60 seconds later, and nothing but time ends that, so that
/// nobody asks again and again until a price suits him. Not pausable, in every state of the market.
pub fn handler(ctx: Context<RequestClose>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let position = &mut ctx.accounts.position;
    require!(position.state.size > 0, PerpError::PositionFlat);
    require!(
        now >= position.close_blocked_until,
        PerpError::CloseRequestBlocked
    );
    let (executable_from, executable_to) = close_window(now)?;
    position.close_requested_at = now;
    position.close_blocked_until = add_i64(executable_to, CLOSE_REQUEST_COOLDOWN_SECONDS)?;
    let event = CloseRequested {
        position_seq: position.next_event_seq()?,
        owner: position.owner,
        market: position.market,
        market_index: position.market_index,
        requested_at: now,
        executable_from,
        executable_to,
    };
    emit_cpi!(event);
    Ok(())
}

/// First and last `publish_time` that may execute a request made at `requested_at`, unix seconds.
pub fn close_window(requested_at: i64) -> MathResult<(i64, i64)> {
    let known = add_i64(requested_at, FUTURE_SECONDS_MAX)?;
    let last = add_i64(known, CLOSE_REQUEST_WINDOW_SECONDS)?;
    Ok((add_i64(known, 1)?, last))
}
