use crate::errors::PerpError;
use crate::events::WithdrawalCancelled;
use crate::math::ints::{add_u64, sub_u64};
use crate::state::{Outflow, UserAccount, Withdrawal};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelWithdrawal<'info> {
    pub owner: Signer<'info>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub withdrawal: Box<Account<'info, Withdrawal>>,
}

/// Makes what is queued collateral again. The empty entry keeps its ticket: a gap in the order would stall who comes after it.
pub fn handler(ctx: Context<CancelWithdrawal>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let withdrawal = &mut accounts.withdrawal;
    let amount = core::mem::take(&mut withdrawal.amount);
    require!(amount > 0, PerpError::ZeroAmount);
    let account = &mut accounts.user_account;
    account.collateral = add_u64(account.collateral, amount)?;
    let outflow = &mut accounts.outflow;
    outflow.queued = sub_u64(outflow.queued, amount)?;
    let event = WithdrawalCancelled {
        account_seq: account.next_seq()?,
        outflow_seq: outflow.next_event_seq()?,
        owner: account.owner,
        ticket: withdrawal.ticket,
        amount,
        collateral: account.collateral,
    };
    emit_cpi!(event);
    Ok(())
}
