use crate::constants::{seeds, ACCOUNT_VERSION, PROPOSAL_EXPIRY_SECONDS};
use crate::errors::PerpError;
use crate::events::ChangeProposed;
use crate::instructions::common::durable_nonce::refuse_durable_nonce;
use crate::instructions::common::parameters::{check_bounds, standing, Holders};
use crate::math::ints::{add_i64, add_u64};
use crate::state::{Exchange, Insurance, Market, Outflow, Proposal, ProposedChange};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeChange<'info> {
    pub admin: Signer<'info>,
    /// Pays the rent, and gets it back.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut, has_one = admin @ PerpError::NotAdmin)]
    pub exchange: Box<Account<'info, Exchange>>,
    /// The next proposal: its id is `exchange.proposal_count`.
    #[account(
        init,
        payer = payer,
        space = Proposal::SPACE,
        seeds = [seeds::PROPOSAL, exchange.proposal_count.to_le_bytes().as_ref()],
        bump
    )]
    pub proposal: Box<Account<'info, Proposal>>,
    /// Needed for parameters of a market.
    pub market: Option<Box<Account<'info, Market>>>,
    /// Needed for limits of what leaves the vault.
    pub outflow: Option<Box<Account<'info, Outflow>>>,
    /// Needed for the limit of insurance's top-ups.
    pub insurance: Option<Box<Account<'info, Insurance>>>,
    /// CHECK: the sysvar by its address; read to refuse durable nonces.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions_sysvar: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ProposeChangeArgs {
    pub change: ProposedChange,
}

/// Announces a change, which anyone can execute after the time lock that stands now. Admin.
pub fn handler(ctx: Context<ProposeChange>, args: ProposeChangeArgs) -> Result<()> {
    let bump = ctx.bumps.proposal;
    let event = propose(ctx.accounts, &args.change, bump)?;
    emit_cpi!(*event);
    Ok(())
}

fn propose(
    accounts: &mut ProposeChange,
    change: &ProposedChange,
    bump: u8,
) -> Result<Box<ChangeProposed>> {
    refuse_durable_nonce(&accounts.instructions_sysvar)?;
    let holders = Holders {
        exchange: &accounts.exchange,
        market: accounts.market.as_deref().map(|account| &**account),
        outflow: accounts.outflow.as_deref().map(|account| &**account),
        insurance: accounts.insurance.as_deref().map(|account| &**account),
    };
    check_bounds(change, &holders)?;
    let before = standing(change, &holders)?;
    let now = Clock::get()?.unix_timestamp;
    let exchange = &mut accounts.exchange;
    let proposal = &mut accounts.proposal;
    proposal.version = ACCOUNT_VERSION;
    proposal.bump = bump;
    proposal.id = exchange.proposal_count;
    proposal.proposed_at = now;
    proposal.executable_from = add_i64(now, i64::from(exchange.time_lock_seconds))?;
    proposal.executable_to = add_i64(proposal.executable_from, PROPOSAL_EXPIRY_SECONDS)?;
    proposal.before = before;
    proposal.change = *change;
    proposal.rent_payer = accounts.payer.key();
    exchange.proposal_count = add_u64(exchange.proposal_count, 1)?;
    Ok(Box::new(ChangeProposed {
        exchange_seq: exchange.next_event_seq()?,
        proposal_id: proposal.id,
        before,
        change: *change,
        executable_from: proposal.executable_from,
        executable_to: proposal.executable_to,
    }))
}
