use crate::constants::{CLOSE_REQUEST_COOLDOWN_SECONDS, CLOSE_REQUEST_WINDOW_SECONDS};
use crate::errors::PerpError;
use crate::events::CloseRequested;
use crate::math::ints::add_i64;
use crate::state::Position;
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct RequestClose<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub position: Box<Account<'info, Position>>,
}

/// Stores the clock: from here on anyone may close the position at a price of the next 10 seconds, so that no keeper's silence
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
    let executable_to = add_i64(now, CLOSE_REQUEST_WINDOW_SECONDS)?;
    position.close_requested_at = now;
    position.close_blocked_until = add_i64(executable_to, CLOSE_REQUEST_COOLDOWN_SECONDS)?;
    let event = CloseRequested {
        position_seq: position.next_event_seq()?,
        owner: position.owner,
        market: position.market,
        market_index: position.market_index,
        requested_at: now,
        executable_to,
    };
    emit_cpi!(event);
    Ok(())
}
