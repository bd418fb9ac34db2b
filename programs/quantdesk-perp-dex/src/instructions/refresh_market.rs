use crate::errors::PerpError;
use crate::state::Market;
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct RefreshMarket<'info> {
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
}

pub fn handler(_ctx: Context<RefreshMarket>) -> Result<()> {
    Ok(())
}
