use crate::constants::{seeds, ACCOUNT_VERSION};
use crate::errors::PerpError;
use crate::instructions::common::pool_request::place_request;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::math::ints::add_u64;
use crate::state::{Exchange, LpAccount, Pool, PoolRequestKind};
use anchor_lang::prelude::*;
use anchor_spl::token::{self, Token, TokenAccount, Transfer};

#[event_cpi]
#[derive(Accounts)]
pub struct RequestMint<'info> {
    pub owner: Signer<'info>,
    /// Pays the rent of the LpAccount, the first time.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(
        init_if_needed,
        payer = payer,
        space = LpAccount::SPACE,
        seeds = [seeds::LP, owner.key().as_ref()],
        bump
    )]
    pub lp_account: Box<Account<'info, LpAccount>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Where the USDC comes from; the token program checks that the owner may spend it.
    #[account(mut, constraint = source.mint == exchange.usdc_mint @ PerpError::WrongMint)]
    pub source: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
    pub system_program: Program<'info, System>,
}

/// Moves the deposit to the vault, where it waits for a price nobody can know yet.
pub fn handler(ctx: Context<RequestMint>, args: AmountArgs) -> Result<()> {
    require!(args.amount > 0, PerpError::ZeroAmount);
    let now = Clock::get()?.unix_timestamp;
    let owner = ctx.accounts.owner.key();
    let rent_payer = ctx.accounts.payer.key();
    let lp_account = &mut ctx.accounts.lp_account;
    if lp_account.version == 0 {
        lp_account.version = ACCOUNT_VERSION;
        lp_account.bump = ctx.bumps.lp_account;
        lp_account.owner = owner;
        lp_account.rent_payer = rent_payer;
    }
    let pool = &mut ctx.accounts.pool;
    pool.requested_deposits = add_u64(pool.requested_deposits, args.amount)?;
    let event = place_request(
        &ctx.accounts.exchange,
        pool,
        lp_account,
        PoolRequestKind::Mint,
        args.amount,
        now,
    )?;
    token::transfer(
        CpiContext::new(
            ctx.accounts.token_program.key(),
            Transfer {
                from: ctx.accounts.source.to_account_info(),
                to: ctx.accounts.vault.to_account_info(),
                authority: ctx.accounts.owner.to_account_info(),
            },
        ),
        args.amount,
    )?;
    emit_cpi!(event);
    Ok(())
}
