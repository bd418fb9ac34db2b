use crate::instructions::manage_market::MarketLimits;
use crate::state::{MarketStatus, ProposedChange};
use anchor_lang::prelude::*;

/// An admin in waiting was named, or cancelled (none).
#[event]
pub struct AdminProposed {
    pub exchange_seq: u64,
    pub new_admin: Option<Pubkey>,
    /// Unix seconds; 0 where cancelled.
    pub acceptable_from: i64,
}

/// The admin in waiting took the role.
#[event]
pub struct AdminAccepted {
    pub exchange_seq: u64,
    pub admin: Pubkey,
}

/// Operations were paused.
#[event]
pub struct OperationsPaused {
    pub exchange_seq: u64,
    /// Who did it.
    pub authority: Pubkey,
    /// Bits of `constants::pause` asked for.
    pub operations: u32,
    /// All bits afterwards.
    pub paused_operations: u32,
}

/// Pauses ended.
#[event]
pub struct OperationsResumed {
    pub exchange_seq: u64,
    /// Bits of `constants::pause` asked for.
    pub operations: u32,
    /// All bits afterwards.
    pub paused_operations: u32,
}

/// What may be done in a market changed.
#[event]
pub struct MarketStatusChanged {
    pub market_seq: u64,
    pub market: Pubkey,
    pub market_index: u8,
    /// Who did it.
    pub authority: Pubkey,
    pub before: MarketStatus,
    pub after: MarketStatus,
}

/// Limits on new risk were lowered.
#[event]
pub struct MarketTightened {
    pub market_seq: u64,
    pub market: Pubkey,
    pub market_index: u8,
    /// Who did it.
    pub authority: Pubkey,
    pub before: MarketLimits,
    pub after: MarketLimits,
}

/// A keeper was added.
#[event]
pub struct KeeperAdded {
    pub exchange_seq: u64,
    pub keeper: Pubkey,
    /// Unix seconds from which it counts.
    pub active_from: i64,
}

/// A keeper, or one in waiting, was removed.
#[event]
pub struct KeeperRemoved {
    pub exchange_seq: u64,
    /// Who did it.
    pub authority: Pubkey,
    pub keeper: Pubkey,
}

/// A change waits for its time lock.
#[event]
pub struct ChangeProposed {
    pub exchange_seq: u64,
    pub proposal_id: u64,
    /// What it would replace, as it stood when it was proposed.
    pub before: ProposedChange,
    pub change: ProposedChange,
    /// Unix seconds.
    pub executable_from: i64,
    /// Last second in which it can be executed, unix seconds.
    pub executable_to: i64,
}

/// A proposed change was withdrawn.
#[event]
pub struct ChangeCancelled {
    pub exchange_seq: u64,
    pub proposal_id: u64,
    /// Who did it.
    pub authority: Pubkey,
}

/// A proposed change took effect.
#[event]
pub struct ChangeExecuted {
    pub exchange_seq: u64,
    /// Number in the market's stream; 0 where no market changed.
    pub market_seq: u64,
    /// Number in the pool's stream; 0 where no weight changed.
    pub pool_seq: u64,
    /// Number in insurance's stream; 0 where its limit did not change.
    pub insurance_seq: u64,
    /// Number of Outflow's newest event; 0 where its limits did not change.
    pub outflow_seq: u64,
    pub proposal_id: u64,
    pub before: ProposedChange,
    pub change: ProposedChange,
}
