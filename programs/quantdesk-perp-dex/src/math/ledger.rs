//! Where money goes inside a market: the pool's backing, what is accrued for insurance and the treasury, and what is owed.
//! Every amount leaves one place and reaches another.

use super::fee::{share_of, split_fee};
use super::ints::{
    add_i128, add_i64, add_u128, add_u64, sub_i128, sub_i64, sub_u128, sub_u64, to_i64, to_u64,
    MathResult,
};
use crate::errors::PerpError;
use crate::events::FeeSplit;
use crate::state::{Market, PositionState, Side, SideTotals};

/// Insurance, where an instruction was given its account, and what it paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InsuranceFunds {
    /// 1e-6 USDC.
    pub balance: u64,
    /// What may still top up keepers' rewards in the current hour, 1e-6 USDC.
    pub topup_left: u64,
    /// Paid for bad debt, 1e-6 USDC.
    pub covered: u64,
    /// Lent to the pool, 1e-6 USDC.
    pub lent: u64,
    /// Paid on top of a keeper's share, 1e-6 USDC.
    pub topup: u64,
}

/// What realising moved between a trader's margin and the pool, 1e-6 USDC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetMoved {
    /// The margin left, before fees.
    pub margin_left: u64,
    /// Loss beyond the margin.
    pub bad_debt: u64,
    /// Gain that neither pool nor insurance could pay.
    pub payout_owed: u64,
}

/// The pool receives: first it repays insurance, the rest is backing.
pub fn credit_pool(market: &mut Market, amount: u64) -> MathResult<()> {
    let repaid = amount.min(market.insurance_debt);
    market.insurance_debt = sub_u64(market.insurance_debt, repaid)?;
    market.insurance_accrued = add_u64(market.insurance_accrued, repaid)?;
    market.backing = add_i64(market.backing, to_i64(sub_u64(amount, repaid)?)?)?;
    Ok(())
}

/// A trading fee reaches its three owners.
pub fn credit_fee(market: &mut Market, fee: u64) -> MathResult<FeeSplit> {
    let split = split_fee(
        fee,
        market.config.pool_fee_share_bps,
        market.config.insurance_fee_share_bps,
    )?;
    credit_pool(market, split.pool)?;
    market.insurance_accrued = add_u64(market.insurance_accrued, split.insurance)?;
    market.treasury_accrued = add_u64(market.treasury_accrued, split.treasury)?;
    market.fees_collected = add_u128(market.fees_collected, u128::from(fee))?;
    Ok(split)
}

/// The pool pays. What its backing lacks is borrowed from insurance; what that lacks too is owed to the trader where `may_owe`
/// (liquidations). Gives back what is owed.
///
/// # Errors
/// `NeedsInsurance` where it was not given, `PoolShort` where it does not suffice and nothing may be owed.
pub fn debit_pool(
    market: &mut Market,
    insurance: &mut Option<InsuranceFunds>,
    amount: u64,
    may_owe: bool,
) -> MathResult<u64> {
    let available = to_u64(market.backing.max(0))?;
    if amount <= available {
        market.backing = sub_i64(market.backing, to_i64(amount)?)?;
        return Ok(0);
    }
    let funds = insurance.as_mut().ok_or(PerpError::NeedsInsurance)?;
    let missing = sub_u64(amount, available)?;
    let borrowed = missing.min(funds.balance);
    let owed = sub_u64(missing, borrowed)?;
    if owed > 0 && !may_owe {
        return Err(PerpError::PoolShort);
    }
    funds.balance = sub_u64(funds.balance, borrowed)?;
    funds.lent = add_u64(funds.lent, borrowed)?;
    market.backing = sub_i64(market.backing, to_i64(available)?)?;
    market.insurance_debt = add_u64(market.insurance_debt, borrowed)?;
    market.payouts_owed = add_u64(market.payouts_owed, owed)?;
    Ok(owed)
}

