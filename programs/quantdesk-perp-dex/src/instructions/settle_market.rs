use crate::errors::PerpError;
use crate::state::{Insurance, Market, Pool, Treasury};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct SettleMarket<'info> {
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(mut)]
    pub insurance: Box<Account<'info, Insurance>>,
    #[account(mut)]
    pub treasury: Box<Account<'info, Treasury>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
}

pub fn handler(_ctx: Context<SettleMarket>) -> Result<()> {
    Ok(())
}
