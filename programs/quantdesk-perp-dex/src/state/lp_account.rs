use anchor_lang::prelude::*;

/// What a pending pool request asks for.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub enum PoolRequestKind {
    /// No request is pending.
    #[default]
    None,
    /// Shares for a deposit.
    Mint,
    /// A payout for shares.
    Redeem,
}

/// Shares of one liquidity provider: an internal ledger, and at most one pending request.
#[account]
#[derive(Debug, InitSpace)]
pub struct LpAccount {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// The wallet that owns the shares.
    pub owner: Pubkey,
    /// Free shares, 1e-6 shares.
    pub shares: u64,
    /// The pending request.
    pub request_kind: PoolRequestKind,
    /// What the request locks: 1e-6 USDC (already in the vault) for a mint, 1e-6 shares for a redemption.
    pub request_amount: u64,
    /// Clock at the request, unix seconds.
    pub requested_at: i64,
    /// First `publish_time` that may execute it, unix seconds; fixed with the request, whatever becomes of the delay.
    pub executable_from: i64,
    /// Who paid this account's rent.
    pub rent_payer: Pubkey,
    /// Number of the newest event of this account.
    pub seq: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 64],
}
