//! Paying later what a liquidation could not pay at once.

use super::ints::{add_u64, sub_i128, sub_i64, sub_u64, to_i64, to_u64, MathResult};
use super::ledger::InsuranceFunds;
use super::position_open::require;
use super::reserve::reserved;
use crate::errors::PerpError;
use crate::state::Market;

/// Pays what is owed to a trader as far as there is money for it: first from what the backing has above the reserves, which are
/// other traders' possible profits, then by a loan of insurance, where it was given. Gives back what was paid, 1e-6 USDC.
///
/// # Errors
/// `NothingOwed`; `PoolShort` where nothing can be paid.
pub fn pay_owed(
    market: &mut Market,
    payout_owed: &mut u64,
    collateral: &mut u64,
    insurance: &mut Option<InsuranceFunds>,
) -> MathResult<u64> {
    require(*payout_owed > 0, PerpError::NothingOwed)?;
    let spare = sub_i128(i128::from(market.backing), i128::from(reserved(market)?))?.max(0);
    let from_pool = to_u64(spare.min(i128::from(*payout_owed)))?;
    let missing = sub_u64(*payout_owed, from_pool)?;
    let lent = match insurance.as_mut() {
        Some(funds) => {
            let lent = missing.min(funds.balance);
            funds.balance = sub_u64(funds.balance, lent)?;
            funds.lent = add_u64(funds.lent, lent)?;
            lent
        }
        None => 0,
    };
    let paid = add_u64(from_pool, lent)?;
    require(paid > 0, PerpError::PoolShort)?;
    market.backing = sub_i64(market.backing, to_i64(from_pool)?)?;
    market.insurance_debt = add_u64(market.insurance_debt, lent)?;
    market.payouts_owed = sub_u64(market.payouts_owed, paid)?;
    *payout_owed = sub_u64(*payout_owed, paid)?;
    *collateral = add_u64(*collateral, paid)?;
    Ok(paid)
}
