use crate::errors::PerpError;
use crate::events::Donated;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::math::ints::add_u64;
use crate::state::{Exchange, Pool};
use anchor_lang::prelude::*;
use anchor_spl::token::{self, Token, TokenAccount, Transfer};

#[event_cpi]
#[derive(Accounts)]
pub struct Donate<'info> {
    pub donor: Signer<'info>,
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Where the USDC comes from; the token program checks that the donor may spend it.
    #[account(mut, constraint = source.mint == exchange.usdc_mint @ PerpError::WrongMint)]
    pub source: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

pub fn handler(ctx: Context<Donate>, args: AmountArgs) -> Result<()> {
    require!(args.amount > 0, PerpError::ZeroAmount);
    let pool = &mut ctx.accounts.pool;
    // Without shares nobody owns the gift: the first to mint would take it.
    require!(pool.supply > 0, PerpError::PoolWithoutShares);
    pool.free = add_u64(pool.free, args.amount)?;
    let pool_seq = pool.next_event_seq()?;
    let free = pool.free;
    token::transfer(
        CpiContext::new(
            ctx.accounts.token_program.key(),
            Transfer {
                from: ctx.accounts.source.to_account_info(),
                to: ctx.accounts.vault.to_account_info(),
                authority: ctx.accounts.donor.to_account_info(),
            },
        ),
        args.amount,
    )?;
    let event = Donated {
        pool_seq,
        donor: ctx.accounts.donor.key(),
        amount: args.amount,
        free,
    };
    emit_cpi!(event);
    Ok(())
}