/// A loss beyond the margin: insurance pays what it has into the pool, first from its shares still in this market, then from its
/// balance; the rest is the pool's missing income, recorded only.
///
/// # Errors
/// `NeedsInsurance` where the balance is needed and was not given.
pub fn cover_bad_debt(
    market: &mut Market,
    insurance: &mut Option<InsuranceFunds>,
    bad_debt: u64,
) -> MathResult<()> {
    let from_market = bad_debt.min(market.insurance_accrued);
    market.insurance_accrued = sub_u64(market.insurance_accrued, from_market)?;
    let mut uncovered = sub_u64(bad_debt, from_market)?;
    if uncovered > 0 {
        let funds = insurance.as_mut().ok_or(PerpError::NeedsInsurance)?;
        let from_balance = uncovered.min(funds.balance);
        funds.balance = sub_u64(funds.balance, from_balance)?;
        funds.covered = add_u64(funds.covered, from_balance)?;
        uncovered = sub_u64(uncovered, from_balance)?;
    }
    credit_pool(market, sub_u64(bad_debt, uncovered)?)?;
    market.bad_debt = add_u128(market.bad_debt, u128::from(bad_debt))?;
    market.bad_debt_uncovered = add_u128(market.bad_debt_uncovered, u128::from(uncovered))?;
    Ok(())
}

/// Moves a realised net result between margin and pool: a gain to the trader, a loss to the pool as far as the margin reaches.
pub fn move_net(
    market: &mut Market,
    insurance: &mut Option<InsuranceFunds>,
    margin: u64,
    net: i64,
    may_owe: bool,
) -> MathResult<NetMoved> {
    let amount = net.unsigned_abs();
    if net > 0 {
        let payout_owed = debit_pool(market, insurance, amount, may_owe)?;
        let margin_left = add_u64(margin, sub_u64(amount, payout_owed)?)?;
        return Ok(NetMoved {
            margin_left,
            bad_debt: 0,
            payout_owed,
        });
    }
    credit_pool(market, amount.min(margin))?;
    if amount <= margin {
        return Ok(NetMoved {
            margin_left: sub_u64(margin, amount)?,
            ..NetMoved::default()
        });
    }
    let bad_debt = sub_u64(amount, margin)?;
    cover_bad_debt(market, insurance, bad_debt)?;
    Ok(NetMoved {
        margin_left: 0,
        bad_debt,
        payout_owed: 0,
    })
}

/// How a liquidation fee was shared, 1e-6 USDC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiquidationReward {
    /// The keeper's share.
    pub keeper_share: u64,
    /// Insurance's share.
    pub insurance_share: u64,
    /// Share and top-up: what the liquidator gets.
    pub keeper_reward: u64,
}

/// Splits a liquidation fee between keeper (rounded down) and insurance; on a full liquidation insurance tops the keeper up.
/// Where nobody takes the reward (`taken` is false), insurance keeps all of the fee.
pub fn reward_liquidation(
    market: &mut Market,
    insurance: &mut Option<InsuranceFunds>,
    fee: u64,
    is_full: bool,
    taken: bool,
) -> MathResult<LiquidationReward> {
    let keeper_share = if taken {
        share_of(fee, market.config.keeper_share_bps)?
    } else {
        0
    };
    let insurance_share = sub_u64(fee, keeper_share)?;
    market.insurance_accrued = add_u64(market.insurance_accrued, insurance_share)?;
    let mut keeper_reward = keeper_share;
    if let (true, true, Some(funds)) = (taken, is_full, insurance.as_mut()) {
        let missing = market.config.keeper_reward_min.saturating_sub(keeper_share);
        let topup = missing.min(funds.balance).min(funds.topup_left);
        funds.balance = sub_u64(funds.balance, topup)?;
        funds.topup_left = sub_u64(funds.topup_left, topup)?;
        funds.topup = add_u64(funds.topup, topup)?;
        keeper_reward = add_u64(keeper_reward, topup)?;
    }
    Ok(LiquidationReward {
        keeper_share,
        insurance_share,
        keeper_reward,
    })
}

/// Changes a position of `side` from `before` to `after` in that side's sums.
pub fn replace_in_totals(
    market: &mut Market,
    side: Side,
    before: &PositionState,
    after: &PositionState,
) -> MathResult<()> {
    let totals: &mut SideTotals = market.side_mut(side);
    totals.size = add_u64(sub_u64(totals.size, before.size)?, after.size)?;
    totals.entry_value = add_u128(
        sub_u128(totals.entry_value, before.entry_value)?,
        after.entry_value,
    )?;
    totals.margin = add_u64(sub_u64(totals.margin, before.margin)?, after.margin)?;
    totals.reserve = add_u64(sub_u64(totals.reserve, before.reserve)?, after.reserve)?;
    totals.funding_sum = add_i128(
        sub_i128(totals.funding_sum, before.funding_sum)?,
        after.funding_sum,
    )?;
    totals.borrow_sum = add_i128(
        sub_i128(totals.borrow_sum, before.borrow_sum)?,
        after.borrow_sum,
    )?;
    Ok(())
}
