//! Bounds of configuration. Each keeps a promise of the mathematics; the comment says which.

use crate::constants::{
    ACCRUAL_SECONDS_MAX, BORROW_RATE_MIN_MAINNET, BPS, CONFIDENCE_BPS_MIN, EMA_DIVERGENCE_BPS_MAX,
    FEE_BPS_MAX, LEVERAGE_MAX, LP_FEE_BPS_MAX, OUTFLOW_FLOOR_MIN, OUTFLOW_WINDOW_SECONDS_MAX,
    OUTFLOW_WINDOW_SECONDS_MIN, POOL_DELAY_SECONDS_MAX, POOL_DELAY_SECONDS_MIN, QUOTE_MAX,
    RATE_MAX, STALENESS_SECONDS_MAX, STALENESS_SECONDS_MIN, TIME_LOCK_SECONDS_MAX,
    TIME_LOCK_SECONDS_MIN_MAINNET, UTILISATION_BPS_MAX, UTILISATION_BPS_MIN,
};
use crate::errors::PerpError;
use crate::math::ints::{product, MathResult};
use crate::math::position_open::require;
use crate::state::{MarketConfig, OracleConfig};
use anchor_lang::prelude::Pubkey;

/// Whether this build holds real funds.
const MAINNET: bool = cfg!(feature = "mainnet");
/// Bps times bps in one.
const BPS_SQUARED: u128 = 100_000_000;
/// The whole of a position, bps.
const WHOLE_BPS: u16 = 10_000;

fn within(condition: bool) -> MathResult<()> {
    require(condition, PerpError::InvalidConfig)
}

fn bps(value: u16) -> u64 {
    u64::from(value)
}

/// # Errors
/// `InvalidConfig`.
pub fn check_exchange(
    time_lock_seconds: u32,
    pool_delay_seconds: u32,
    lp_fee_bps: u16,
) -> MathResult<()> {
    within(time_lock_seconds <= TIME_LOCK_SECONDS_MAX)?;
    within(!MAINNET || time_lock_seconds >= TIME_LOCK_SECONDS_MIN_MAINNET)?;
    // No delay at all is for local networks.
    let delayed = (POOL_DELAY_SECONDS_MIN..=POOL_DELAY_SECONDS_MAX).contains(&pool_delay_seconds);
    within(delayed || (!MAINNET && pool_delay_seconds == 0))?;
    within(lp_fee_bps <= LP_FEE_BPS_MAX)
}

/// # Errors
/// `InvalidConfig`.
pub fn check_topup(cap_per_hour: u64) -> MathResult<()> {
    within(cap_per_hour <= QUOTE_MAX)
}

/// # Errors
/// `InvalidConfig`.
pub fn check_outflow(cap: u64, window_seconds: u32, floor: u64) -> MathResult<()> {
    // No limit at all is for networks without real funds.
    within(if cap == 0 { !MAINNET } else { cap >= floor })?;
    within(cap <= QUOTE_MAX)?;
    let length = OUTFLOW_WINDOW_SECONDS_MIN..=OUTFLOW_WINDOW_SECONDS_MAX;
    within(length.contains(&window_seconds))?;
    within((OUTFLOW_FLOOR_MIN..=QUOTE_MAX).contains(&floor))
}

/// # Errors
/// `InvalidConfig`.
pub fn check_oracle(oracle: &OracleConfig, config: &MarketConfig) -> MathResult<()> {
    let named = oracle.receiver_program != Pubkey::default()
        && oracle.price_account != Pubkey::default()
        && oracle.feed_id != [0; 32];
    within(named && oracle.min_signatures >= 1)?;
    let seconds = oracle.max_staleness_seconds;
    within((STALENESS_SECONDS_MIN..=STALENESS_SECONDS_MAX).contains(&seconds))?;
    within(oracle.max_confidence_bps >= CONFIDENCE_BPS_MIN)?;
    within((1..=EMA_DIVERGENCE_BPS_MAX).contains(&oracle.max_ema_divergence_bps))?;
    // The spread stays below the price: a sale always fills above zero.
    within(product(bps(oracle.max_confidence_bps), u64::from(config.k_bps)) < BPS_SQUARED)
}

