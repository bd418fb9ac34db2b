use crate::constants::{seeds, ACCOUNT_VERSION};
use crate::errors::PerpError;
use crate::events::WithdrawalQueued;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::math::ints::add_u64;
use crate::state::{Outflow, UserAccount, Withdrawal};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct QueueWithdrawal<'info> {
    pub owner: Signer<'info>,
    /// Pays the rent, and gets it back.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(
        init,
        payer = payer,
        space = Withdrawal::SPACE,
        seeds = [seeds::WITHDRAWAL, owner.key().as_ref()],
        bump
    )]
    pub withdrawal: Box<Account<'info, Withdrawal>>,
    pub system_program: Program<'info, System>,
}

/// Takes the next ticket for collateral that has no room to leave yet.
pub fn handler(ctx: Context<QueueWithdrawal>, args: AmountArgs) -> Result<()> {
    require!(args.amount > 0, PerpError::ZeroAmount);
    let accounts = &mut *ctx.accounts;
    let account = &mut accounts.user_account;
    account.collateral = account
        .collateral
        .checked_sub(args.amount)
        .ok_or(PerpError::InsufficientCollateral)?;
    let outflow = &mut accounts.outflow;
    let withdrawal = &mut accounts.withdrawal;
    withdrawal.version = ACCOUNT_VERSION;
    withdrawal.bump = ctx.bumps.withdrawal;
    withdrawal.owner = account.owner;
    withdrawal.ticket = outflow.next_ticket;
    withdrawal.amount = args.amount;
    withdrawal.queued_at = Clock::get()?.unix_timestamp;
    withdrawal.rent_payer = accounts.payer.key();
    outflow.next_ticket = add_u64(outflow.next_ticket, 1)?;
    outflow.queued = add_u64(outflow.queued, args.amount)?;
    let event = WithdrawalQueued {
        account_seq: account.next_seq()?,
        outflow_seq: outflow.next_event_seq()?,
        owner: account.owner,
        ticket: withdrawal.ticket,
        amount: args.amount,
        collateral: account.collateral,
    };
    emit_cpi!(event);
    Ok(())
}
