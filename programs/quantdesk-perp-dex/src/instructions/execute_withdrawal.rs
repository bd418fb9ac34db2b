use crate::errors::PerpError;
use crate::events::{WithdrawalPaid, WithdrawalReturned};
use crate::instructions::common::outflow::{count_outflow, count_own, room};
use crate::instructions::common::vault::{associated_token_address, pay_to};
use crate::math::ints::{add_u128, add_u64, sub_u64};
use crate::state::{Exchange, Outflow, UserAccount, Withdrawal};
use anchor_lang::prelude::*;
use anchor_spl::token::spl_token::state::AccountState;
use anchor_spl::token::{Token, TokenAccount};

#[event_cpi]
#[derive(Accounts)]
pub struct ExecuteWithdrawal<'info> {
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(
        mut,
        constraint = withdrawal.ticket == outflow.head_ticket @ PerpError::NotFirstInQueue
    )]
    pub withdrawal: Box<Account<'info, Withdrawal>>,
    #[account(
        mut,
        constraint = user_account.owner == withdrawal.owner @ PerpError::NotOwner
    )]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// CHECK: the owner's associated token account by its address; what it holds decides between payment and return.
    #[account(
        mut,
        address = associated_token_address(&withdrawal.owner, &exchange.usdc_mint)
    )]
    pub destination: UncheckedAccount<'info>,
    /// CHECK: takes back the rent it paid; the address is compared.
    #[account(mut, address = withdrawal.rent_payer)]
    pub rent_payer: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token>,
}

/// Serves the first of the queue: pays what there is room for, or, where the owner's token account cannot take it, makes the
/// rest collateral again. Anyone. Whatever an owner did to his accounts, his turn ends and the next one's begins.
pub fn handler(ctx: Context<ExecuteWithdrawal>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let can_take = can_take(ctx.accounts);
    if ctx.accounts.withdrawal.amount == 0 || can_take {
        let event = pay(ctx.accounts, now)?;
        emit_cpi!(event);
    } else {
        let event = give_back(ctx.accounts)?;
        emit_cpi!(event);
    }
    if ctx.accounts.withdrawal.amount == 0 {
        end_turn(ctx.accounts)?;
    }
    Ok(())
}

/// Whether the destination is a token account that a transfer to the owner cannot fail for.
fn can_take(accounts: &ExecuteWithdrawal) -> bool {
    let data = match accounts.destination.try_borrow_data() {
        Ok(data) if *accounts.destination.owner == anchor_spl::token::ID => data,
        _ => return false,
    };
    TokenAccount::try_deserialize(&mut data.as_ref()).is_ok_and(|account| {
        account.owner == accounts.withdrawal.owner
            && account.mint == accounts.exchange.usdc_mint
            && account.state == AccountState::Initialized
    })
}

fn pay(accounts: &mut ExecuteWithdrawal, now: i64) -> Result<WithdrawalPaid> {
    let outflow = &mut accounts.outflow;
    let withdrawal = &mut accounts.withdrawal;
    let account = &mut accounts.user_account;
    let amount = withdrawal.amount.min(room(outflow, now)?);
    if withdrawal.amount > 0 {
        require!(amount > 0, PerpError::OutflowExceeded);
        withdrawal.amount = sub_u64(withdrawal.amount, amount)?;
        outflow.queued = sub_u64(outflow.queued, amount)?;
        count_outflow(outflow, amount, now)?;
        count_own(account, outflow.window_seconds, amount, now);
        account.withdrawn = add_u128(account.withdrawn, u128::from(amount))?;
        pay_to(
            &accounts.exchange,
            &accounts.vault,
            &accounts.destination,
            &accounts.token_program,
            amount,
        )?;
    }
    Ok(WithdrawalPaid {
        account_seq: account.next_seq()?,
        outflow_seq: outflow.next_event_seq()?,
        owner: withdrawal.owner,
        ticket: withdrawal.ticket,
        destination: accounts.destination.key(),
        amount,
        left: withdrawal.amount,
    })
}

fn give_back(accounts: &mut ExecuteWithdrawal) -> Result<WithdrawalReturned> {
    let outflow = &mut accounts.outflow;
    let account = &mut accounts.user_account;
    let amount = core::mem::take(&mut accounts.withdrawal.amount);
    outflow.queued = sub_u64(outflow.queued, amount)?;
    account.collateral = add_u64(account.collateral, amount)?;
    Ok(WithdrawalReturned {
        account_seq: account.next_seq()?,
        outflow_seq: outflow.next_event_seq()?,
        owner: account.owner,
        ticket: accounts.withdrawal.ticket,
        amount,
        collateral: account.collateral,
    })
}

/// Closes the entry and lets the next ticket be served.
fn end_turn(accounts: &mut ExecuteWithdrawal) -> Result<()> {
    accounts.outflow.head_ticket = add_u64(accounts.outflow.head_ticket, 1)?;
    // The runtime lets nobody pay a program's account: a rent payer who became one must not stall the queue.
    let taker = if accounts.rent_payer.executable {
        accounts.outflow.to_account_info()
    } else {
        accounts.rent_payer.to_account_info()
    };
    accounts.withdrawal.close(taker)
}
