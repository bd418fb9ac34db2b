use anchor_lang::prelude::*;

/// What a trade leaves behind in its market.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarketAfter {
    /// Open interest of the long side, 1e-8 base units.
    pub long_oi: u64,
    /// Open interest of the short side, 1e-8 base units.
    pub short_oi: u64,
    /// Σ reserve of both sides, 1e-6 USDC.
    pub reserved: u64,
    /// The pool's money in the market, 1e-6 USDC.
    pub backing: i64,
    /// Cumulative funding (`F`), 1e-18 USD per base unit.
    pub funding_index: i128,
    /// Cumulative borrow (`B`), 1e-18 USD per base unit.
    pub borrow_index: i128,
    /// Insurance's shares not yet moved, 1e-6 USDC.
    pub insurance_accrued: u64,
    /// The treasury's shares not yet moved, 1e-6 USDC.
    pub treasury_accrued: u64,
    /// Borrowed from insurance, 1e-6 USDC.
    pub insurance_debt: u64,
    /// Payouts owed to traders, 1e-6 USDC.
    pub payouts_owed: u64,
}

/// How a trading fee was shared.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSplit {
    /// To the pool, 1e-6 USDC.
    pub pool: u64,
    /// To insurance, 1e-6 USDC.
    pub insurance: u64,
    /// To the treasury, 1e-6 USDC.
    pub treasury: u64,
}

/// What insurance paid in one instruction, and its state afterwards.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InsuranceUse {
    /// Number in insurance's stream.
    pub insurance_seq: u64,
    /// Paid to the pool for bad debt, 1e-6 USDC.
    pub covered: u64,
    /// Lent to the pool for a payout, 1e-6 USDC.
    pub lent: u64,
    /// Paid to top up a keeper's reward, 1e-6 USDC.
    pub topup: u64,
    /// Balance afterwards, 1e-6 USDC.
    pub balance: u64,
}
