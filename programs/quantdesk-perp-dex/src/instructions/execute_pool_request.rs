use crate::errors::PerpError;
use crate::state::{Exchange, LpAccount, Pool};
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

/// All markets follow as remaining accounts, writable, in the order of their index.
#[event_cpi]
#[derive(Accounts)]
pub struct ExecutePoolRequest<'info> {
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(mut)]
    pub lp_account: Box<Account<'info, LpAccount>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Takes a payout, or a lapsed deposit back: any USDC account of the holder (anyone can create his associated one).
    #[account(
        mut,
        constraint = destination.mint == exchange.usdc_mint @ PerpError::WrongMint,
        constraint = destination.owner == lp_account.owner @ PerpError::NotOwner
    )]
    pub destination: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

pub fn handler<'info>(_ctx: Context<'info, ExecutePoolRequest<'info>>) -> Result<()> {
    Ok(())
}
