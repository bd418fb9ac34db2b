//! Liquidating a position, in part or in full.

use super::accrual::indexes;
use super::equity::{equity_q, liquidation_fee, maintenance_margin};
use super::ints::{add_i128, add_u64, sub_u64, MathResult};
use super::ledger::{
    move_net, replace_in_totals, reward_liquidation, InsuranceFunds, LiquidationReward,
};
use super::liquidation::{check_liquidatable, liquidation_amount};
use super::reduce::{flattened, realise, Realised};
use crate::state::{Market, OraclePrice, PositionState};

/// What a liquidation moved, 1e-6 USDC where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liquidated {
    /// Size taken off, 1e-8 base units.
    pub size: u64,
    /// Entry value taken off, 1e-16 USD.
    pub entry_value: u128,
    /// `Q` of the maintenance test, 1e-26 USD.
    pub equity_e26: i128,
    /// What the test required, 1e-26 USD.
    pub maintenance_e26: i128,
    /// Profit or loss.
    pub realized_pnl: i64,
    /// Paid; negative was received.
    pub funding: i64,
    /// Paid.
    pub borrow: i64,
    /// Charged: at most what was left.
    pub liquidation_fee: u64,
    /// How it was shared.
    pub reward: LiquidationReward,
    /// What remained for the trader; 0 for a part.
    pub margin_released: u64,
    /// Loss the margin did not cover.
    pub bad_debt: u64,
    /// A payout that neither pool nor insurance could make.
    pub payout_owed: u64,
}

/// Liquidates at the oracle price, without trading fee and impact. A part restores the target margin and releases nothing;
/// what remains of a full one is the trader's. `reward_taken` is whether a liquidator takes the keeper's share.
///
/// # Errors
/// `PositionFlat`, `NotLiquidatable`, `NeedsInsurance`.
pub fn liquidate(
    market: &mut Market,
    position: &mut PositionState,
    collateral: &mut u64,
    oracle: &OraclePrice,
    insurance: &mut Option<InsuranceFunds>,
    reward_taken: bool,
) -> MathResult<Liquidated> {
    let equity_e26 = equity_q(position, indexes(market), oracle.price)?;
    let maintenance_e26 = maintenance_margin(
        position.size,
        oracle.price,
        market.config.maintenance_margin_bps,
    )?;
    check_liquidatable(position, equity_e26, maintenance_e26)?;
    let (size, realised) = realised_part(market, position, oracle.price)?;
    let is_full = size == position.size;
    let moved = move_net(market, insurance, position.margin, realised.net, true)?;
    let fee = liquidation_fee(
        size,
        oracle.price,
        market.config.liquidation_fee_bps,
        moved.margin_left,
    )?;
    let reward = reward_liquidation(market, insurance, fee, is_full, reward_taken)?;
    let margin_left = sub_u64(moved.margin_left, fee)?;
    let (after, margin_released) = if is_full {
        (flattened(position), margin_left)
    } else {
        (
            PositionState {
                margin: margin_left,
                ..realised.remainder
            },
            0,
        )
    };
    replace_in_totals(market, position.side, position, &after)?;
    *collateral = add_u64(*collateral, margin_released)?;
    *position = after;
    Ok(Liquidated {
        size,
        entry_value: realised.entry_value,
        equity_e26,
        maintenance_e26,
        realized_pnl: realised.realized_pnl,
        funding: realised.funding,
        borrow: realised.borrow,
        liquidation_fee: fee,
        reward,
        margin_released,
        bad_debt: moved.bad_debt,
        payout_owed: moved.payout_owed,
    })
}

/// The part to take, realised. A part that the margin could not carry is never taken alone.
fn realised_part(
    market: &Market,
    position: &PositionState,
    price: u64,
) -> MathResult<(u64, Realised)> {
    let wanted = liquidation_amount(position, indexes(market), price, &market.config)?;
    let realised = realise(position, wanted, price, indexes(market))?;
    let carried = add_i128(i128::from(position.margin), i128::from(realised.net))? >= 0;
    if wanted == position.size || carried {
        return Ok((wanted, realised));
    }
    Ok((
        position.size,
        realise(position, position.size, price, indexes(market))?,
    ))
}
