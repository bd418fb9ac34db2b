use anchor_lang::prelude::*;

/// Collateral left its account and waits in the queue.
#[event]
pub struct WithdrawalQueued {
    pub account_seq: u64,
    /// Number of Outflow's newest event.
    pub outflow_seq: u64,
    pub owner: Pubkey,
    pub ticket: u64,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
}

/// The first of the queue was paid, or a cancelled entry's turn came (`amount` 0).
#[event]
pub struct WithdrawalPaid {
    pub account_seq: u64,
    /// Number of Outflow's newest event.
    pub outflow_seq: u64,
    pub owner: Pubkey,
    pub ticket: u64,
    /// Token account that received it.
    pub destination: Pubkey,
    /// 1e-6 USDC.
    pub amount: u64,
    /// What is still to be paid, 1e-6 USDC; with 0 the turn is over.
    pub left: u64,
}

/// The first of the queue could not be paid; what was left is collateral again, and the turn is over.
#[event]
pub struct WithdrawalReturned {
    pub account_seq: u64,
    /// Number of Outflow's newest event.
    pub outflow_seq: u64,
    pub owner: Pubkey,
    pub ticket: u64,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
}

/// The owner took back what he had queued.
#[event]
pub struct WithdrawalCancelled {
    pub account_seq: u64,
    /// Number of Outflow's newest event.
    pub outflow_seq: u64,
    pub owner: Pubkey,
    pub ticket: u64,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Free collateral afterwards, 1e-6 USDC.
    pub collateral: u64,
}

/// The operator took what the treasury earned.
#[event]
pub struct TreasuryWithdrawn {
    pub treasury_seq: u64,
    pub authority: Pubkey,
    /// Token account that received it.
    pub destination: Pubkey,
    /// 1e-6 USDC.
    pub amount: u64,
    /// The treasury's balance afterwards, 1e-6 USDC.
    pub balance: u64,
}

/// Insurance received a gift.
#[event]
pub struct InsuranceFunded {
    pub insurance_seq: u64,
    pub donor: Pubkey,
    /// 1e-6 USDC.
    pub amount: u64,
    /// Insurance's balance afterwards, 1e-6 USDC.
    pub balance: u64,
}

/// An account has a newer layout. It takes no stream number: nothing that events show changed.
#[event]
pub struct AccountMigrated {
    pub account: Pubkey,
    pub from_version: u8,
    pub to_version: u8,
}
