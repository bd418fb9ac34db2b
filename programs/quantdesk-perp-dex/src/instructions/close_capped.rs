use crate::errors::PerpError;
use crate::events::{PositionReduced, ReduceReason};
use crate::instructions::common::authority::{check_not_older, keeper_of, oldest_publish_time};
use crate::instructions::common::insurance::{funds_of, store_use};
use crate::instructions::common::trade::{record_reduction, Books, Reduction, Terms};
use crate::math::accrual::accrue;
use crate::math::position_reduce::close_capped;
use crate::oracle::accept_price;
use crate::state::{Exchange, Insurance, Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct CloseCapped<'info> {
    /// A keeper; absent, the price must be at most 5 seconds old.
    pub keeper: Option<Signer<'info>>,
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

/// Closes in full, at the oracle price and without fee or impact, a position that can win nothing more: anyone, in every state
/// of the market. It frees the reserve that the position would only hold.
pub fn handler(ctx: Context<CloseCapped>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(accounts: &mut CloseCapped, now: i64) -> Result<Box<PositionReduced>> {
    let keeper = keeper_of(&accounts.exchange, accounts.keeper.as_ref(), now)?;
    let oldest = oldest_publish_time(keeper, now)?;
    let oracle = accept_price(&mut accounts.market, &accounts.price_update, now)?;
    check_not_older(&oracle, oldest)?;
    accrue(&mut accounts.market, oracle.price, now)?;
    let before = accounts.position.state;
    let mut funds = accounts
        .insurance
        .as_deref()
        .map(|insurance| funds_of(insurance, now));
    let reduced = close_capped(
        &mut accounts.market,
        &mut accounts.position.state,
        &mut accounts.user_account.collateral,
        &oracle,
        &mut funds,
    )?;
    let done = Reduction {
        before,
        size: before.size,
        reduced,
        insurance: store_use(accounts.insurance.as_mut(), funds, now)?,
        reason: ReduceReason::Capped,
    };
    let terms = Terms {
        keeper: keeper.unwrap_or_default(),
        min_publish_time: oldest,
        ..Terms::default()
    };
    let mut books = Books {
        market_address: accounts.market.key(),
        market: &mut accounts.market,
        account: &mut accounts.user_account,
        position: &mut accounts.position,
    };
    record_reduction(&mut books, &terms, &oracle, &done, now)
}
