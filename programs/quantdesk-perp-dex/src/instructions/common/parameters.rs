//! The parameters a proposal can change: what stands, what may stand, and the change itself.

use crate::constants::{BPS, POOL_REFRESH_AGE_SECONDS_MAX};
use crate::errors::PerpError;
use crate::instructions::config_bounds::{
    check_exchange, check_market, check_oracle, check_outflow, check_topup,
};
use crate::math::ints::{add_u64, sub_i64, MathResult};
use crate::state::{Exchange, Insurance, Market, MarketConfig, Outflow, Pool, ProposedChange};
use anchor_lang::prelude::*;

/// The accounts that hold parameters; of the optional ones a change needs at most one.
pub struct Holders<'a> {
    pub exchange: &'a Exchange,
    pub market: Option<&'a Market>,
    pub outflow: Option<&'a Outflow>,
    pub insurance: Option<&'a Insurance>,
}

fn market_of<'a>(holders: &Holders<'a>, index: u8) -> Result<&'a Market> {
    let market = holders.market.ok_or(PerpError::MissingAccount)?;
    require!(market.index == index, PerpError::WrongMarket);
    Ok(market)
}

/// What stands now of the kind that `change` is.
///
/// # Errors
/// `MissingAccount`, `WrongMarket`.
pub fn standing(change: &ProposedChange, holders: &Holders) -> Result<ProposedChange> {
    let exchange = holders.exchange;
    Ok(match change {
        ProposedChange::MarketConfig { market_index, .. } => ProposedChange::MarketConfig {
            market_index: *market_index,
            config: market_of(holders, *market_index)?.config,
        },
        ProposedChange::MarketOracle { market_index, .. } => ProposedChange::MarketOracle {
            market_index: *market_index,
            oracle: market_of(holders, *market_index)?.oracle,
        },
        ProposedChange::ExchangeLimits { .. } => ProposedChange::ExchangeLimits {
            time_lock_seconds: exchange.time_lock_seconds,
            pool_delay_seconds: exchange.pool_delay_seconds,
            lp_fee_bps: exchange.lp_fee_bps,
        },
        ProposedChange::OutflowLimits { .. } => {
            let outflow = holders.outflow.ok_or(PerpError::MissingAccount)?;
            ProposedChange::OutflowLimits {
                cap: outflow.cap,
                window_seconds: outflow.window_seconds,
                floor: outflow.floor,
            }
        }
        ProposedChange::InsuranceTopup { .. } => ProposedChange::InsuranceTopup {
            cap_per_hour: holders
                .insurance
                .ok_or(PerpError::MissingAccount)?
                .topup_cap_per_hour,
        },
        ProposedChange::Roles { .. } => ProposedChange::Roles {
            risk_manager: exchange.risk_manager,
            treasury_authority: exchange.treasury_authority,
        },
    })
}

/// Refuses a change outside the program's bounds. The sum of the weights is tested at execution alone: of several changes that
/// only fit together, each may be proposed.
///
/// # Errors
/// `InvalidConfig`, `InvalidRole`, `MissingAccount`, `WrongMarket`.
pub fn check_bounds(change: &ProposedChange, holders: &Holders) -> Result<()> {
    match change {
        ProposedChange::MarketConfig {
            market_index,
            config,
        } => {
            check_market(config)?;
            check_oracle(&market_of(holders, *market_index)?.oracle, config)?;
        }
        ProposedChange::MarketOracle {
            market_index,
            oracle,
        } => check_oracle(oracle, &market_of(holders, *market_index)?.config)?,
        ProposedChange::ExchangeLimits {
            time_lock_seconds,
            pool_delay_seconds,
            lp_fee_bps,
        } => check_exchange(*time_lock_seconds, *pool_delay_seconds, *lp_fee_bps)?,
        ProposedChange::OutflowLimits {
            cap,
            window_seconds,
            floor,
        } => check_outflow(*cap, *window_seconds, *floor)?,
        ProposedChange::InsuranceTopup { cap_per_hour } => check_topup(*cap_per_hour)?,
        ProposedChange::Roles {
            risk_manager,
            treasury_authority,
        } => {
            let none = Pubkey::default();
            let named = *risk_manager != none && *treasury_authority != none;
            require!(named, PerpError::InvalidRole);
        }
    }
    Ok(())
}

/// Puts a market's new parameters in force; gives back whether its weight changed. What accrued and what each market holds must
/// have been settled under the old ones just before.
///
/// # Errors
/// `MarketNotRefreshed`, `WeightsExceeded`.
pub fn apply_config(
    market: &mut Market,
    pool: &mut Pool,
    config: &MarketConfig,
    now: i64,
) -> MathResult<bool> {
    if market.settled_at < sub_i64(now, POOL_REFRESH_AGE_SECONDS_MAX)? {
        return Err(PerpError::MarketNotRefreshed);
    }
    market.config = *config;
    let weight = pool
        .weight_bps
        .get_mut(usize::from(market.index))
        .ok_or(PerpError::WrongMarket)?;
    let changed = *weight != config.weight_bps;
    *weight = config.weight_bps;
    check_weights(pool)?;
    Ok(changed)
}

/// # Errors
/// `WeightsExceeded` where the markets' weights exceed the pool.
pub fn check_weights(pool: &Pool) -> MathResult<()> {
    let weights = pool
        .weight_bps
        .iter()
        .try_fold(0, |sum, weight| add_u64(sum, u64::from(*weight)))?;
    if weights > BPS {
        return Err(PerpError::WeightsExceeded);
    }
    Ok(())
}
