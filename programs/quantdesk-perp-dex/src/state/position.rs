use anchor_lang::prelude::*;

/// Side of a position. A flat position keeps the side it had.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub enum Side {
    /// Gains when the price rises.
    #[default]
    Long,
    /// Gains when the price falls.
    Short,
}

/// The parts of a position that enter its equity.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct PositionState {
    /// Side.
    pub side: Side,
    /// Size, 1e-8 base units; 0 when flat.
    pub size: u64,
    /// Size times entry price, 1e-16 USD.
    pub entry_value: u128,
    /// Margin, 1e-6 USDC.
    pub margin: u64,
    /// Most this position can win, 1e-6 USDC; held in the market's backing.
    pub reserve: u64,
    /// Size times funding index at entry (`s·F0`), 1e-26 USD.
    pub funding_sum: i128,
    /// Size times borrow index at entry (`s·B0`), 1e-26 USD.
    pub borrow_sum: i128,
}

/// A trader's position in one market. It persists while flat, so that `seq` never starts over.
#[account]
#[derive(Debug, InitSpace)]
pub struct Position {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// The wallet that owns the position.
    pub owner: Pubkey,
    /// Address of its market.
    pub market: Pubkey,
    /// Index of its market.
    pub market_index: u8,
    /// What enters equity.
    pub state: PositionState,
    /// Command counter: incremented by every instruction that changes the position, settlement excepted. Trades name the value
    /// they expect, so that at most one attempt of an order can land.
    pub seq: u64,
    /// Number of the newest event of this position's stream.
    pub event_seq: u64,
    /// `seq` of the command that last opened it from flat.
    pub opened_seq: u64,
    /// Unix seconds of that command.
    pub opened_at: i64,
    /// Order that last changed it (16 uuid bytes; zero for none).
    pub last_order_id: [u8; 16],
    /// Clock of a pending `request_close`, unix seconds; 0 means none.
    pub close_requested_at: i64,
    /// Clock before which the next `request_close` is refused, unix seconds; 0 means none. Nothing but time ends it.
    pub close_blocked_until: i64,
    /// A payout the pool could not make, owed to the owner, 1e-6 USDC.
    pub payout_owed: u64,
    /// Realised profit and loss so far, fees excluded, 1e-6 USDC.
    pub realized_pnl: i128,
    /// Trading fees paid so far, 1e-6 USDC.
    pub fees_paid: u128,
    /// Who paid this account's rent.
    pub rent_payer: Pubkey,
    /// Zero; for later layouts.
    pub reserved: [u8; 56],
}