/// # Errors
/// `InvalidConfig`.
pub fn check_market(config: &MarketConfig) -> MathResult<()> {
    check_margins(config)?;
    check_liquidation(config)?;
    check_fees(config)?;
    check_pool_limits(config)?;
    check_skew(config)?;
    check_rates(config)
}

/// An opened position is never liquidatable at once, and a liquidated one can pay the liquidation fee.
fn check_margins(config: &MarketConfig) -> MathResult<()> {
    within((1..=LEVERAGE_MAX).contains(&config.max_leverage))?;
    within(config.liquidation_fee_bps < config.maintenance_margin_bps)?;
    within(bps(config.maintenance_margin_bps) < BPS)?;
    within(
        product(
            u64::from(config.max_leverage),
            bps(config.maintenance_margin_bps),
        ) < u128::from(BPS),
    )
}

/// A partial liquidation ends healthy; liquidating oneself is no cheaper than closing.
fn check_liquidation(config: &MarketConfig) -> MathResult<()> {
    let target = u64::from(config.liquidation_target_bps);
    within(target > BPS && product(bps(config.maintenance_margin_bps), target) <= BPS_SQUARED)?;
    within((1..=WHOLE_BPS).contains(&config.min_liquidation_bps))?;
    let insurance_share = BPS
        .checked_sub(bps(config.keeper_share_bps))
        .ok_or(PerpError::InvalidConfig)?;
    within(
        product(bps(config.liquidation_fee_bps), insurance_share)
            >= product(bps(config.fee_bps), BPS),
    )?;
    // What insurance adds to a reward is less than the fee the position paid: otherwise it could be farmed.
    within(
        product(config.keeper_reward_min, BPS)
            <= product(config.min_position_notional, bps(config.fee_bps)),
    )
}

fn check_fees(config: &MarketConfig) -> MathResult<()> {
    within(config.fee_bps <= FEE_BPS_MAX)?;
    within(
        bps(config.pool_fee_share_bps).saturating_add(bps(config.insurance_fee_share_bps)) <= BPS,
    )
}

/// Every winner can be paid from the backing.
fn check_pool_limits(config: &MarketConfig) -> MathResult<()> {
    within(config.payoff_cap_bps >= 1 && bps(config.payoff_cap_bps) <= BPS)?;
    within(bps(config.weight_bps) <= BPS)?;
    within((UTILISATION_BPS_MIN..=UTILISATION_BPS_MAX).contains(&config.max_utilisation_bps))?;
    within(config.min_position_notional >= 1 && config.min_position_notional <= QUOTE_MAX)?;
    within(config.max_long_oi > 0 && config.max_short_oi > 0)?;
    within(config.min_settle_quote <= QUOTE_MAX)
}

/// The impact rate of any possible skew stays within one.
fn check_skew(config: &MarketConfig) -> MathResult<()> {
    let widest = config.max_long_oi.max(config.max_short_oi);
    within(
        config.skew_scale == 0 || (widest <= config.skew_scale && bps(config.max_skew_bps) <= BPS),
    )
}

fn check_rates(config: &MarketConfig) -> MathResult<()> {
    for rate in [
        config.max_funding_rate,
        config.borrow_base,
        config.borrow_slope,
    ] {
        within((0..=RATE_MAX).contains(&rate))?;
    }
    within(config.max_funding_rate == 0 || config.funding_skew_scale > 0)?;
    within(config.max_accrual_seconds <= ACCRUAL_SECONDS_MAX)?;
    let slope =
        i128::from(config.borrow_slope).saturating_mul(i128::from(config.max_utilisation_bps));
    let at_full =
        i128::from(config.borrow_base).saturating_add(slope.checked_div(10_000).unwrap_or(0));
    within(!MAINNET || at_full >= i128::from(BORROW_RATE_MIN_MAINNET))
}
