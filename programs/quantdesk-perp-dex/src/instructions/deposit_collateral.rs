use crate::constants::{pause, QUOTE_MAX};
use crate::errors::PerpError;
use crate::events::CollateralDeposited;
use crate::instructions::common::outflow::count_inflow;
use crate::math::ints::{add_u128, add_u64};
use crate::state::{Exchange, Outflow, UserAccount};
use anchor_lang::prelude::*;
use anchor_spl::token::{self, Token, TokenAccount, Transfer};

#[event_cpi]
#[derive(Accounts)]
pub struct DepositCollateral<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Where the USDC comes from; the token program checks that the owner may spend it.
    #[account(mut, constraint = source.mint == exchange.usdc_mint @ PerpError::WrongMint)]
    pub source: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

/// An amount of USDC.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct AmountArgs {
    /// 1e-6 USDC.
    pub amount: u64,
}

pub fn handler(ctx: Context<DepositCollateral>, args: AmountArgs) -> Result<()> {
    require!(
        !ctx.accounts.exchange.is_paused(pause::DEPOSIT),
        PerpError::Paused
    );
    require!(args.amount > 0, PerpError::ZeroAmount);
    let now = Clock::get()?.unix_timestamp;
    count_inflow(&mut ctx.accounts.outflow, args.amount, now)?;
    let account = &mut ctx.accounts.user_account;
    account.collateral = add_u64(account.collateral, args.amount)?;
    require!(account.collateral <= QUOTE_MAX, PerpError::MathOverflow);
    account.deposited = add_u128(account.deposited, u128::from(args.amount))?;
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
    let account = &mut ctx.accounts.user_account;
    let event = CollateralDeposited {
        account_seq: account.next_seq()?,
        owner: account.owner,
        amount: args.amount,
        collateral: account.collateral,
    };
    emit_cpi!(event);
    Ok(())
}
