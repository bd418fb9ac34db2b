//! The optional insurance account of closing and liquidation.

use crate::constants::TOPUP_WINDOW_SECONDS;
use crate::events::InsuranceUse;
use crate::math::ints::{add_u128, add_u64, MathResult};
use crate::math::ledger::InsuranceFunds;
use crate::state::Insurance;
use anchor_lang::prelude::*;

/// What insurance could pay at `now` (unix seconds).
pub fn funds_of(insurance: &Insurance, now: i64) -> InsuranceFunds {
    let used = if in_window(insurance, now) {
        insurance.topup_used
    } else {
        0
    };
    InsuranceFunds {
        balance: insurance.balance,
        topup_left: insurance.topup_cap_per_hour.saturating_sub(used),
        ..InsuranceFunds::default()
    }
}

fn in_window(insurance: &Insurance, now: i64) -> bool {
    now.saturating_sub(insurance.topup_window_start) < TOPUP_WINDOW_SECONDS
}

/// Writes back what insurance paid; none where it paid nothing.
pub fn store_use(
    insurance: Option<&mut Box<Account<Insurance>>>,
    funds: Option<InsuranceFunds>,
    now: i64,
) -> MathResult<Option<InsuranceUse>> {
    let (Some(insurance), Some(funds)) = (insurance, funds) else {
        return Ok(None);
    };
    if funds.covered == 0 && funds.lent == 0 && funds.topup == 0 {
        return Ok(None);
    }
    insurance.balance = funds.balance;
    insurance.bad_debt_covered = add_u128(insurance.bad_debt_covered, u128::from(funds.covered))?;
    if funds.topup > 0 {
        if !in_window(insurance, now) {
            insurance.topup_window_start = now;
            insurance.topup_used = 0;
        }
        insurance.topup_used = add_u64(insurance.topup_used, funds.topup)?;
    }
    Ok(Some(InsuranceUse {
        insurance_seq: insurance.next_event_seq()?,
        covered: funds.covered,
        lent: funds.lent,
        topup: funds.topup,
        balance: insurance.balance,
    }))
}
