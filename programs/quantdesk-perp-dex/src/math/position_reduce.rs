//! Reducing and closing a position.

use super::accrual::{indexes, skew};
use super::equity::{equity_q_capped, initial_margin, is_liquidatable};
use super::fee::trading_fee;
use super::fill::{check_worst_price, fill_price};
use super::impact::{impact, ImpactInput};
use super::ints::{
    add_i128, add_i64, add_u64, div_floor_i128, div_floor_u128, neg_i128, product, sub_i128,
    sub_i64, sub_u64, to_i128, to_i64, to_u64, MathResult,
};
use super::ledger::{credit_fee, credit_pool, move_net, replace_in_totals, InsuranceFunds};
use super::pnl::is_capped;
use super::position_open::{check_min_notional, require};
use super::reduce::{flattened, realise, Realised};
use super::side::{closing_trade, signed};
use crate::constants::EQUITY_PER_QUOTE;
use crate::errors::PerpError;
use crate::events::FeeSplit;
use crate::state::{Market, OraclePrice, PositionState};

/// What a trader asks for.
#[derive(Clone, Copy, Debug)]
pub struct ReduceRequest {
    /// Size to take off, 1e-8 base units; all of it closes.
    pub size: u64,
    /// Worst price, impact included, 1e-8 USD; none where any price will do.
    pub worst_price: Option<u64>,
}

/// What a reduction moved, 1e-6 USDC where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reduced {
    /// 1e-8 USD.
    pub fill_price: u64,
    /// Entry value taken off, 1e-16 USD.
    pub entry_value: u128,
    /// Profit or loss of the part.
    pub realized_pnl: i64,
    /// Paid; negative was received.
    pub funding: i64,
    /// Paid.
    pub borrow: i64,
    /// Charged: at most what was left.
    pub fee: u64,
    /// How the fee was shared.
    pub fee_split: FeeSplit,
    /// Charged: at most what was left.
    pub impact: u64,
    /// Returned to collateral.
    pub margin_released: u64,
    /// Loss the margin did not cover.
    pub bad_debt: u64,
}

/// Reduces a position by `request.size`, or closes it. Profit and loss, funding and borrow of the part are realised into the
/// margin, then fee and impact are paid from it, each at most what is left.
///
/// # Errors
/// In this order: `PositionFlat`, `ZeroAmount`, `SizeExceedsPosition`, `InvalidFillPrice`, `SlippageExceeded`, `OnlyInFull`,
/// `NeedsInsurance`, `PoolShort`, `BelowMinNotional`, `RemainderUnhealthy`.
pub fn reduce(
    market: &mut Market,
    position: &mut PositionState,
    collateral: &mut u64,
    oracle: &OraclePrice,
    request: &ReduceRequest,
    insurance: &mut Option<InsuranceFunds>,
) -> MathResult<Reduced> {
    require(position.size > 0, PerpError::PositionFlat)?;
    require(request.size > 0, PerpError::ZeroAmount)?;
    require(
        request.size <= position.size,
        PerpError::SizeExceedsPosition,
    )?;
    let (fill, full_fee, full_impact) = reduce_costs(market, position, oracle, request.size)?;
    if let Some(worst_price) = request.worst_price {
        let direction = closing_trade(position.side);
        check_worst_price(direction, request.size, fill, full_impact, worst_price)?;
    }
    let is_all = request.size == position.size;
    if !is_all {
        check_partial(market, position, oracle.price)?;
    }
    let realised = realise(position, request.size, fill, indexes(market))?;
    let carried = add_i128(i128::from(position.margin), i128::from(realised.net))? >= 0;
    require(is_all || carried, PerpError::OnlyInFull)?;
    let realised = if carried {
        realised
    } else {
        spread_within_margin(market, position, oracle.price, realised)?
    };
    let moved = move_net(market, insurance, position.margin, realised.net, false)?;
    let fee = full_fee.min(moved.margin_left);
    let paid_impact = full_impact.min(sub_u64(moved.margin_left, fee)?);
    let margin_left = sub_u64(sub_u64(moved.margin_left, fee)?, paid_impact)?;
    let remainder = PositionState {
        margin: margin_left,
        ..realised.remainder
    };
    let (after, released) = if is_all {
        (flattened(position), margin_left)
    } else {
        keep(
            market,
            &remainder,
            request.size,
            position.size,
            oracle.price,
        )?
    };
    let fee_split = credit_fee(market, fee)?;
    credit_pool(market, paid_impact)?;
    replace_in_totals(market, position.side, position, &after)?;
    *collateral = add_u64(*collateral, released)?;
    *position = after;
    Ok(Reduced {
        fill_price: fill,
        entry_value: realised.entry_value,
        realized_pnl: realised.realized_pnl,
        funding: realised.funding,
        borrow: realised.borrow,
        fee,
        fee_split,
        impact: paid_impact,
        margin_released: released,
        bad_debt: moved.bad_debt,
    })
}

