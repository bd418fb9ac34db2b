use crate::errors::PerpError;
use crate::state::{Exchange, Insurance, Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct LiquidatePosition<'info> {
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
    /// Needed where a loss exceeds the margin or a payout the backing (`NeedsInsurance`), and for a reward's top-up.
    #[account(mut)]
    pub insurance: Option<Box<Account<'info, Insurance>>>,
    /// Takes the keeper's share as free collateral; absent, the share stays with insurance.
    #[account(
        mut,
        constraint = liquidator_account.owner != user_account.owner @ PerpError::SelfLiquidation
    )]
    pub liquidator_account: Option<Box<Account<'info, UserAccount>>>,
}

pub fn handler(_ctx: Context<LiquidatePosition>) -> Result<()> {
    Ok(())
}
