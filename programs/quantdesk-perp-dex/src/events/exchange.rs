use crate::state::{Keeper, MarketConfig, OracleConfig};
use anchor_lang::prelude::*;

/// The exchange exists.
#[event]
pub struct ExchangeInitialized {
    pub exchange_seq: u64,
    pub admin: Pubkey,
    pub risk_manager: Pubkey,
    pub treasury_authority: Pubkey,
    pub usdc_mint: Pubkey,
    pub vault: Pubkey,
    pub keepers: Vec<Keeper>,
    /// Seconds.
    pub time_lock_seconds: u32,
    /// Seconds.
    pub pool_delay_seconds: u32,
    pub lp_fee_bps: u16,
    /// 1e-6 USDC.
    pub topup_cap_per_hour: u64,
    /// 1e-6 USDC; 0 means no limit.
    pub outflow_cap: u64,
    /// Seconds.
    pub outflow_window_seconds: u32,
    /// 1e-6 USDC.
    pub outflow_floor: u64,
}

/// A market exists.
#[event]
pub struct MarketCreated {
    pub exchange_seq: u64,
    pub market_seq: u64,
    pub pool_seq: u64,
    pub market: Pubkey,
    pub market_index: u8,
    /// ASCII, padded with zero bytes.
    pub symbol: [u8; 16],
    pub oracle: OracleConfig,
    pub config: MarketConfig,
}
