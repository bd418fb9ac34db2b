use crate::errors::PerpError;
use crate::events::CollateralWithdrawn;
use crate::instructions::common::outflow::{count_outflow, count_own, room_beside_queue};
use crate::instructions::common::vault::pay_from_vault;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::math::ints::{add_u128, to_i128, to_u64};
use crate::state::{Exchange, Outflow, UserAccount};
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

/// Free collateral leaves in every state of the exchange and needs no price; only the owner can take it.
#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawCollateral<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Any USDC account the owner names by signing, the vault excepted.
    #[account(
        mut,
        constraint = destination.mint == exchange.usdc_mint @ PerpError::WrongMint,
        constraint = destination.key() != vault.key() @ PerpError::WrongVault
    )]
    pub destination: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

pub fn handler(ctx: Context<WithdrawCollateral>, args: AmountArgs) -> Result<()> {
    require!(args.amount > 0, PerpError::ZeroAmount);
    let now = Clock::get()?.unix_timestamp;
    let outflow = &mut ctx.accounts.outflow;
    let account = &mut ctx.accounts.user_account;
    let own = count_own(account, outflow.window_seconds, args.amount, now);
    if args.amount <= room_beside_queue(outflow, now)? {
        count_outflow(outflow, args.amount, now)?;
    } else {
        require!(own <= outflow.floor, PerpError::OutflowExceeded);
        // Under the floor there need be no room. What the account brought in was counted then, and counts as it goes: otherwise
        // small accounts that come and go would make room for a large one.
        let brought = account.deposited.saturating_sub(account.withdrawn);
        let counted = u128::from(args.amount).min(brought);
        count_outflow(outflow, to_u64(to_i128(counted)?)?, now)?;
    }
    account.collateral = account
        .collateral
        .checked_sub(args.amount)
        .ok_or(PerpError::InsufficientCollateral)?;
    account.withdrawn = add_u128(account.withdrawn, u128::from(args.amount))?;
    pay_from_vault(
        &ctx.accounts.exchange,
        &ctx.accounts.vault,
        &ctx.accounts.destination,
        &ctx.accounts.token_program,
        args.amount,
    )?;
    let destination = ctx.accounts.destination.key();
    let account = &mut ctx.accounts.user_account;
    let event = CollateralWithdrawn {
        account_seq: account.next_seq()?,
        owner: account.owner,
        destination,
        amount: args.amount,
        collateral: account.collateral,
    };
    emit_cpi!(event);
    Ok(())
}
