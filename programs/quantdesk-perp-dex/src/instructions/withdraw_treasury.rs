use crate::errors::PerpError;
use crate::events::TreasuryWithdrawn;
use crate::instructions::common::durable_nonce::refuse_durable_nonce;
use crate::instructions::common::outflow::{count_outflow, room_beside_queue};
use crate::instructions::common::vault::pay_from_vault;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::state::{Exchange, Outflow, Treasury};
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawTreasury<'info> {
    pub treasury_authority: Signer<'info>,
    #[account(
        has_one = treasury_authority @ PerpError::NotTreasuryAuthority,
        has_one = vault @ PerpError::WrongVault
    )]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(mut)]
    pub treasury: Box<Account<'info, Treasury>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Any USDC account, the vault excepted.
    #[account(
        mut,
        constraint = destination.mint == exchange.usdc_mint @ PerpError::WrongMint,
        constraint = destination.key() != vault.key() @ PerpError::WrongVault
    )]
    pub destination: Box<Account<'info, TokenAccount>>,
    /// CHECK: the sysvar by its address; read to refuse durable nonces.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions_sysvar: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token>,
}

/// Pays out what the treasury has earned, as far as there is room beside those who wait. Treasury authority.
pub fn handler(ctx: Context<WithdrawTreasury>, args: AmountArgs) -> Result<()> {
    refuse_durable_nonce(&ctx.accounts.instructions_sysvar)?;
    require!(args.amount > 0, PerpError::ZeroAmount);
    let now = Clock::get()?.unix_timestamp;
    let outflow = &mut ctx.accounts.outflow;
    require!(
        args.amount <= room_beside_queue(outflow, now)?,
        PerpError::OutflowExceeded
    );
    count_outflow(outflow, args.amount, now)?;
    let treasury = &mut ctx.accounts.treasury;
    treasury.balance = treasury
        .balance
        .checked_sub(args.amount)
        .ok_or(PerpError::InsufficientTreasury)?;
    let event = TreasuryWithdrawn {
        treasury_seq: treasury.next_event_seq()?,
        authority: ctx.accounts.treasury_authority.key(),
        destination: ctx.accounts.destination.key(),
        amount: args.amount,
        balance: treasury.balance,
    };
    pay_from_vault(
        &ctx.accounts.exchange,
        &ctx.accounts.vault,
        &ctx.accounts.destination,
        &ctx.accounts.token_program,
        args.amount,
    )?;
    emit_cpi!(event);
    Ok(())
}
