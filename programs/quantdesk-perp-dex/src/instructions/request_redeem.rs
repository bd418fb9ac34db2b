use crate::errors::PerpError;
use crate::state::{Exchange, LpAccount, Pool};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct RequestRedeem<'info> {
    pub owner: Signer<'info>,
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub lp_account: Box<Account<'info, LpAccount>>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct RequestRedeemArgs {
    /// 1e-6 shares.
    pub shares: u64,
}

pub fn handler(_ctx: Context<RequestRedeem>, _args: RequestRedeemArgs) -> Result<()> {
    Ok(())
}
