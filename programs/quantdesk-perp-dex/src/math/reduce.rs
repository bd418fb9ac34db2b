//! Realising a part of a position.

use super::equity::{borrow_owed, funding_owed, Indexes};
use super::ints::{
    add_i128, add_u128, div_ceil_i128, div_ceil_u128, div_floor_i128, div_floor_u128, mul_i128,
    mul_u128, product, sub_i128, sub_i64, sub_u128, sub_u64, to_i128, to_i64, to_u128, to_u64,
    MathResult,
};
use super::pnl::unrealized_pnl;
use crate::constants::EQUITY_PER_QUOTE;
use crate::errors::PerpError;
use crate::state::{PositionState, Side};

/// Rounding of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Towards −∞.
    Down,
    /// Towards +∞.
    Up,
}

/// `total · part / size` of a stored sum, rounded as told. The product does not fit 128 bits; `q·part + r·part/size` with
/// `q = floor(total/size)` and `0 ≤ r < size` is the same number and does.
pub fn share(total: i128, part: u64, size: u64, round: Round) -> MathResult<i128> {
    let size = i128::from(size);
    let quotient = div_floor_i128(total, size)?;
    let rest = to_u64(sub_i128(total, mul_i128(quotient, size)?)?)?;
    let rest_part = divide(product(rest, part), to_u128(size)?, round)?;
    add_i128(mul_i128(quotient, i128::from(part))?, to_i128(rest_part)?)
}

/// `share` of an unsigned sum.
fn share_unsigned(total: u128, part: u64, size: u64, round: Round) -> MathResult<u128> {
    let divisor = u128::from(size);
    let quotient = div_floor_u128(total, divisor)?;
    let rest = to_u64(sub_u128(total, mul_u128(quotient, divisor)?)?)?;
    add_u128(
        mul_u128(quotient, u128::from(part))?,
        divide(product(rest, part), divisor, round)?,
    )
}

fn divide(a: u128, b: u128, round: Round) -> MathResult<u128> {
    match round {
        Round::Down => div_floor_u128(a, b),
        Round::Up => div_ceil_u128(a, b),
    }
}

/// What realising a part moves, 1e-6 USDC; `funding` and `borrow` are what the trader pays (negative funding is received).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Realised {
    /// Profit or loss of the part, at most the reserve it releases.
    pub realized_pnl: i64,
    /// Rounded up.
    pub funding: i64,
    /// Rounded up.
    pub borrow: i64,
    /// `realized_pnl − funding − borrow`.
    pub net: i64,
    /// Entry value of the part, 1e-16 USD.
    pub entry_value: u128,
    /// The rest of the position, its margin not touched yet.
    pub remainder: PositionState,
}

/// The part cut out of a position and what remains: each stored sum is rounded against the trader, the rest keeps the
/// difference exactly.
fn cut(position: &PositionState, part: u64) -> MathResult<(PositionState, PositionState)> {
    let (entry_round, funding_round) = match position.side {
        Side::Long => (Round::Up, Round::Down),
        Side::Short => (Round::Down, Round::Up),
    };
    let size = position.size;
    let entry_value = share_unsigned(position.entry_value, part, size, entry_round)?;
    let funding_sum = share(position.funding_sum, part, size, funding_round)?;
    let borrow_sum = share(position.borrow_sum, part, size, Round::Down)?;
    let remaining_entry = sub_u128(position.entry_value, entry_value)?;
    let rest = sub_u64(size, part)?;
    // A share of what was reserved at the opening, whatever the market's cap is now: a change of it neither takes from who is in
    // nor gives him anything.
    let held = div_ceil_u128(product(position.reserve, rest), u128::from(size))?;
    let remaining_reserve = to_u64(held)?;
    let taken = PositionState {
        size: part,
        entry_value,
        funding_sum,
        borrow_sum,
        reserve: sub_u64(position.reserve, remaining_reserve)?,
        ..*position
    };
    let remainder = PositionState {
        size: rest,
        entry_value: remaining_entry,
        funding_sum: sub_i128(position.funding_sum, funding_sum)?,
        borrow_sum: sub_i128(position.borrow_sum, borrow_sum)?,
        reserve: remaining_reserve,
        ..*position
    };
    Ok((taken, remainder))
}

/// Realises `part` of a position at a price: profit down and capped by the released reserve, funding and borrow up.
pub fn realise(
    position: &PositionState,
    part: u64,
    price: u64,
    indexes: Indexes,
) -> MathResult<Realised> {
    if part == 0 || part > position.size {
        return Err(PerpError::SizeExceedsPosition);
    }
    let (taken, remainder) = cut(position, part)?;
    let realized_pnl = unrealized_pnl(taken.side, part, taken.entry_value, taken.reserve, price)?;
    let funding = to_i64(div_ceil_i128(
        funding_owed(&taken, indexes.funding)?,
        EQUITY_PER_QUOTE,
    )?)?;
    let borrow = to_i64(div_ceil_i128(
        borrow_owed(&taken, indexes.borrow)?,
        EQUITY_PER_QUOTE,
    )?)?;
    let net = sub_i64(sub_i64(realized_pnl, funding)?, borrow)?;
    Ok(Realised {
        realized_pnl,
        funding,
        borrow,
        net,
        entry_value: taken.entry_value,
        remainder,
    })
}

/// The position after it was closed: flat, with the side it had.
pub fn flattened(position: &PositionState) -> PositionState {
    PositionState {
        side: position.side,
        ..PositionState::default()
    }
}
