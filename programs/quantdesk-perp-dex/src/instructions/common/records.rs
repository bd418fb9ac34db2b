//! Bookkeeping that every command does: counters, bits, and the market's state as events show it.

use crate::errors::PerpError;
use crate::events::MarketAfter;
use crate::math::ints::MathResult;
use crate::math::reserve::reserved;
use crate::state::{Market, Position, UserAccount};

/// Numbers a command took in its four counters.
#[derive(Clone, Copy, Debug)]
pub struct Stamps {
    /// Number in the market's stream.
    pub market_seq: u64,
    /// Number in the account's stream.
    pub account_seq: u64,
    /// Number in the position's stream.
    pub position_seq: u64,
    /// The position's command counter.
    pub command_seq: u64,
}

/// `stamp` of a trade, which cancels a pending request to close: the position it was made for is no longer the same.
pub fn stamp_trade(
    market: &mut Market,
    account: &mut UserAccount,
    position: &mut Position,
    order_id: [u8; 16],
    size_before: u64,
    now: i64,
) -> MathResult<Stamps> {
    position.close_requested_at = 0;
    stamp(market, account, position, order_id, size_before, now)
}

/// Counts a command of a position: raises all four counters, remembers its order and when the position was opened.
/// `size_before` is the position's size before the command.
pub fn stamp(
    market: &mut Market,
    account: &mut UserAccount,
    position: &mut Position,
    order_id: [u8; 16],
    size_before: u64,
    now: i64,
) -> MathResult<Stamps> {
    position.next_seq()?;
    stamp_part(market, account, position, order_id, size_before, now)
}

/// `stamp` of a further part of the command that was counted last: another event, the same command.
pub fn stamp_part(
    market: &mut Market,
    account: &mut UserAccount,
    position: &mut Position,
    order_id: [u8; 16],
    size_before: u64,
    now: i64,
) -> MathResult<Stamps> {
    let stamps = Stamps {
        market_seq: market.next_event_seq()?,
        account_seq: account.next_seq()?,
        position_seq: position.next_event_seq()?,
        command_seq: position.seq,
    };
    position.last_order_id = order_id;
    if size_before == 0 && position.state.size > 0 {
        position.opened_seq = stamps.command_seq;
        position.opened_at = now;
    }
    let bit = 1u16
        .checked_shl(u32::from(position.market_index))
        .ok_or(PerpError::MathOverflow)?;
    if position.state.size > 0 {
        account.open_positions |= bit;
    } else {
        account.open_positions &= !bit;
    }
    Ok(stamps)
}

/// The market's money and interest as events show them.
pub fn market_after(market: &Market) -> MathResult<MarketAfter> {
    Ok(MarketAfter {
        long_oi: market.long.size,
        short_oi: market.short.size,
        reserved: reserved(market)?,
        backing: market.backing,
        funding_index: market.funding_index,
        borrow_index: market.borrow_index,
        insurance_accrued: market.insurance_accrued,
        treasury_accrued: market.treasury_accrued,
        insurance_debt: market.insurance_debt,
        payouts_owed: market.payouts_owed,
    })
}