/// A full close beyond the margin, charged the spread only as far as the margin reaches, like fee and impact: bad debt is what is
/// lost at the oracle price. Otherwise insurance would pay the pool for income it never lost, and who owns the pool could fetch it.
fn spread_within_margin(
    market: &Market,
    position: &PositionState,
    price: u64,
    at_fill: Realised,
) -> MathResult<Realised> {
    let at_price = realise(position, position.size, price, indexes(market))?;
    let emptied = neg_i128(i128::from(position.margin))?;
    let net = to_i64(i128::from(at_price.net).min(emptied))?;
    let waived = sub_i64(net, at_fill.net)?;
    Ok(Realised {
        realized_pnl: add_i64(at_fill.realized_pnl, waived)?,
        net,
        ..at_fill
    })
}

/// Fill, fee and impact of a reduction, in full.
fn reduce_costs(
    market: &Market,
    position: &PositionState,
    oracle: &OraclePrice,
    size: u64,
) -> MathResult<(u64, u64, u64)> {
    let config = &market.config;
    let fill = fill_price(
        closing_trade(position.side),
        oracle.price,
        oracle.conf,
        config.k_bps,
    )?;
    let charge = impact(&ImpactInput {
        price: oracle.price,
        skew: skew(market),
        delta: neg_i128(signed(position.side, i128::from(size))?)?,
        skew_scale: config.skew_scale,
        max_skew_bps: config.max_skew_bps,
        reducing: true,
    })?;
    Ok((fill, trading_fee(size, fill, config.fee_bps)?, charge))
}

/// A part may be taken off only while the position is healthy and worth something.
fn check_partial(market: &Market, position: &PositionState, price: u64) -> MathResult<()> {
    let unhealthy = is_liquidatable(
        position,
        indexes(market),
        price,
        market.config.maintenance_margin_bps,
    )?;
    let worthless = equity_q_capped(position, indexes(market), price)? < 0;
    require(!unhealthy && !worthless, PerpError::OnlyInFull)
}

/// The remainder as it is kept, and what of its margin goes to collateral: the part's share, as far as the initial margin
/// stays.
///
/// # Errors
/// `BelowMinNotional`, `RemainderUnhealthy`.
fn keep(
    market: &Market,
    remainder: &PositionState,
    part: u64,
    size: u64,
    price: u64,
) -> MathResult<(PositionState, u64)> {
    let initial = initial_margin(remainder.size, price, market.config.max_leverage)?;
    let equity = equity_q_capped(remainder, indexes(market), price)?;
    let spare = div_floor_i128(sub_i128(equity, initial)?, EQUITY_PER_QUOTE)?;
    let proportional = to_i128(div_floor_u128(
        product(remainder.margin, part),
        u128::from(size),
    )?)?;
    let released = to_u64(proportional.min(spare).max(0))?;
    let after = PositionState {
        margin: sub_u64(remainder.margin, released)?,
        ..*remainder
    };
    check_min_notional(market, after.size, price)?;
    let unhealthy = is_liquidatable(
        &after,
        indexes(market),
        price,
        market.config.maintenance_margin_bps,
    )?;
    require(!unhealthy, PerpError::RemainderUnhealthy)?;
    Ok((after, released))
}

/// Closes a position that can win nothing more, in full, at the oracle price, without fee or impact.
///
/// # Errors
/// `PositionFlat`, `NotCapped`, `NeedsInsurance`, `PoolShort`.
pub fn close_capped(
    market: &mut Market,
    position: &mut PositionState,
    collateral: &mut u64,
    oracle: &OraclePrice,
    insurance: &mut Option<InsuranceFunds>,
) -> MathResult<Reduced> {
    require(position.size > 0, PerpError::PositionFlat)?;
    let capped = is_capped(
        position.side,
        position.size,
        position.entry_value,
        position.reserve,
        oracle.price,
    )?;
    require(capped, PerpError::NotCapped)?;
    let realised = realise(position, position.size, oracle.price, indexes(market))?;
    let moved = move_net(market, insurance, position.margin, realised.net, false)?;
    let after = flattened(position);
    replace_in_totals(market, position.side, position, &after)?;
    *collateral = add_u64(*collateral, moved.margin_left)?;
    *position = after;
    Ok(Reduced {
        fill_price: oracle.price,
        entry_value: realised.entry_value,
        realized_pnl: realised.realized_pnl,
        funding: realised.funding,
        borrow: realised.borrow,
        margin_released: moved.margin_left,
        bad_debt: moved.bad_debt,
        ..Reduced::default()
    })
}
