//! Who may act in a trader's name, and how far.

use crate::constants::{pause, BPS, KEEPERLESS_PRICE_AGE_SECONDS_MAX, VALUE_PER_QUOTE};
use crate::errors::PerpError;
use crate::math::ints::{add_u128, add_u64, mul_u128, product, sub_i64, sub_u64, MathResult};
use crate::math::side::TradeSide;
use crate::state::{Delegate, Exchange, OraclePrice, UserAccount};
use anchor_lang::prelude::*;

/// Checks the signatures of a trade: always a keeper's, and the owner's or his delegation. Gives back whether the keeper acts
/// alone.
///
/// # Errors
/// `NotKeeper`, `NotOwner`, `DelegateDisabled`, `DelegateExpired`.
pub fn authorise_trade(
    exchange: &Exchange,
    account: &UserAccount,
    keeper: &Pubkey,
    owner_signer: Option<&Signer>,
    now: i64,
) -> Result<bool> {
    require!(exchange.is_keeper(keeper, now), PerpError::NotKeeper);
    match owner_signer {
        Some(signer) => {
            require_keys_eq!(signer.key(), account.owner, PerpError::NotOwner);
            Ok(false)
        }
        None => {
            check_delegation(&account.delegate, now)?;
            Ok(true)
        }
    }
}

/// Checks the signatures of an action without a price: the owner's alone, or a keeper's under the delegation. Gives back
/// whether the keeper acts alone.
///
/// # Errors
/// `MissingAuthority`, `NotKeeper`, `NotOwner`, `DelegateDisabled`, `DelegateExpired`.
pub fn authorise_without_price(
    exchange: &Exchange,
    account: &UserAccount,
    keeper: Option<&Signer>,
    owner_signer: Option<&Signer>,
    now: i64,
) -> Result<bool> {
    match (owner_signer, keeper) {
        (Some(signer), keeper) => {
            require_keys_eq!(signer.key(), account.owner, PerpError::NotOwner);
            // An event names the keeper that signed: nobody else is named there.
            let is_keeper = keeper.is_none_or(|signer| exchange.is_keeper(&signer.key(), now));
            require!(is_keeper, PerpError::NotKeeper);
            Ok(false)
        }
        (None, Some(keeper)) => authorise_trade(exchange, account, &keeper.key(), None, now),
        (None, None) => err!(PerpError::MissingAuthority),
    }
}

fn check_delegation(delegate: &Delegate, now: i64) -> Result<()> {
    require!(delegate.enabled, PerpError::DelegateDisabled);
    require!(now < delegate.expires_at, PerpError::DelegateExpired);
    Ok(())
}

/// The keeper that signed what anyone may do; none where nobody of them did.
///
/// # Errors
/// `NotKeeper`.
pub fn keeper_of(exchange: &Exchange, keeper: Option<&Signer>, now: i64) -> Result<Option<Pubkey>> {
    let key = keeper.map(|signer| signer.key());
    let is_keeper = key.is_none_or(|key| exchange.is_keeper(&key, now));
    require!(is_keeper, PerpError::NotKeeper);
    Ok(key)
}

/// Smallest `publish_time` of what anyone may do: without a keeper's signature the price must be fresh, so that nobody reaches
/// back for a moment that suits him; a keeper is bound by the market's own limit alone (0 here).
pub fn oldest_publish_time(keeper: Option<Pubkey>, now: i64) -> MathResult<i64> {
    if keeper.is_some() {
        return Ok(0);
    }
    sub_i64(now, KEEPERLESS_PRICE_AGE_SECONDS_MAX)
}

/// # Errors
/// `OracleStale`.
pub fn check_not_older(oracle: &OraclePrice, oldest: i64) -> Result<()> {
    require!(oracle.publish_time >= oldest, PerpError::OracleStale);
    Ok(())
}

/// Refuses a command prepared for another state of the position.
///
/// # Errors
/// `StaleCommand`.
pub fn check_seq(expected: u64, seq: u64) -> Result<()> {
    require!(expected == seq, PerpError::StaleCommand);
    Ok(())
}

/// Refuses an execution further from the oracle price than the delegation allows, impact included.
///
/// # Errors
/// `DelegateSlippageExceeded`.
pub fn check_delegate_slippage(
    delegate: &Delegate,
    side: TradeSide,
    size: u64,
    price: u64,
    fill_price: u64,
    impact: u64,
) -> MathResult<()> {
    let allowed = u64::from(delegate.max_slippage_bps).min(BPS);
    let traded = mul_u128(product(size, fill_price), u128::from(BPS))?;
    let charge = mul_u128(
        mul_u128(u128::from(impact), VALUE_PER_QUOTE)?,
        u128::from(BPS),
    )?;
    let notional = product(size, price);
    let within = match side {
        TradeSide::Buy => {
            add_u128(traded, charge)? <= mul_u128(notional, u128::from(add_u64(BPS, allowed)?))?
        }
        TradeSide::Sell => {
            traded
                >= add_u128(
                    charge,
                    mul_u128(notional, u128::from(sub_u64(BPS, allowed)?))?,
                )?
        }
    };
    if within {
        Ok(())
    } else {
        Err(PerpError::DelegateSlippageExceeded)
    }
}

/// Refuses a keeper who alone opens or removes margin while delegation is paused. Closing and adding margin go on: no pause
/// keeps a trader's stop from being executed.
///
/// # Errors
/// `Paused`.
pub fn check_delegation_runs(exchange: &Exchange, delegated: bool) -> Result<()> {
    let stopped = delegated && exchange.is_paused(pause::DELEGATION);
    require!(!stopped, PerpError::Paused);
    Ok(())
}
