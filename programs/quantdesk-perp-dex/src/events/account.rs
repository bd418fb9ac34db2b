use crate::state::Delegate;
use anchor_lang::prelude::*;

/// A trader's account exists.
#[event]
pub struct UserAccountOpened {
    pub account_seq: u64,
    pub owner: Pubkey,
    pub rent_payer: Pubkey,
}

/// A flat position exists.
#[event]
pub struct PositionCreated {
    pub position_seq: u64,
    pub owner: Pubkey,
    pub market: Pubkey,
    pub market_index: u8,
    pub position: Pubkey,
    pub rent_payer: Pubkey,
}

/// The owner set or revoked the delegation; the whole delegation as it stands now.
#[event]
pub struct DelegateChanged {
    pub account_seq: u64,
    pub owner: Pubkey,
    pub delegate: Delegate,
}

/// USDC came in as collateral.
#[event]
pub struct CollateralDeposited {
    pub account_seq: u64,
    pub owner: Pubkey,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
}

/// Collateral left as USDC.
#[event]
pub struct CollateralWithdrawn {
    pub account_seq: u64,
    pub owner: Pubkey,
    /// Token account that received it.
    pub destination: Pubkey,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
}
