use super::parts::{FeeSplit, InsuranceUse, MarketAfter};
use crate::state::{OraclePrice, PositionState};
use anchor_lang::prelude::*;

/// A position was opened from flat (`before.size = 0`) or increased.
#[event]
pub struct PositionIncreased {
    pub market_seq: u64,
    pub account_seq: u64,
    pub position_seq: u64,
    pub command_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// 16 uuid bytes; zero for none.
    pub order_id: [u8; 16],
    /// The keeper that signed.
    pub keeper: Pubkey,
    /// Whether the keeper alone signed for the trader.
    pub delegated: bool,
    /// Smallest `publish_time` the order allowed, unix seconds.
    pub min_publish_time: i64,
    /// Worst price the order allowed, 1e-8 USD.
    pub worst_price: u64,
    /// Hundredths.
    pub leverage_e2: u32,
    pub oracle: OraclePrice,
    /// 1e-8 USD.
    pub fill_price: u64,
    /// Size added, 1e-8 base units.
    pub size: u64,
    /// Margin added, 1e-6 USDC.
    pub margin_added: u64,
    /// 1e-6 USDC.
    pub fee: u64,
    pub fee_split: FeeSplit,
    /// 1e-6 USDC.
    pub impact: u64,
    pub before: PositionState,
    pub after: PositionState,
    /// Position.opened_seq: `command_seq` of the opening from flat.
    pub opened_seq: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
    pub market_after: MarketAfter,
}

/// Why a position was reduced.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReduceReason {
    /// An order of its trader.
    #[default]
    Order,
    /// A request to close, executed by anyone.
    CloseRequest,
    /// It could win nothing more: closed by anyone, at the oracle price, without fee and impact.
    Capped,
}

/// A position was reduced or closed (`after.size = 0`). Where `reason` is not an order, `keeper` is the default key unless one
/// signed, `delegated` false, `order_id` zero and `worst_price` 0: none.
#[event]
pub struct PositionReduced {
    pub market_seq: u64,
    pub account_seq: u64,
    pub position_seq: u64,
    pub command_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// 16 uuid bytes; zero for none.
    pub order_id: [u8; 16],
    /// The keeper that signed.
    pub keeper: Pubkey,
    /// Whether the keeper alone signed for the trader.
    pub delegated: bool,
    /// Smallest `publish_time` the order allowed, unix seconds.
    pub min_publish_time: i64,
    /// Worst price the order allowed, 1e-8 USD.
    pub worst_price: u64,
    pub reason: ReduceReason,
    pub oracle: OraclePrice,
    /// 1e-8 USD.
    pub fill_price: u64,
    /// Size taken off, 1e-8 base units.
    pub size: u64,
    /// Entry value taken off, 1e-16 USD.
    pub entry_value: u128,
    /// Profit or loss of the share before fees, 1e-6 USDC.
    pub realized_pnl: i64,
    /// Funding the share owed (negative: received), 1e-6 USDC.
    pub funding: i64,
    /// Borrow the share owed, 1e-6 USDC.
    pub borrow: i64,
    /// Fee charged (at most what was left), 1e-6 USDC.
    pub fee: u64,
    pub fee_split: FeeSplit,
    /// 1e-6 USDC.
    pub impact: u64,
    /// Margin returned to collateral, 1e-6 USDC.
    pub margin_released: u64,
    /// What the margin did not cover, 1e-6 USDC.
    pub bad_debt: u64,
    /// Insurance's part, where it paid something.
    pub insurance: Option<InsuranceUse>,
    pub before: PositionState,
    pub after: PositionState,
    /// Position.opened_seq: `command_seq` of the opening from flat.
    pub opened_seq: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
    pub market_after: MarketAfter,
}

