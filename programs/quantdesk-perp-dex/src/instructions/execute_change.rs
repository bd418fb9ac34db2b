use crate::errors::PerpError;
use crate::events::ChangeExecuted;
use crate::instructions::common::outflow::restart;
use crate::instructions::common::parameters::{apply_config, check_bounds, standing, Holders};
use crate::state::{
    Exchange, Insurance, Market, OraclePrice, Outflow, Pool, Proposal, ProposedChange,
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct ExecuteChange<'info> {
    #[account(mut)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut, close = rent_payer)]
    pub proposal: Box<Account<'info, Proposal>>,
    /// CHECK: takes back the rent it paid; the address is compared.
    #[account(mut, address = proposal.rent_payer)]
    pub rent_payer: UncheckedAccount<'info>,
    /// Needed for parameters of a market, or its oracle.
    #[account(mut)]
    pub market: Option<Box<Account<'info, Market>>>,
    /// Needed for parameters of a market.
    #[account(mut)]
    pub pool: Option<Box<Account<'info, Pool>>>,
    /// Needed for limits of what leaves the vault.
    #[account(mut)]
    pub outflow: Option<Box<Account<'info, Outflow>>>,
    /// Needed for the limit of insurance's top-ups.
    #[account(mut)]
    pub insurance: Option<Box<Account<'info, Insurance>>>,
}

/// Puts a proposed change in force, once its time lock has passed and while what it would replace still stands. Anyone.
pub fn handler(ctx: Context<ExecuteChange>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(accounts: &mut ExecuteChange, now: i64) -> Result<Box<ChangeExecuted>> {
    let proposal = &accounts.proposal;
    require!(now >= proposal.executable_from, PerpError::ProposalTooEarly);
    require!(now <= proposal.executable_to, PerpError::ProposalExpired);
    let holders = Holders {
        exchange: &accounts.exchange,
        market: accounts.market.as_deref().map(|account| &**account),
        outflow: accounts.outflow.as_deref().map(|account| &**account),
        insurance: accounts.insurance.as_deref().map(|account| &**account),
    };
    let stands = standing(&proposal.change, &holders)?;
    require!(stands == proposal.before, PerpError::StaleProposal);
    check_bounds(&proposal.change, &holders)?;
    let mut event = Box::new(ChangeExecuted {
        exchange_seq: accounts.exchange.next_event_seq()?,
        market_seq: 0,
        pool_seq: 0,
        insurance_seq: 0,
        outflow_seq: 0,
        proposal_id: proposal.id,
        before: proposal.before,
        change: proposal.change,
    });
    apply(accounts, &mut event, now)?;
    Ok(event)
}

/// Writes the change; takes the numbers of the streams it changes.
fn apply(accounts: &mut ExecuteChange, event: &mut ChangeExecuted, now: i64) -> Result<()> {
    match event.change {
        ProposedChange::MarketConfig { config, .. } => {
            let market = needed(&mut accounts.market)?;
            let pool = needed(&mut accounts.pool)?;
            if apply_config(market, pool, &config, now)? {
                event.pool_seq = pool.next_event_seq()?;
            }
            event.market_seq = market.next_event_seq()?;
        }
        ProposedChange::MarketOracle { oracle, .. } => {
            let market = needed(&mut accounts.market)?;
            market.oracle = oracle;
            // What the old account said prices nothing any more, not even the second it was published in; and no pool request is
            // executed before the new one has spoken.
            market.price = OraclePrice {
                publish_time: market.price.publish_time,
                ..OraclePrice::default()
            };
            market.refreshed_at = 0;
            event.market_seq = market.next_event_seq()?;
        }
        ProposedChange::ExchangeLimits {
            time_lock_seconds,
            pool_delay_seconds,
            lp_fee_bps,
        } => {
            accounts.exchange.time_lock_seconds = time_lock_seconds;
            accounts.exchange.pool_delay_seconds = pool_delay_seconds;
            accounts.exchange.lp_fee_bps = lp_fee_bps;
        }
        ProposedChange::OutflowLimits {
            cap,
            window_seconds,
            floor,
        } => {
            let outflow = needed(&mut accounts.outflow)?;
            restart(outflow, window_seconds, now)?;
            outflow.cap = cap;
            outflow.floor = floor;
            event.outflow_seq = outflow.next_event_seq()?;
        }
        ProposedChange::InsuranceTopup { cap_per_hour } => {
            let insurance = needed(&mut accounts.insurance)?;
            insurance.topup_cap_per_hour = cap_per_hour;
            event.insurance_seq = insurance.next_event_seq()?;
        }
        ProposedChange::Roles {
            risk_manager,
            treasury_authority,
        } => {
            accounts.exchange.risk_manager = risk_manager;
            accounts.exchange.treasury_authority = treasury_authority;
        }
    }
    Ok(())
}

fn needed<'a, 'info, T>(account: &'a mut Option<Box<Account<'info, T>>>) -> Result<&'a mut T>
where
    T: AccountSerialize + AccountDeserialize + Clone,
{
    let account = account.as_mut().ok_or(PerpError::MissingAccount)?;
    Ok(account)
}
