use crate::errors::PerpError;
use crate::events::ChangeCancelled;
use crate::instructions::common::durable_nonce::refuse_durable_nonce;
use crate::state::{Exchange, Proposal, ProposedChange};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct CancelChange<'info> {
    /// The admin, or the risk manager unless the change is of roles.
    pub authority: Signer<'info>,
    #[account(mut)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut, close = rent_payer)]
    pub proposal: Box<Account<'info, Proposal>>,
    /// CHECK: takes back the rent it paid; the address is compared.
    #[account(mut, address = proposal.rent_payer)]
    pub rent_payer: UncheckedAccount<'info>,
    /// CHECK: the sysvar by its address; read to refuse durable nonces.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions_sysvar: UncheckedAccount<'info>,
}

/// Withdraws a proposal. The risk manager can stop any change but that of roles: a stolen key of his could otherwise stop its
/// own replacement for ever.
pub fn handler(ctx: Context<CancelChange>) -> Result<()> {
    refuse_durable_nonce(&ctx.accounts.instructions_sysvar)?;
    let authority = ctx.accounts.authority.key();
    let exchange = &mut ctx.accounts.exchange;
    match ctx.accounts.proposal.change {
        ProposedChange::Roles { .. } => {
            require_keys_eq!(authority, exchange.admin, PerpError::NotAdmin);
        }
        _ => require!(exchange.may_tighten(&authority), PerpError::NotRiskManager),
    }
    let event = ChangeCancelled {
        exchange_seq: exchange.next_event_seq()?,
        proposal_id: ctx.accounts.proposal.id,
        authority,
    };
    emit_cpi!(event);
    Ok(())
}
