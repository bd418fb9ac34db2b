//! Pool shares: what the pool is worth with all its positions closed, what a share of it buys, and where its money lies.

use super::accrual::indexes;
use super::equity::{borrow_owed, funding_owed, Indexes};
use super::fill::spread;
use super::ints::{
    add_i128, add_i64, add_u64, div_ceil_i128, div_ceil_u128, div_floor_i128, mul_i128, mul_u128,
    neg_i128, product, sub_i128, sub_i64, sub_u64, to_i128, to_i64, to_u128, to_u64, MathResult,
};
use super::pnl::{capped_value, position_value};
use super::reserve::{required_backing, reserved};
use crate::constants::{BPS, EQUITY_PER_QUOTE, EQUITY_PER_VALUE, FIRST_DEPOSIT_LOCKED_SHARES};
use crate::errors::PerpError;
use crate::state::{Market, OraclePrice, PositionState, Side, SideTotals};

/// Minting counts the pool as rich as it can be, redeeming as poor: who comes or goes never gains from who stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolOperation {
    /// Shares for a deposit.
    Mint,
    /// A payout for shares.
    Redeem,
}

/// What a side's traders would take out, 1e-26 USD: not less than minus their margins; for minting capped by their reserves.
pub fn side_pnl(
    operation: PoolOperation,
    side: Side,
    totals: &SideTotals,
    indexes: Indexes,
    price: u64,
) -> MathResult<i128> {
    let sums = PositionState {
        side,
        size: totals.size,
        entry_value: totals.entry_value,
        margin: totals.margin,
        reserve: totals.reserve,
        funding_sum: totals.funding_sum,
        borrow_sum: totals.borrow_sum,
    };
    let value = position_value(side, sums.size, sums.entry_value, price)?;
    let counted = match operation {
        PoolOperation::Mint => capped_value(value, sums.reserve)?,
        PoolOperation::Redeem => value,
    };
    let owed = add_i128(
        funding_owed(&sums, indexes.funding)?,
        borrow_owed(&sums, indexes.borrow)?,
    )?;
    let lowest = neg_i128(mul_i128(i128::from(sums.margin), EQUITY_PER_QUOTE)?)?;
    Ok(sub_i128(mul_i128(counted, EQUITY_PER_VALUE)?, owed)?.max(lowest))
}

/// Both sides' result at the one of `price − spread`, `price`, `price + spread` that is worst for who mints or redeems,
/// 1e-26 USD.
pub fn market_pnl(
    operation: PoolOperation,
    market: &Market,
    oracle: &OraclePrice,
) -> MathResult<i128> {
    let distance = spread(oracle.conf, market.config.k_bps)?;
    let prices = [
        oracle.price.saturating_sub(distance),
        oracle.price,
        add_u64(oracle.price, distance)?,
    ];
    let mut worst: Option<i128> = None;
    for price in prices {
        let long = side_pnl(operation, Side::Long, &market.long, indexes(market), price)?;
        let short = side_pnl(
            operation,
            Side::Short,
            &market.short,
            indexes(market),
            price,
        )?;
        let both = add_i128(long, short)?;
        worst = Some(match (worst, operation) {
            (None, _) => both,
            (Some(other), PoolOperation::Mint) => other.min(both),
            (Some(other), PoolOperation::Redeem) => other.max(both),
        });
    }
    worst.ok_or(PerpError::MathOverflow)
}

/// The pool's equity, added up market by market.
#[derive(Clone, Copy, Debug)]
pub struct PoolEquity {
    operation: PoolOperation,
    /// 1e-6 USDC.
    assets: i128,
    /// What traders would take out, 1e-26 USD.
    results: i128,
}

impl PoolEquity {
    /// Starts with the free assets, 1e-6 USDC.
    pub fn new(operation: PoolOperation, free: u64) -> Self {
        Self {
            operation,
            assets: i128::from(free),
            results: 0,
        }
    }

    /// Adds a market: its backing, less what it owes, less what its traders would take out at `oracle`.
    pub fn add(&mut self, market: &Market, oracle: &OraclePrice) -> MathResult<()> {
        let owed = claims(market)?;
        let own = sub_i128(i128::from(market.backing), i128::from(owed))?;
        self.assets = add_i128(self.assets, own)?;
        self.results = add_i128(self.results, market_pnl(self.operation, market, oracle)?)?;
        Ok(())
    }

    /// 1e-6 USDC: up for minting, down for redeeming.
    pub fn quote(&self) -> MathResult<i128> {
        let exact = sub_i128(mul_i128(self.assets, EQUITY_PER_QUOTE)?, self.results)?;
        match self.operation {
            PoolOperation::Mint => div_ceil_i128(exact, EQUITY_PER_QUOTE),
            PoolOperation::Redeem => div_floor_i128(exact, EQUITY_PER_QUOTE),
        }
    }
}

/// `floor(deposit · supply / pool_equity)`, 1e-6 shares.
///
/// # Errors
/// `PoolWithoutEquity`, `ZeroShares`.
pub fn mint_shares(deposit: u64, supply: u64, pool_equity: i128) -> MathResult<u64> {
    if pool_equity <= 0 {
        return Err(PerpError::PoolWithoutEquity);
    }
    let shares = to_u64(super::ints::div_floor_u128(
        product(deposit, supply),
        to_u128(pool_equity)?,
    )?)?;
    if shares == 0 {
        return Err(PerpError::ZeroShares);
    }
    Ok(shares)
}

