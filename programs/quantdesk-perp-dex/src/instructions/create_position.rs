use crate::constants::{seeds, ACCOUNT_VERSION};
use crate::events::PositionCreated;
use crate::state::{Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct CreatePosition<'info> {
    /// Pays the rent; anyone may, for anyone's account.
    #[account(mut)]
    pub payer: Signer<'info>,
    pub user_account: Box<Account<'info, UserAccount>>,
    pub market: Box<Account<'info, Market>>,
    #[account(
        init,
        payer = payer,
        space = Position::SPACE,
        seeds = [seeds::POSITION, user_account.owner.as_ref(), market.key().as_ref()],
        bump
    )]
    pub position: Box<Account<'info, Position>>,
    pub system_program: Program<'info, System>,
}

pub fn handler(ctx: Context<CreatePosition>) -> Result<()> {
    let position_key = ctx.accounts.position.key();
    let position = &mut ctx.accounts.position;
    position.version = ACCOUNT_VERSION;
    position.bump = ctx.bumps.position;
    position.owner = ctx.accounts.user_account.owner;
    position.market = ctx.accounts.market.key();
    position.market_index = ctx.accounts.market.index;
    position.rent_payer = ctx.accounts.payer.key();
    let position_seq = position.next_event_seq()?;
    let event = PositionCreated {
        position_seq,
        owner: position.owner,
        market: position.market,
        market_index: position.market_index,
        position: position_key,
        rent_payer: position.rent_payer,
    };
    emit_cpi!(event);
    Ok(())
}
