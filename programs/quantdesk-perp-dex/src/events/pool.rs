use crate::state::{OraclePrice, PoolRequestKind};
use anchor_lang::prelude::*;

/// A market accepted a price and accrued.
#[event]
pub struct MarketRefreshed {
    pub market_seq: u64,
    pub market: Pubkey,
    pub market_index: u8,
    pub oracle: OraclePrice,
    pub funding_index: i128,
    pub borrow_index: i128,
}

/// Money moved between a market, the pool, insurance and the treasury.
#[event]
pub struct MarketSettled {
    pub market_seq: u64,
    pub pool_seq: u64,
    /// Number in insurance's stream; 0 where insurance had no part.
    pub insurance_seq: u64,
    /// Number in the treasury's stream; 0 where the treasury had no part.
    pub treasury_seq: u64,
    pub market: Pubkey,
    pub market_index: u8,
    /// From the market's backing to the pool's free assets (negative: the other way), 1e-6 USDC.
    pub to_free: i64,
    /// 1e-6 USDC.
    pub to_insurance: u64,
    /// 1e-6 USDC.
    pub to_treasury: u64,
    /// Afterwards, 1e-6 USDC.
    pub backing: i64,
    /// Afterwards, 1e-6 USDC.
    pub reserved: u64,
    /// What the backing still owes insurance, 1e-6 USDC; what `to_insurance` repaid is no longer in it.
    pub insurance_debt: u64,
    /// The pool's free assets afterwards, 1e-6 USDC.
    pub free: u64,
    /// Insurance's balance afterwards, 1e-6 USDC; 0 where insurance had no part.
    pub insurance_balance: u64,
    /// The treasury's balance afterwards, 1e-6 USDC; 0 where the treasury had no part.
    pub treasury_balance: u64,
}

/// The pool received a gift.
#[event]
pub struct Donated {
    pub pool_seq: u64,
    pub donor: Pubkey,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Free assets afterwards, 1e-6 USDC.
    pub free: u64,
}

/// A liquidity provider asked for shares or for a payout.
#[event]
pub struct PoolRequested {
    pub pool_seq: u64,
    pub lp_seq: u64,
    pub owner: Pubkey,
    pub kind: PoolRequestKind,
    /// Locked: 1e-6 USDC for a mint, 1e-6 shares for a redemption.
    pub amount: u64,
    /// Unix seconds.
    pub requested_at: i64,
    /// First `publish_time` that may execute it, unix seconds.
    pub executable_from: i64,
    /// Last one, unix seconds.
    pub executable_to: i64,
    /// The holder's free shares afterwards, 1e-6 shares.
    pub shares: u64,
}

/// A pool request was executed.
#[event]
pub struct PoolRequestExecuted {
    pub pool_seq: u64,
    pub lp_seq: u64,
    pub owner: Pubkey,
    pub kind: PoolRequestKind,
    /// Deposited (mint) or paid out (redemption), 1e-6 USDC.
    pub amount: u64,
    /// Minted or burned, 1e-6 shares.
    pub share_amount: u64,
    /// Shares a cut redemption returned, 1e-6 shares.
    pub shares_returned: u64,
    /// Fee that stayed with the pool, 1e-6 USDC.
    pub fee: u64,
    /// Equity used, 1e-6 USDC.
    pub pool_equity: i128,
    /// The holder's free shares afterwards, 1e-6 shares.
    pub shares: u64,
    /// Supply afterwards, 1e-6 shares.
    pub supply: u64,
    /// Free assets afterwards, 1e-6 USDC.
    pub free: u64,
    /// `Pool.backing` afterwards, 1e-6 USDC: one number per market, by index.
    pub backing: Vec<i64>,
}

/// A pool request lapsed; what it locked went back to its holder.
#[event]
pub struct PoolRequestLapsed {
    pub pool_seq: u64,
    pub lp_seq: u64,
    pub owner: Pubkey,
    pub kind: PoolRequestKind,
    /// Returned: 1e-6 USDC for a mint, 1e-6 shares for a redemption.
    pub amount: u64,
    /// The holder's free shares afterwards, 1e-6 shares.
    pub shares: u64,
}
