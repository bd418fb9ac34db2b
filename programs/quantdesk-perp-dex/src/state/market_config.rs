use anchor_lang::prelude::*;

/// What may be done in a market.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub enum MarketStatus {
    /// Everything.
    #[default]
    Active,
    /// No opening, no increasing.
    ReduceOnly,
    /// Also no removal of margin and no pool-share operations.
    Halted,
}

impl MarketStatus {
    /// Whether this status forbids more than `other`.
    pub fn is_stricter_than(self, other: Self) -> bool {
        match other {
            Self::Active => self != Self::Active,
            Self::ReduceOnly => self == Self::Halted,
            Self::Halted => false,
        }
    }
}

/// Where a market's price comes from and what makes it acceptable.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct OracleConfig {
    /// Program that must own the price account (the Pyth receiver).
    pub receiver_program: Pubkey,
    /// The price account (`PriceUpdateV2`).
    pub price_account: Pubkey,
    /// Feed the price account must hold.
    pub feed_id: [u8; 32],
    /// Guardian signatures a partially verified update needs.
    pub min_signatures: u8,
    /// Oldest acceptable `publish_time`, seconds.
    pub max_staleness_seconds: u32,
    /// Widest acceptable confidence, bps of the price.
    pub max_confidence_bps: u16,
    /// Widest distance of price and EMA, bps of the EMA, at which risk may still be added.
    pub max_ema_divergence_bps: u16,
}

/// The parameters of a market; bounds are checked by `MarketConfig::validate`.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct MarketConfig {
    /// Highest leverage, whole numbers.
    pub max_leverage: u16,
    /// Maintenance margin, bps of notional.
    pub maintenance_margin_bps: u16,
    /// Fee of a liquidation, bps of the liquidated notional.
    pub liquidation_fee_bps: u16,
    /// The keeper's share of the liquidation fee, bps; insurance has the rest.
    pub keeper_share_bps: u16,
    /// Margin a partial liquidation restores, bps of the maintenance margin.
    pub liquidation_target_bps: u32,
    /// Smallest part of a position a liquidation takes, bps of its size; 10,000 takes all.
    pub min_liquidation_bps: u16,
    /// What insurance tops a keeper's reward up to on a full liquidation, 1e-6 USDC.
    pub keeper_reward_min: u64,
    /// Trading fee, bps of notional.
    pub fee_bps: u16,
    /// The pool's share of the trading fee, bps.
    pub pool_fee_share_bps: u16,
    /// Insurance's share of the trading fee, bps; the treasury has the rest.
    pub insurance_fee_share_bps: u16,
    /// Spread of a fill from the oracle price, bps of the confidence.
    pub k_bps: u32,
    /// Most a position can win, bps of its entry notional.
    pub payoff_cap_bps: u16,
    /// The market's target share of the pool's assets, bps.
    pub weight_bps: u16,
    /// Most of the backing that reserves may take, bps.
    pub max_utilisation_bps: u16,
    /// Largest open interest of the long side, 1e-8 base units.
    pub max_long_oi: u64,
    /// Largest open interest of the short side, 1e-8 base units.
    pub max_short_oi: u64,
    /// Smallest notional of an open position, 1e-6 USDC.
    pub min_position_notional: u64,
    /// Skew at which the marginal impact reaches the whole price (`K`), 1e-8 base units; 0 switches impact off.
    pub skew_scale: u64,
    /// Widest skew, bps of `skew_scale`.
    pub max_skew_bps: u16,
    /// Skew at which the funding rate is at its maximum, 1e-8 base units.
    pub funding_skew_scale: u64,
    /// Highest funding rate, 1e-9 per hour; 0 switches funding off.
    pub max_funding_rate: i64,
    /// Borrow rate of an idle pool, 1e-9 per hour.
    pub borrow_base: i64,
    /// Growth of the borrow rate to full utilisation, 1e-9 per hour.
    pub borrow_slope: i64,
    /// Longest time one accrual counts, seconds.
    pub max_accrual_seconds: u32,
    /// Smallest amount a settlement of a position must move, 1e-6 USDC.
    pub min_settle_quote: u64,
}
