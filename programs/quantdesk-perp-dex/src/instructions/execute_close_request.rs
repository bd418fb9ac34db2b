use crate::errors::PerpError;
use crate::events::{PositionReduced, ReduceReason};
use crate::instructions::common::authority::{check_not_older, oldest_publish_time};
use crate::instructions::common::trade::{reduce_position, Books, Terms};
use crate::instructions::request_close::close_window;
use crate::math::accrual::accrue;
use crate::oracle::accept_price;
use crate::state::{Exchange, Insurance, Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct ExecuteCloseRequest<'info> {
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    #[account(mut)]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(
        mut,
        constraint = position.owner == user_account.owner @ PerpError::NotOwner,
        constraint = position.market == market.key() @ PerpError::WrongMarket
    )]
    pub position: Box<Account<'info, Position>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
    /// Needed where a payout exceeds the backing or a loss exceeds the margin (`NeedsInsurance`).
    #[account(mut)]
    pub insurance: Option<Box<Account<'info, Insurance>>>,
}

/// Closes in full what its trader asked to close, with fee and impact like any trade, whatever the price: anyone, in every state
/// of the market, at a price of the request's window that is at most 5 seconds old: nobody waits for the end of the window and
/// takes the best of it.
pub fn handler(ctx: Context<ExecuteCloseRequest>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(accounts: &mut ExecuteCloseRequest, now: i64) -> Result<Box<PositionReduced>> {
    let requested_at = accounts.position.close_requested_at;
    require!(requested_at > 0, PerpError::NoCloseRequest);
    let oracle = accept_price(&mut accounts.market, &accounts.price_update, now)?;
    let (first, last) = close_window(requested_at)?;
    require!(
        oracle.publish_time >= first,
        PerpError::CloseRequestTooEarly
    );
    require!(oracle.publish_time <= last, PerpError::CloseRequestLapsed);
    check_not_older(&oracle, oldest_publish_time(None, now)?)?;
    accrue(&mut accounts.market, oracle.price, now)?;
    let terms = Terms {
        min_publish_time: first,
        ..Terms::default()
    };
    let size = accounts.position.state.size;
    let mut books = Books {
        market_address: accounts.market.key(),
        market: &mut accounts.market,
        account: &mut accounts.user_account,
        position: &mut accounts.position,
    };
    reduce_position(
        &mut books,
        accounts.insurance.as_mut(),
        &terms,
        &oracle,
        size,
        ReduceReason::CloseRequest,
        now,
    )
}
