//! What opening and reducing do, whichever instruction asks for it: the mathematics, the delegation's limits, the counters and
//! the event.

use super::authority::{check_delegate_slippage, check_delegation_runs};
use super::insurance::{funds_of, store_use};
use super::records::{market_after, stamp_part, stamp_trade};
use super::turnover::charge_turnover;
use crate::constants::pause;
use crate::errors::PerpError;
use crate::events::{InsuranceUse, PositionIncreased, PositionReduced, ReduceReason};
use crate::math::accrual::accrue;
use crate::math::ints::{add_i128, add_u128};
use crate::math::position_open::{open, OpenRequest};
use crate::math::position_reduce::{reduce, ReduceRequest, Reduced};
use crate::math::side::{closing_trade, opening_trade};
use crate::oracle::{accept_price, check_near_ema};
use crate::state::{
    Exchange, Insurance, Market, MarketStatus, OraclePrice, Position, PositionState, UserAccount,
};
use anchor_lang::prelude::*;

/// The accounts a trade changes.
pub struct Books<'a> {
    /// Address of `market`.
    pub market_address: Pubkey,
    /// The market, accrued.
    pub market: &'a mut Market,
    /// The trader's account.
    pub account: &'a mut UserAccount,
    /// The trader's position in this market.
    pub position: &'a mut Position,
}

/// Who asked for a trade and what bounds it, as its event states them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// The order (16 uuid bytes; zero for none).
    pub order_id: [u8; 16],
    /// The keeper that signed; the default key where none did.
    pub keeper: Pubkey,
    /// Whether the keeper alone signed for the trader.
    pub delegated: bool,
    /// Smallest acceptable `publish_time`, unix seconds.
    pub min_publish_time: i64,
    /// Worst price, impact included, 1e-8 USD; 0 where there is none.
    pub worst_price: u64,
}

/// Whether an opening is the command itself or the second part of a flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A command of its own.
    Whole,
    /// The command was counted with the part before.
    Second,
}

/// Refuses an opening that the exchange or the market's state does not allow.
///
/// # Errors
/// `Paused`, `MarketReduceOnly`, `MarketHalted`.
pub fn check_may_open(exchange: &Exchange, market: &Market, delegated: bool) -> Result<()> {
    require!(!exchange.is_paused(pause::OPEN), PerpError::Paused);
    check_delegation_runs(exchange, delegated)?;
    match market.status {
        MarketStatus::Active => Ok(()),
        MarketStatus::ReduceOnly => err!(PerpError::MarketReduceOnly),
        MarketStatus::Halted => err!(PerpError::MarketHalted),
    }
}

/// Accepts the price of a trade and accrues the market at it. `opens` is whether the trade opens anything.
///
/// # Errors
/// Those of `accept_price`; `PriceTooEarly`; `OracleDivergent` where the trade opens.
pub fn accept_trade_price(
    market: &mut Market,
    price_update: &AccountInfo,
    min_publish_time: i64,
    opens: bool,
    now: i64,
) -> Result<OraclePrice> {
    let oracle = accept_price(market, price_update, now)?;
    require!(
        oracle.publish_time >= min_publish_time,
        PerpError::PriceTooEarly
    );
    if opens {
        check_near_ema(&oracle, &market.oracle)?;
    }
    accrue(market, oracle.price, now)?;
    Ok(oracle)
}

/// Opens or increases.
///
/// # Errors
/// Those of `math::position_open::open`, `DelegateSlippageExceeded`, `DelegateTurnoverExceeded`.
#[inline(never)]
pub fn increase_position(
    books: &mut Books,
    terms: &Terms,
    oracle: &OraclePrice,
    request: &OpenRequest,
    part: Part,
    now: i64,
) -> Result<Box<PositionIncreased>> {
    let Books {
        market_address,
        market,
        account,
        position,
    } = books;
    let before = position.state;
    let opened = open(
        market,
        &mut position.state,
        &mut account.collateral,
        oracle,
        request,
    )?;
    if terms.delegated {
        check_delegate_slippage(
            &account.delegate,
            opening_trade(request.side),
            request.size,
            oracle.price,
            opened.fill_price,
            opened.impact,
        )?;
        charge_turnover(account, request.size, opened.fill_price, now)?;
    }
    position.fees_paid = add_u128(position.fees_paid, u128::from(opened.fee))?;
    let count = match part {
        Part::Whole => stamp_trade,
        Part::Second => stamp_part,
    };
    let stamps = count(market, account, position, terms.order_id, before.size, now)?;
    Ok(Box::new(PositionIncreased {
        market_seq: stamps.market_seq,
        account_seq: stamps.account_seq,
        position_seq: stamps.position_seq,
        command_seq: stamps.command_seq,
        owner: position.owner,
        market: *market_address,
        market_index: market.index,
        order_id: terms.order_id,
        keeper: terms.keeper,
        delegated: terms.delegated,
        min_publish_time: terms.min_publish_time,
        worst_price: request.worst_price,
        leverage_e2: request.leverage_e2,
        oracle: *oracle,
        fill_price: opened.fill_price,
        size: request.size,
        margin_added: opened.margin_added,
        fee: opened.fee,
        fee_split: opened.fee_split,
        impact: opened.impact,
        before,
        after: position.state,
        opened_seq: position.opened_seq,
        collateral: account.collateral,
        market_after: market_after(market)?,
    }))
}

