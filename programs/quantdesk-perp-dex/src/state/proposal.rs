use super::market_config::{MarketConfig, OracleConfig};
use anchor_lang::prelude::*;

/// Every parameter and role that is changed by a proposal; each kind carries all of its values.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq, InitSpace)]
pub enum ProposedChange {
    /// Parameters of a market.
    MarketConfig {
        market_index: u8,
        config: MarketConfig,
    },
    /// Where a market's price comes from.
    MarketOracle {
        market_index: u8,
        oracle: OracleConfig,
    },
    /// Delays and the fee of redeeming.
    ExchangeLimits {
        /// Seconds a change of parameters or roles waits.
        time_lock_seconds: u32,
        /// Seconds between a pool request and the first price that may execute it.
        pool_delay_seconds: u32,
        /// Fee of redeeming pool shares, bps.
        lp_fee_bps: u16,
    },
    /// What may leave the vault.
    OutflowLimits {
        /// 1e-6 USDC in one window beyond what comes in; 0 means no limit.
        cap: u64,
        /// Length of a window, seconds.
        window_seconds: u32,
        /// What each account may withdraw in one window in any case, 1e-6 USDC.
        floor: u64,
    },
    /// What insurance may add to keepers' rewards.
    InsuranceTopup {
        /// 1e-6 USDC.
        cap_per_hour: u64,
    },
    /// The roles beside the admin and the keepers.
    Roles {
        risk_manager: Pubkey,
        treasury_authority: Pubkey,
    },
}

/// A change that waits for its time lock; closed when it is executed or cancelled.
#[account]
#[derive(Debug, InitSpace)]
pub struct Proposal {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Its number, and the seed of this PDA; never used again.
    pub id: u64,
    /// Unix seconds.
    pub proposed_at: i64,
    /// First second in which it can be executed, unix seconds; fixed with the proposal, whatever becomes of the time lock.
    pub executable_from: i64,
    /// Last one.
    pub executable_to: i64,
    /// What the change would replace, as it stood when it was proposed: executed only while that still stands.
    pub before: ProposedChange,
    /// What would stand afterwards.
    pub change: ProposedChange,
    /// Who paid this account's rent, and gets it back.
    pub rent_payer: Pubkey,
    /// Zero; for later layouts.
    pub reserved: [u8; 32],
}
