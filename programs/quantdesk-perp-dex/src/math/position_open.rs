//! Opening and increasing a position.

use super::accrual::{indexes, skew};
use super::equity::{equity_q_capped, initial_margin, opening_margin};
use super::fee::trading_fee;
use super::fill::{check_worst_price, fill_price};
use super::impact::{check_skew, impact, ImpactInput};
use super::ints::{add_i128, add_u128, add_u64, mul_i128, mul_u128, product, sub_u64, MathResult};
use super::ledger::{credit_fee, credit_pool, replace_in_totals};
use super::pnl::is_capped;
use super::reserve::{check_reserve, position_reserve, reserved};
use super::side::{opening_trade, signed};
use crate::constants::{INDEX_SUM_MAX, LEVERAGE_SCALE, NOTIONAL_MAX, VALUE_PER_QUOTE};
use crate::errors::PerpError;
use crate::events::FeeSplit;
use crate::state::{Market, OraclePrice, PositionState, Side};

/// What a trader asks for.
#[derive(Clone, Copy, Debug)]
pub struct OpenRequest {
    /// Side to open or increase.
    pub side: Side,
    /// Size to add, 1e-8 base units.
    pub size: u64,
    /// Hundredths.
    pub leverage_e2: u32,
    /// Worst price, impact included, 1e-8 USD.
    pub worst_price: u64,
}

/// What the opened part costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// 1e-8 USD.
    pub fill_price: u64,
    /// 1e-6 USDC.
    pub margin_added: u64,
    /// 1e-6 USDC.
    pub fee: u64,
    /// 1e-6 USDC.
    pub impact: u64,
    /// How the fee was shared.
    pub fee_split: FeeSplit,
}

/// `Q_capped` is at least the initial margin.
pub fn meets_initial_margin(
    market: &Market,
    position: &PositionState,
    price: u64,
) -> MathResult<bool> {
    let required = initial_margin(position.size, price, market.config.max_leverage)?;
    Ok(equity_q_capped(position, indexes(market), price)? >= required)
}

/// Refuses a notional (`size · price`) below the market's minimum.
///
/// # Errors
/// `BelowMinNotional`.
pub fn check_min_notional(market: &Market, size: u64, price: u64) -> MathResult<()> {
    let min = mul_u128(
        u128::from(market.config.min_position_notional),
        VALUE_PER_QUOTE,
    )?;
    require(product(size, price) >= min, PerpError::BelowMinNotional)
}

/// Opens a flat position or increases one of the same side; fee and impact come from collateral. The market is accrued and the
/// price accepted; market status and EMA distance are checked by the caller.
///
/// # Errors
/// In this order: `ZeroAmount`, `LeverageOutOfBounds`, `InvalidFillPrice`, `OppositeSide`, `Capped`, `MarginTooLow`,
/// `SkewTooWide`, `SlippageExceeded`, `OpenInterestExceeded`, `NotionalTooLarge`, `BelowMinNotional`, `UtilisationExceeded`,
/// `InsufficientCollateral`, `MarginTooLow`.
pub fn open(
    market: &mut Market,
    position: &mut PositionState,
    collateral: &mut u64,
    oracle: &OraclePrice,
    request: &OpenRequest,
) -> MathResult<Opened> {
    require(request.size > 0, PerpError::ZeroAmount)?;
    let mut opened = open_costs(market, oracle, request)?;
    check_increasable(market, position, oracle.price, request.side)?;
    check_limits_of_trade(market, request, &opened)?;
    let after = grown(market, position, request, &opened)?;
    let backing = market.backing;
    replace_in_totals(market, request.side, position, &after)?;
    check_side(market, request.side, oracle.price)?;
    check_min_notional(market, after.size, oracle.price)?;
    check_reserve(
        reserved(market)?,
        backing,
        market.config.max_utilisation_bps,
    )?;
    let cost = add_u64(opened.margin_added, add_u64(opened.fee, opened.impact)?)?;
    let left = collateral
        .checked_sub(cost)
        .ok_or(PerpError::InsufficientCollateral)?;
    require(
        meets_initial_margin(market, &after, oracle.price)?,
        PerpError::MarginTooLow,
    )?;
    opened.fee_split = credit_fee(market, opened.fee)?;
    credit_pool(market, opened.impact)?;
    *position = after;
    *collateral = left;
    Ok(opened)
}