/// Reduces by `size`, or closes, at the fill price with fee and impact.
///
/// # Errors
/// Those of `math::position_reduce::reduce`, `DelegateSlippageExceeded`.
#[inline(never)]
pub fn reduce_position(
    books: &mut Books,
    insurance: Option<&mut Box<Account<Insurance>>>,
    terms: &Terms,
    oracle: &OraclePrice,
    size: u64,
    reason: ReduceReason,
    now: i64,
) -> Result<Box<PositionReduced>> {
    let before = books.position.state;
    let mut funds = insurance.as_deref().map(|given| funds_of(given, now));
    let reduced = reduce(
        books.market,
        &mut books.position.state,
        &mut books.account.collateral,
        oracle,
        &ReduceRequest {
            size,
            worst_price: match reason {
                ReduceReason::Order => Some(terms.worst_price),
                ReduceReason::CloseRequest | ReduceReason::Capped => None,
            },
        },
        &mut funds,
    )?;
    if terms.delegated {
        check_delegate_slippage(
            &books.account.delegate,
            closing_trade(before.side),
            size,
            oracle.price,
            reduced.fill_price,
            reduced.impact,
        )?;
    }
    let used = store_use(insurance, funds, now)?;
    let done = Reduction {
        before,
        size,
        reduced,
        insurance: used,
        reason,
    };
    record_reduction(books, terms, oracle, &done, now)
}

/// A reduction that was made.
pub struct Reduction {
    /// The position before.
    pub before: PositionState,
    /// Size taken off, 1e-8 base units.
    pub size: u64,
    /// What it moved.
    pub reduced: Reduced,
    /// What insurance paid.
    pub insurance: Option<InsuranceUse>,
    /// Why it was made.
    pub reason: ReduceReason,
}

/// Counts a reduction and gives back its event.
#[inline(never)]
pub fn record_reduction(
    books: &mut Books,
    terms: &Terms,
    oracle: &OraclePrice,
    done: &Reduction,
    now: i64,
) -> Result<Box<PositionReduced>> {
    let Reduction {
        before, reduced, ..
    } = done;
    let Books {
        market_address,
        market,
        account,
        position,
    } = books;
    position.realized_pnl = add_i128(position.realized_pnl, i128::from(reduced.realized_pnl))?;
    position.fees_paid = add_u128(position.fees_paid, u128::from(reduced.fee))?;
    let opened_seq = position.opened_seq;
    let stamps = stamp_trade(market, account, position, terms.order_id, before.size, now)?;
    Ok(Box::new(PositionReduced {
        market_seq: stamps.market_seq,
        account_seq: stamps.account_seq,
        position_seq: stamps.position_seq,
        command_seq: stamps.command_seq,
        owner: position.owner,
        market: *market_address,
        market_index: market.index,
        order_id: terms.order_id,
        keeper: terms.keeper,
        delegated: terms.delegated,
        min_publish_time: terms.min_publish_time,
        worst_price: terms.worst_price,
        reason: done.reason,
        oracle: *oracle,
        fill_price: reduced.fill_price,
        size: done.size,
        entry_value: reduced.entry_value,
        realized_pnl: reduced.realized_pnl,
        funding: reduced.funding,
        borrow: reduced.borrow,
        fee: reduced.fee,
        fee_split: reduced.fee_split,
        impact: reduced.impact,
        margin_released: reduced.margin_released,
        bad_debt: reduced.bad_debt,
        insurance: done.insurance,
        before: *before,
        after: position.state,
        opened_seq,
        collateral: account.collateral,
        market_after: market_after(market)?,
    }))
}
