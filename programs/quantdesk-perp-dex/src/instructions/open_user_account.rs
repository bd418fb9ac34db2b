use crate::constants::{seeds, ACCOUNT_VERSION};
use crate::events::UserAccountOpened;
use crate::state::UserAccount;
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct OpenUserAccount<'info> {
    pub owner: Signer<'info>,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        init,
        payer = payer,
        space = UserAccount::SPACE,
        seeds = [seeds::USER, owner.key().as_ref()],
        bump
    )]
    pub user_account: Box<Account<'info, UserAccount>>,
    pub system_program: Program<'info, System>,
}

pub fn handler(ctx: Context<OpenUserAccount>) -> Result<()> {
    let account = &mut ctx.accounts.user_account;
    account.version = ACCOUNT_VERSION;
    account.bump = ctx.bumps.user_account;
    account.owner = ctx.accounts.owner.key();
    account.created_at = Clock::get()?.unix_timestamp;
    account.rent_payer = ctx.accounts.payer.key();
    let account_seq = account.next_seq()?;
    let event = UserAccountOpened {
        account_seq,
        owner: account.owner,
        rent_payer: account.rent_payer,
    };
    emit_cpi!(event);
    Ok(())
}
