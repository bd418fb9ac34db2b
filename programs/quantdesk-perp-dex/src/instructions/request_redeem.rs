use crate::errors::PerpError;
use crate::instructions::common::pool_request::place_request;
use crate::state::{Exchange, LpAccount, Pool, PoolRequestKind};
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

/// Locks the shares until a price nobody can know yet.
pub fn handler(ctx: Context<RequestRedeem>, args: RequestRedeemArgs) -> Result<()> {
    require!(args.shares > 0, PerpError::ZeroAmount);
    let now = Clock::get()?.unix_timestamp;
    let lp_account = &mut ctx.accounts.lp_account;
    lp_account.shares = lp_account
        .shares
        .checked_sub(args.shares)
        .ok_or(PerpError::InsufficientShares)?;
    let event = place_request(
        &ctx.accounts.exchange,
        &mut ctx.accounts.pool,
        lp_account,
        PoolRequestKind::Redeem,
        args.shares,
        now,
    )?;
    emit_cpi!(event);
    Ok(())
}
