use anchor_lang::prelude::*;

/// A withdrawal that waits for its turn and for room; at most one per account. Closed when its turn is over.
#[account]
#[derive(Debug, InitSpace)]
pub struct Withdrawal {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// The wallet that owns what is queued.
    pub owner: Pubkey,
    /// Its place: tickets are served in their order.
    pub ticket: u64,
    /// What is still to be paid, 1e-6 USDC; it left the owner's collateral and is owed. 0 where cancelled: the entry keeps its
    /// ticket until its turn.
    pub amount: u64,
    /// Unix seconds.
    pub queued_at: i64,
    /// Who paid this account's rent, and gets it back.
    pub rent_payer: Pubkey,
    /// Zero; for later layouts.
    pub reserved: [u8; 32],
}