/// Shares of the first deposit for its holder: one per quote unit, less what is locked for ever.
///
/// # Errors
/// `FirstDepositTooSmall`.
pub fn first_mint_shares(deposit: u64) -> MathResult<u64> {
    deposit
        .checked_sub(FIRST_DEPOSIT_LOCKED_SHARES)
        .filter(|shares| *shares > 0)
        .ok_or(PerpError::FirstDepositTooSmall)
}

/// What redeeming gives and burns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// 1e-6 USDC.
    pub payout: u64,
    /// Stays with the pool, 1e-6 USDC.
    pub fee: u64,
    /// 1e-6 shares.
    pub shares_burned: u64,
}

/// `floor(shares · pool_equity / supply)` minus the fee, rounded up; 0 where the pool has no equity.
pub fn redeem_payout(
    shares: u64,
    supply: u64,
    pool_equity: i128,
    lp_fee_bps: u16,
) -> MathResult<(u64, u64)> {
    if pool_equity <= 0 {
        return Ok((0, 0));
    }
    let worth = mul_u128(u128::from(shares), to_u128(pool_equity)?)?;
    after_fee(
        to_u64(super::ints::div_floor_u128(worth, u128::from(supply))?)?,
        lp_fee_bps,
    )
}

fn after_fee(gross: u64, lp_fee_bps: u16) -> MathResult<(u64, u64)> {
    let fee = to_u64(div_ceil_u128(
        product(gross, u64::from(lp_fee_bps)),
        u128::from(BPS),
    )?)?;
    Ok((sub_u64(gross, fee)?, fee))
}

/// A redemption, cut to what the pool can give (`available`, 1e-6 USDC): the shares not paid for are kept.
///
/// # Errors
/// `ZeroShares` where nothing would be paid.
pub fn redeem(
    shares: u64,
    supply: u64,
    pool_equity: i128,
    lp_fee_bps: u16,
    available: u64,
) -> MathResult<Redemption> {
    let (payout, fee) = redeem_payout(shares, supply, pool_equity, lp_fee_bps)?;
    let redemption = if payout <= available {
        Redemption {
            payout,
            fee,
            shares_burned: shares,
        }
    } else {
        let (payout, fee) = after_fee(available, lp_fee_bps)?;
        let burned = to_u64(div_ceil_u128(
            product(available, supply),
            to_u128(pool_equity)?,
        )?)?;
        Redemption {
            payout,
            fee,
            shares_burned: burned.min(shares),
        }
    };
    if redemption.payout == 0 {
        return Err(PerpError::ZeroShares);
    }
    Ok(redemption)
}

/// What insurance and traders have to get from a market's backing before anyone else, 1e-6 USDC.
fn claims(market: &Market) -> MathResult<u64> {
    add_u64(market.insurance_debt, market.payouts_owed)
}

/// What of insurance's loan a settlement pays back: as far as the backing exceeds the reserves, 1e-6 USDC.
pub fn loan_repayment(market: &Market) -> MathResult<u64> {
    let spare = sub_i64(market.backing, to_i64(reserved(market)?)?)?.max(0);
    Ok(market.insurance_debt.min(to_u64(spare)?))
}

/// What a market's backing has above what its reserves need and what is owed, 1e-6 USDC.
pub fn spare_backing(market: &Market) -> MathResult<u64> {
    let needed = required_backing(reserved(market)?, market.config.max_utilisation_bps)?;
    to_u64(
        to_i128(market.backing)?
            .saturating_sub(i128::from(needed))
            .saturating_sub(i128::from(claims(market)?))
            .max(0),
    )
}

/// What settlement moves from a market's backing to the pool's free assets (negative: the other way), 1e-6 USDC:
/// what is above both its weight and what its reserves need; what is below its weight, as far as there is. What the market owes
/// is kept beside either: the pool's free assets pay it where the market can't.
pub fn settlement(market: &Market, pool_assets: i64, free: u64) -> MathResult<i64> {
    let weighted = mul_i128(
        i128::from(pool_assets.max(0)),
        i128::from(market.config.weight_bps),
    )?;
    let target = to_i64(div_floor_i128(weighted, i128::from(BPS))?)?;
    let needed = to_i64(required_backing(
        reserved(market)?,
        market.config.max_utilisation_bps,
    )?)?;
    let own = sub_i64(market.backing, to_i64(claims(market)?)?)?;
    let surplus = sub_i64(own, target.max(needed))?;
    if surplus > 0 {
        return Ok(surplus);
    }
    let missing = sub_i64(target, own)?;
    if missing > 0 {
        return sub_i64(0, missing.min(to_i64(free)?));
    }
    Ok(0)
}

/// `free + Σ backing`, 1e-6 USDC.
pub fn pool_assets(free: u64, backing: &[i64]) -> MathResult<i64> {
    backing
        .iter()
        .try_fold(to_i64(free)?, |sum, part| add_i64(sum, *part))
}
