use crate::errors::PerpError;
use crate::events::PositionSettled;
use crate::instructions::common::records::market_after;
use crate::math::accrual::accrue;
use crate::math::position_settle::settle;
use crate::oracle::accept_price;
use crate::state::{Market, Position};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct SettlePosition<'info> {
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    #[account(mut, constraint = position.market == market.key() @ PerpError::WrongMarket)]
    pub position: Box<Account<'info, Position>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
}

/// Realises funding and borrow of an open position in whole units, so that the pool does not wait for them: anyone, in every
/// state of the market. Equity stays exactly what it is, and so does `Position.seq`: no pending order goes stale by it.
pub fn handler(ctx: Context<SettlePosition>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(accounts: &mut SettlePosition, now: i64) -> Result<Box<PositionSettled>> {
    let market_address = accounts.market.key();
    let SettlePosition {
        market,
        position,
        price_update,
        ..
    } = accounts;
    let oracle = accept_price(market, price_update, now)?;
    accrue(market, oracle.price, now)?;
    let before = position.state;
    let settled = settle(market, &mut position.state)?;
    Ok(Box::new(PositionSettled {
        market_seq: market.next_event_seq()?,
        position_seq: position.next_event_seq()?,
        owner: position.owner,
        market: market_address,
        market_index: market.index,
        oracle,
        funding: settled.funding,
        borrow: settled.borrow,
        before,
        after: position.state,
        market_after: market_after(market)?,
    }))
}
