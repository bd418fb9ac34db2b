use crate::constants::QUOTE_MAX;
use crate::errors::PerpError;
use crate::events::InsuranceFunded;
use crate::instructions::deposit_collateral::AmountArgs;
use crate::math::ints::add_u64;
use crate::state::{Exchange, Insurance};
use anchor_lang::prelude::*;
use anchor_spl::token::{self, Token, TokenAccount, Transfer};

#[event_cpi]
#[derive(Accounts)]
pub struct FundInsurance<'info> {
    pub donor: Signer<'info>,
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub insurance: Box<Account<'info, Insurance>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Where the USDC comes from; the token program checks that the donor may spend it.
    #[account(mut, constraint = source.mint == exchange.usdc_mint @ PerpError::WrongMint)]
    pub source: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

/// Raises what covers bad debt. Anyone; nobody gets it back.
pub fn handler(ctx: Context<FundInsurance>, args: AmountArgs) -> Result<()> {
    require!(args.amount > 0, PerpError::ZeroAmount);
    let insurance = &mut ctx.accounts.insurance;
    insurance.balance = add_u64(insurance.balance, args.amount)?;
    require!(insurance.balance <= QUOTE_MAX, PerpError::MathOverflow);
    let event = InsuranceFunded {
        insurance_seq: insurance.next_event_seq()?,
        donor: ctx.accounts.donor.key(),
        amount: args.amount,
        balance: insurance.balance,
    };
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
    emit_cpi!(event);
    Ok(())
}
