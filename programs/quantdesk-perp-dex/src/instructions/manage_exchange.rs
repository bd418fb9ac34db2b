use crate::constants::pause;
use crate::errors::PerpError;
use crate::events::{
    AdminAccepted, AdminProposed, KeeperAdded, KeeperRemoved, OperationsPaused, OperationsResumed,
};
use crate::instructions::common::durable_nonce::refuse_durable_nonce;
use crate::math::ints::add_i64;
use crate::state::{Exchange, Keeper};
use anchor_lang::prelude::*;

/// Accounts of the instructions that change roles, keepers or pauses.
#[event_cpi]
#[derive(Accounts)]
pub struct ManageExchange<'info> {
    /// Whoever may: the instruction says.
    pub authority: Signer<'info>,
    #[account(mut)]
    pub exchange: Box<Account<'info, Exchange>>,
    /// CHECK: the sysvar by its address; read to refuse durable nonces.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions_sysvar: UncheckedAccount<'info>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ProposeAdminArgs {
    /// The admin in waiting; none cancels.
    pub new_admin: Option<Pubkey>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct OperationsArgs {
    /// Bits of `constants::pause`, at least one.
    pub operations: u32,
}

impl OperationsArgs {
    fn validate(&self) -> Result<()> {
        let known = self.operations != 0 && self.operations & !pause::ALL == 0;
        require!(known, PerpError::InvalidConfig);
        Ok(())
    }
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct KeeperArgs {
    pub keeper: Pubkey,
}

impl ManageExchange<'_> {
    fn require_admin(&self) -> Result<()> {
        refuse_durable_nonce(&self.instructions_sysvar)?;
        require_keys_eq!(
            self.authority.key(),
            self.exchange.admin,
            PerpError::NotAdmin
        );
        Ok(())
    }

    fn require_may_tighten(&self) -> Result<()> {
        refuse_durable_nonce(&self.instructions_sysvar)?;
        let may = self.exchange.may_tighten(&self.authority.key());
        require!(may, PerpError::NotRiskManager);
        Ok(())
    }

    /// Clock at which what is announced now takes effect.
    fn unlocked_at(&self) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        Ok(add_i64(now, i64::from(self.exchange.time_lock_seconds))?)
    }
}

/// Names an admin in waiting, who may accept after the time lock; naming again starts over, naming nobody cancels. Admin.
pub fn propose_admin(ctx: Context<ManageExchange>, args: ProposeAdminArgs) -> Result<()> {
    ctx.accounts.require_admin()?;
    let from = ctx.accounts.unlocked_at()?;
    require!(
        args.new_admin != Some(Pubkey::default()),
        PerpError::InvalidRole
    );
    let exchange = &mut ctx.accounts.exchange;
    exchange.pending_admin = args.new_admin.unwrap_or_default();
    exchange.pending_admin_from = if args.new_admin.is_some() { from } else { 0 };
    let event = AdminProposed {
        exchange_seq: exchange.next_event_seq()?,
        new_admin: args.new_admin,
        acceptable_from: exchange.pending_admin_from,
    };
    emit_cpi!(event);
    Ok(())
}

/// Takes the role. The admin in waiting, after the time lock.
pub fn accept_admin(ctx: Context<ManageExchange>) -> Result<()> {
    refuse_durable_nonce(&ctx.accounts.instructions_sysvar)?;
    let exchange = &mut ctx.accounts.exchange;
    // The default key stands for nobody, and nobody can sign with it.
    require_keys_eq!(
        ctx.accounts.authority.key(),
        exchange.pending_admin,
        PerpError::NotPendingAdmin
    );
    let unlocked = Clock::get()?.unix_timestamp >= exchange.pending_admin_from;
    require!(unlocked, PerpError::TimeLocked);
    exchange.admin = core::mem::take(&mut exchange.pending_admin);
    exchange.pending_admin_from = 0;
    let event = AdminAccepted {
        exchange_seq: exchange.next_event_seq()?,
        admin: exchange.admin,
    };
    emit_cpi!(event);
    Ok(())
}

/// Pauses, at once. Risk manager or admin.
pub fn pause_operations(ctx: Context<ManageExchange>, args: OperationsArgs) -> Result<()> {
    ctx.accounts.require_may_tighten()?;
    args.validate()?;
    let exchange = &mut ctx.accounts.exchange;
    exchange.paused_operations |= args.operations;
    let event = OperationsPaused {
        exchange_seq: exchange.next_event_seq()?,
        authority: ctx.accounts.authority.key(),
        operations: args.operations,
        paused_operations: exchange.paused_operations,
    };
    emit_cpi!(event);
    Ok(())
}

/// Ends pauses, at once: it restores what the time lock let through before. Admin.
pub fn resume_operations(ctx: Context<ManageExchange>, args: OperationsArgs) -> Result<()> {
    ctx.accounts.require_admin()?;
    args.validate()?;
    let exchange = &mut ctx.accounts.exchange;
    exchange.paused_operations &= !args.operations;
    let event = OperationsResumed {
        exchange_seq: exchange.next_event_seq()?,
        operations: args.operations,
        paused_operations: exchange.paused_operations,
    };
    emit_cpi!(event);
    Ok(())
}

/// Adds a keeper, who counts after the time lock. Admin.
pub fn add_keeper(ctx: Context<ManageExchange>, args: KeeperArgs) -> Result<()> {
    ctx.accounts.require_admin()?;
    let active_from = ctx.accounts.unlocked_at()?;
    let exchange = &mut ctx.accounts.exchange;
    let is_new = args.keeper != Pubkey::default()
        && exchange.keepers.iter().all(|slot| slot.key != args.keeper);
    require!(is_new, PerpError::InvalidRole);
    let free = exchange
        .keepers
        .iter_mut()
        .find(|slot| slot.key == Pubkey::default())
        .ok_or(PerpError::TooManyKeepers)?;
    *free = Keeper {
        key: args.keeper,
        active_from,
    };
    let event = KeeperAdded {
        exchange_seq: exchange.next_event_seq()?,
        keeper: args.keeper,
        active_from,
    };
    emit_cpi!(event);
    Ok(())
}

/// Removes a keeper, or one in waiting, at once. Risk manager or admin.
pub fn remove_keeper(ctx: Context<ManageExchange>, args: KeeperArgs) -> Result<()> {
    ctx.accounts.require_may_tighten()?;
    require!(args.keeper != Pubkey::default(), PerpError::UnknownKeeper);
    let exchange = &mut ctx.accounts.exchange;
    let slot = exchange
        .keepers
        .iter_mut()
        .find(|slot| slot.key == args.keeper)
        .ok_or(PerpError::UnknownKeeper)?;
    *slot = Keeper::default();
    let event = KeeperRemoved {
        exchange_seq: exchange.next_event_seq()?,
        authority: ctx.accounts.authority.key(),
        keeper: args.keeper,
    };
    emit_cpi!(event);
    Ok(())
}