/// What a market's configuration contributed to a liquidation.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiquidationParameters {
    pub maintenance_margin_bps: u16,
    pub liquidation_fee_bps: u16,
    pub keeper_share_bps: u16,
    pub liquidation_target_bps: u32,
    pub min_liquidation_bps: u16,
    /// 1e-6 USDC.
    pub min_position_notional: u64,
    /// 1e-6 USDC.
    pub keeper_reward_min: u64,
}

/// A position was liquidated, in part or in full (`after.size = 0`).
#[event]
pub struct PositionLiquidated {
    pub market_seq: u64,
    pub account_seq: u64,
    pub position_seq: u64,
    pub command_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// The keeper that signed; the default key where none did.
    pub keeper: Pubkey,
    /// Owner of the account that took the reward; the default key where none did.
    pub liquidator: Pubkey,
    pub oracle: OraclePrice,
    /// Size taken off, 1e-8 base units.
    pub size: u64,
    /// Entry value taken off, 1e-16 USD.
    pub entry_value: u128,
    /// Equity of the maintenance test (`Q`), 1e-26 USD.
    pub equity_e26: i128,
    /// What the test required (`s·P·maintenance_margin_bps·1e6`), 1e-26 USD.
    pub maintenance_e26: i128,
    /// The parameters of the decision: with them size, fee and split can be recomputed from this event alone.
    pub parameters: LiquidationParameters,
    /// 1e-6 USDC.
    pub realized_pnl: i64,
    /// Funding owed (negative: received), 1e-6 USDC.
    pub funding: i64,
    /// Borrow owed, 1e-6 USDC.
    pub borrow: i64,
    /// Fee charged (at most what was left), 1e-6 USDC.
    pub liquidation_fee: u64,
    /// The keeper's share of the fee, 1e-6 USDC.
    pub keeper_share: u64,
    /// Insurance's share of the fee, 1e-6 USDC.
    pub insurance_share: u64,
    /// Share plus top-up, credited to the liquidator, 1e-6 USDC.
    pub keeper_reward: u64,
    /// What remained for the trader, 1e-6 USDC.
    pub margin_released: u64,
    /// What the margin did not cover, 1e-6 USDC.
    pub bad_debt: u64,
    /// A payout the pool could not make now, owed to the trader, 1e-6 USDC.
    pub payout_owed: u64,
    /// Insurance's part, where it paid something.
    pub insurance: Option<InsuranceUse>,
    pub before: PositionState,
    pub after: PositionState,
    /// Position.opened_seq: `command_seq` of the opening from flat.
    pub opened_seq: u64,
    /// The trader's free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
    pub market_after: MarketAfter,
}

/// A liquidator's account received its reward.
#[event]
pub struct LiquidationRewarded {
    /// Number in the stream of the liquidator's UserAccount.
    pub account_seq: u64,
    /// The liquidator.
    pub owner: Pubkey,
    /// The liquidated position.
    pub position: Pubkey,
    /// Position.event_seq of its liquidation.
    pub liquidated_position_seq: u64,
    /// 1e-6 USDC.
    pub amount: u64,
    /// The liquidator's free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
}

/// Margin was added (`added`) or removed.
#[event]
pub struct MarginChanged {
    pub market_seq: u64,
    pub account_seq: u64,
    pub position_seq: u64,
    pub command_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    /// 16 uuid bytes; zero for none.
    pub order_id: [u8; 16],
    /// The keeper that signed; the default key where none did.
    pub keeper: Pubkey,
    /// Whether the keeper alone signed for the trader.
    pub delegated: bool,
    /// Smallest `publish_time` the order allowed, unix seconds; 0 when margin was added, which needs no price.
    pub min_publish_time: i64,
    /// True when margin grew.
    pub added: bool,
    /// 1e-6 USDC.
    pub amount: u64,
    /// The price of the test; none when margin was added.
    pub oracle: Option<OraclePrice>,
    pub before: PositionState,
    pub after: PositionState,
    /// Position.opened_seq: `command_seq` of the opening from flat.
    pub opened_seq: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
    /// Its indexes are those of the test.
    pub market_after: MarketAfter,
}