/// Fill, margin, fee and impact of the opened part.
///
/// # Errors
/// `LeverageOutOfBounds`, `InvalidFillPrice`.
fn open_costs(market: &Market, oracle: &OraclePrice, request: &OpenRequest) -> MathResult<Opened> {
    let config = &market.config;
    let OpenRequest {
        side,
        size,
        leverage_e2,
        ..
    } = *request;
    let highest = u32::from(config.max_leverage).saturating_mul(LEVERAGE_SCALE);
    require(
        leverage_e2 >= 1 && leverage_e2 <= highest,
        PerpError::LeverageOutOfBounds,
    )?;
    let fill = fill_price(opening_trade(side), oracle.price, oracle.conf, config.k_bps)?;
    let reserve = position_reserve(product(size, fill), config.payoff_cap_bps)?;
    Ok(Opened {
        fill_price: fill,
        margin_added: opening_margin(side, size, oracle.price, fill, reserve, leverage_e2)?,
        fee: trading_fee(size, fill, config.fee_bps)?,
        impact: impact(&ImpactInput {
            price: oracle.price,
            skew: skew(market),
            delta: signed(side, i128::from(size))?,
            skew_scale: config.skew_scale,
            max_skew_bps: config.max_skew_bps,
            reducing: false,
        })?,
        fee_split: FeeSplit::default(),
    })
}

fn check_increasable(
    market: &Market,
    position: &PositionState,
    price: u64,
    side: Side,
) -> MathResult<()> {
    if position.size == 0 {
        return Ok(());
    }
    require(position.side == side, PerpError::OppositeSide)?;
    let capped = is_capped(
        side,
        position.size,
        position.entry_value,
        position.reserve,
        price,
    )?;
    require(!capped, PerpError::Capped)?;
    require(
        meets_initial_margin(market, position, price)?,
        PerpError::MarginTooLow,
    )
}

fn check_limits_of_trade(
    market: &Market,
    request: &OpenRequest,
    opened: &Opened,
) -> MathResult<()> {
    let delta = signed(request.side, i128::from(request.size))?;
    check_skew(
        skew(market),
        delta,
        market.config.skew_scale,
        market.config.max_skew_bps,
    )?;
    let direction = opening_trade(request.side);
    check_worst_price(
        direction,
        request.size,
        opened.fill_price,
        opened.impact,
        request.worst_price,
    )
}

fn grown(
    market: &Market,
    position: &PositionState,
    request: &OpenRequest,
    opened: &Opened,
) -> MathResult<PositionState> {
    let added = i128::from(request.size);
    let added_value = product(request.size, opened.fill_price);
    let added_reserve = position_reserve(added_value, market.config.payoff_cap_bps)?;
    Ok(PositionState {
        side: request.side,
        size: add_u64(position.size, request.size)?,
        entry_value: add_u128(position.entry_value, added_value)?,
        margin: add_u64(position.margin, opened.margin_added)?,
        reserve: add_u64(position.reserve, added_reserve)?,
        funding_sum: add_i128(position.funding_sum, mul_i128(added, market.funding_index)?)?,
        borrow_sum: add_i128(position.borrow_sum, mul_i128(added, market.borrow_index)?)?,
    })
}

/// Limits of the side as it is after the trade; a position is never more than its side.
fn check_side(market: &Market, side: Side, price: u64) -> MathResult<()> {
    let totals = market.side(side);
    let oi_max = match side {
        Side::Long => market.config.max_long_oi,
        Side::Short => market.config.max_short_oi,
    };
    require(totals.size <= oi_max, PerpError::OpenInterestExceeded)?;
    let notional = product(totals.size, price).max(totals.entry_value);
    let index_limit = INDEX_SUM_MAX.unsigned_abs();
    let index = market
        .funding_index
        .unsigned_abs()
        .max(market.borrow_index.unsigned_abs());
    let product_of_index = mul_u128(u128::from(totals.size), index)?;
    let sums = totals
        .funding_sum
        .unsigned_abs()
        .max(totals.borrow_sum.unsigned_abs());
    let fits = notional <= NOTIONAL_MAX && product_of_index.max(sums) <= index_limit;
    require(fits, PerpError::NotionalTooLarge)
}

/// The error where the condition does not hold.
pub fn require(condition: bool, error: PerpError) -> MathResult<()> {
    if condition {
        Ok(())
    } else {
        Err(error)
    }
}

/// Moves `amount` from collateral to margin.
pub(super) fn take(from: &mut u64, to: &mut u64, amount: u64, short: PerpError) -> MathResult<()> {
    let left = sub_u64(*from, amount).map_err(|_| short)?;
    *to = add_u64(*to, amount)?;
    *from = left;
    Ok(())
}
