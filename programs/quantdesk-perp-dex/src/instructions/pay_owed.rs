use crate::errors::PerpError;
use crate::events::PayoutMade;
use crate::instructions::common::insurance::{funds_of, store_use};
use crate::instructions::common::records::market_after;
use crate::math::position_payout::pay_owed;
use crate::state::{Insurance, Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct PayOwed<'info> {
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
    /// Lends what the pool lacks; absent, only the pool pays.
    #[account(mut)]
    pub insurance: Option<Box<Account<'info, Insurance>>>,
}

/// Pays what a liquidation left owed to a trader, as far as there is money: anyone. It needs no price, and the position may be
/// flat or open again.
pub fn handler(ctx: Context<PayOwed>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(accounts: &mut PayOwed, now: i64) -> Result<Box<PayoutMade>> {
    let market_address = accounts.market.key();
    let PayOwed {
        market,
        user_account,
        position,
        insurance,
        ..
    } = accounts;
    let mut funds = insurance.as_deref().map(|given| funds_of(given, now));
    let amount = pay_owed(
        market,
        &mut position.payout_owed,
        &mut user_account.collateral,
        &mut funds,
    )?;
    let from_insurance = store_use(insurance.as_mut(), funds, now)?;
    Ok(Box::new(PayoutMade {
        market_seq: market.next_event_seq()?,
        account_seq: user_account.next_seq()?,
        position_seq: position.next_event_seq()?,
        owner: position.owner,
        market: market_address,
        market_index: market.index,
        amount,
        from_insurance,
        payout_owed: position.payout_owed,
        collateral: user_account.collateral,
        market_after: market_after(market)?,
    }))
}
