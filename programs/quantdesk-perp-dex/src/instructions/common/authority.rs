//! Who may act in a trader's name, and how far.

use crate::constants::{pause, BPS, TURNOVER_WINDOW_SECONDS, VALUE_PER_QUOTE};
use crate::errors::PerpError;
use crate::math::ints::{
    add_u128, add_u64, div_ceil_u128, mul_u128, product, sub_u64, to_u64, MathResult,
};
use crate::math::side::TradeSide;
use crate::state::{Delegate, Exchange, UserAccount};
use anchor_lang::prelude::*;

/// Checks the signatures of a trade: always a keeper's, and the owner's or his delegation. Gives back whether the keeper acts
/// alone.
///
/// # Errors
/// `NotKeeper`, `NotOwner`, `Paused`, `DelegateDisabled`, `DelegateExpired`.
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
            check_delegation(exchange, &account.delegate, now)?;
            Ok(true)
        }
    }
}

/// Checks the signatures of an action without a price: the owner's alone, or a keeper's under the delegation. Gives back
/// whether the keeper acts alone.
///
/// # Errors
/// `MissingAuthority`, `NotKeeper`, `NotOwner`, `Paused`, `DelegateDisabled`, `DelegateExpired`.
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

fn check_delegation(exchange: &Exchange, delegate: &Delegate, now: i64) -> Result<()> {
    require!(!exchange.is_paused(pause::DELEGATION), PerpError::Paused);
    require!(delegate.enabled, PerpError::DelegateDisabled);
    require!(now < delegate.expires_at, PerpError::DelegateExpired);
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

/// Counts an opened notional (`size · fill_price`, rounded up) against the delegation's turnover.
///
/// # Errors
/// `DelegateTurnoverExceeded`.
pub fn charge_turnover(
    delegate: &mut Delegate,
    size: u64,
    fill_price: u64,
    now: i64,
) -> MathResult<()> {
    let notional = to_u64(div_ceil_u128(product(size, fill_price), VALUE_PER_QUOTE)?)?;
    if now.saturating_sub(delegate.turnover_window_start) >= TURNOVER_WINDOW_SECONDS {
        delegate.turnover_window_start = now;
        delegate.turnover_used = 0;
    }
    delegate.turnover_used = add_u64(delegate.turnover_used, notional)?;
    if delegate.turnover_used > delegate.turnover_cap {
        return Err(PerpError::DelegateTurnoverExceeded);
    }
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
