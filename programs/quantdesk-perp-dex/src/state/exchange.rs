use crate::constants::KEEPERS_MAX;
use anchor_lang::prelude::*;

/// A key of the keeper role.
#[derive(
    AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, PartialEq, Eq, InitSpace,
)]
pub struct Keeper {
    /// The signing key; the default key marks a free slot.
    pub key: Pubkey,
    /// Unix seconds from which the key counts (adding waits the time lock, removing is immediate).
    pub active_from: i64,
}

/// The root of an exchange: roles, locks, and the authority of the vault. Trades only read it.
#[account]
#[derive(Debug, InitSpace)]
pub struct Exchange {
    /// Layout version.
    pub version: u8,
    /// Bump of this PDA.
    pub bump: u8,
    /// Bump of the vault's PDA.
    pub vault_bump: u8,
    /// Markets created so far; the next market takes this index.
    pub market_count: u8,
    /// May create markets and propose parameters.
    pub admin: Pubkey,
    /// Admin in waiting; the default key means none.
    pub pending_admin: Pubkey,
    /// Unix seconds from which `pending_admin` may accept; 0 means none.
    pub pending_admin_from: i64,
    /// May pause, tighten, remove keepers and cancel proposals; never loosen or move anything.
    pub risk_manager: Pubkey,
    /// The only token the exchange holds (6 decimals).
    pub usdc_mint: Pubkey,
    /// Token account of every balance; its authority is this account.
    pub vault: Pubkey,
    /// Keys of the keeper role.
    pub keepers: [Keeper; KEEPERS_MAX],
    /// Bits of `constants::pause`.
    pub paused_operations: u32,
    /// Seconds a change of parameters or roles waits.
    pub time_lock_seconds: u32,
    /// Seconds between a pool request and the first price that may execute it.
    pub pool_delay_seconds: u32,
    /// Fee of redeeming pool shares, bps; it stays with the pool.
    pub lp_fee_bps: u16,
    /// Number of the newest event of the exchange's own stream.
    pub event_seq: u64,
    /// May withdraw what the treasury has earned.
    pub treasury_authority: Pubkey,
    /// Proposals made so far; the next one takes this id.
    pub proposal_count: u64,
    /// Zero; for later layouts.
    pub reserved: [u8; 88],
}

impl Exchange {
    /// Whether `key` may only make the exchange safer: the risk manager, or the admin.
    pub fn may_tighten(&self, key: &Pubkey) -> bool {
        *key == self.risk_manager || *key == self.admin
    }

    /// Whether `key` holds the keeper role at `now` (unix seconds).
    pub fn is_keeper(&self, key: &Pubkey, now: i64) -> bool {
        *key != Pubkey::default()
            && self
                .keepers
                .iter()
                .any(|keeper| keeper.key == *key && keeper.active_from <= now)
    }

    /// Whether any of `operations` (bits of `constants::pause`) is paused.
    pub fn is_paused(&self, operations: u32) -> bool {
        self.paused_operations & operations != 0
    }
}
