//! All markets of the exchange, as pool-share operations need them.

use super::pool_request::Window;
use crate::constants::{POOL_PRICE_AGE_SECONDS_MAX, POOL_REFRESH_AGE_SECONDS_MAX};
use crate::errors::PerpError;
use crate::events::MarketSettled;
use crate::instructions::settle_market::set_known_backing;
use crate::math::ints::{add_i64, sub_i64, sub_u64, to_i64, MathResult};
use crate::math::pool::{spare_backing, PoolEquity, PoolOperation};
use crate::math::reserve::reserved;
use crate::oracle::check_near_ema;
use crate::state::{Market, MarketStatus, Pool};
use anchor_lang::prelude::*;

/// A market passed as a remaining account.
pub type LoadedMarket<'info> = Box<Account<'info, Market>>;

/// Reads all markets, which must be complete and in the order of their index: a market left out would hide its losses.
///
/// # Errors
/// `WrongMarketList`.
pub fn load_markets<'info>(
    accounts: &'info [AccountInfo<'info>],
    market_count: u8,
) -> Result<Vec<LoadedMarket<'info>>> {
    require!(
        accounts.len() == usize::from(market_count),
        PerpError::WrongMarketList
    );
    let mut markets = Vec::with_capacity(accounts.len());
    for (index, account) in accounts.iter().enumerate() {
        let market: LoadedMarket = Box::new(Account::try_from(account)?);
        let in_order = usize::from(market.index) == index && account.is_writable;
        require!(in_order, PerpError::WrongMarketList);
        markets.push(market);
    }
    Ok(markets)
}

fn has_open_interest(market: &Market) -> bool {
    market.long.size > 0 || market.short.size > 0
}

/// Every market with open interest is settled and refreshed just now, at a price of the request's window that is near its
/// average and only seconds old: an older one would be chosen with hindsight. Without open interest anywhere the clock stands in
/// for the price. No market is halted. Gives back whether there is open interest.
///
/// # Errors
/// `MarketHalted`, `MarketNotRefreshed`, `PoolRequestTooEarly`, `PoolRequestOutsideWindow`, `OracleStale`, `OracleDivergent`.
pub fn check_markets(markets: &[LoadedMarket], window: &Window, now: i64) -> Result<bool> {
    let closes = add_i64(window.to, POOL_PRICE_AGE_SECONDS_MAX)?;
    require!(now <= closes, PerpError::PoolRequestOutsideWindow);
    let oldest_price = sub_i64(now, POOL_PRICE_AGE_SECONDS_MAX)?;
    let mut priced = false;
    for market in markets {
        require!(
            market.status != MarketStatus::Halted,
            PerpError::MarketHalted
        );
        if !has_open_interest(market) {
            continue;
        }
        priced = true;
        let oldest = sub_i64(now, POOL_REFRESH_AGE_SECONDS_MAX)?;
        let fresh = market.refreshed_at >= oldest && market.settled_at >= oldest;
        require!(fresh, PerpError::MarketNotRefreshed);
        check_window(market.price.publish_time, window)?;
        let recent = market.price.publish_time >= oldest_price;
        require!(recent, PerpError::OracleStale);
        check_near_ema(&market.price, &market.oracle)?;
    }
    if !priced {
        check_window(now, window)?;
    }
    Ok(priced)
}

fn check_window(time: i64, window: &Window) -> Result<()> {
    require!(time >= window.from, PerpError::PoolRequestTooEarly);
    require!(time <= window.to, PerpError::PoolRequestOutsideWindow);
    Ok(())
}

/// The pool's equity for an operation, 1e-6 USDC.
pub fn equity_of(
    operation: PoolOperation,
    pool: &Pool,
    markets: &[LoadedMarket],
) -> MathResult<i128> {
    let mut equity = PoolEquity::new(operation, pool.free);
    for market in markets {
        equity.add(market, &market.price)?;
    }
    equity.quote()
}

/// Takes `amount` (1e-6 USDC) from the free assets, then from what the markets can spare, in their order. Gives back one event
/// per market drawn on.
///
/// # Errors
/// `PoolShort` where there is less.
pub fn draw(
    pool: &mut Pool,
    markets: &mut [LoadedMarket],
    amount: u64,
) -> Result<Vec<MarketSettled>> {
    let from_free = amount.min(pool.free);
    pool.free = sub_u64(pool.free, from_free)?;
    let mut missing = sub_u64(amount, from_free)?;
    let mut events = Vec::new();
    for market in markets.iter_mut() {
        let taken = spare_backing(market)?.min(missing);
        if taken == 0 {
            continue;
        }
        missing = sub_u64(missing, taken)?;
        market.backing = sub_i64(market.backing, to_i64(taken)?)?;
        set_known_backing(pool, market)?;
        events.push(MarketSettled {
            market_seq: market.next_event_seq()?,
            pool_seq: pool.next_event_seq()?,
            insurance_seq: 0,
            treasury_seq: 0,
            market: market.key(),
            market_index: market.index,
            to_free: to_i64(taken)?,
            to_insurance: 0,
            to_treasury: 0,
            backing: market.backing,
            reserved: reserved(market)?,
            insurance_debt: market.insurance_debt,
            free: pool.free,
            insurance_balance: 0,
            treasury_balance: 0,
        });
    }
    require!(missing == 0, PerpError::PoolShort);
    Ok(events)
}
