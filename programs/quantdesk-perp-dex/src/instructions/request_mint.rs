use crate::constants::seeds;
use crate::errors::PerpError;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::state::{Exchange, LpAccount, Pool};
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

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
        space = LpAccount::DISCRIMINATOR.len() + LpAccount::INIT_SPACE,
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

pub fn handler(_ctx: Context<RequestMint>, _args: AmountArgs) -> Result<()> {
    Ok(())
}
