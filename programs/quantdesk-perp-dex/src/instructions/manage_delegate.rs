use crate::constants::BPS;
use crate::errors::PerpError;
use crate::events::DelegateChanged;
use crate::state::{Delegate, UserAccount};
use anchor_lang::prelude::*;

/// Accounts of `set_delegate` and `revoke_delegate`.
#[event_cpi]
#[derive(Accounts)]
pub struct ManageDelegate<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ PerpError::NotOwner)]
    pub user_account: Box<Account<'info, UserAccount>>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct SetDelegateArgs {
    /// Unix seconds from which the delegation no longer stands; in the future.
    pub expires_at: i64,
    /// Most notional opened in 24 hours, 1e-6 USDC.
    pub turnover_cap: u64,
    /// Worst distance of an executed price from the oracle's, bps; 1 to 10,000.
    pub max_slippage_bps: u16,
}

impl SetDelegateArgs {
    fn validate(&self, now: i64) -> Result<()> {
        require!(self.expires_at > now, PerpError::DelegateExpired);
        require!(self.max_slippage_bps > 0, PerpError::InvalidConfig);
        require!(
            u64::from(self.max_slippage_bps) <= BPS,
            PerpError::InvalidConfig
        );
        Ok(())
    }
}

/// Turnover already used stays counted, so that setting again is no way around the cap.
pub fn set(ctx: Context<ManageDelegate>, args: SetDelegateArgs) -> Result<()> {
    args.validate(Clock::get()?.unix_timestamp)?;
    let delegate = &mut ctx.accounts.user_account.delegate;
    delegate.enabled = true;
    delegate.expires_at = args.expires_at;
    delegate.turnover_cap = args.turnover_cap;
    delegate.max_slippage_bps = args.max_slippage_bps;
    let event = changed(&mut ctx.accounts.user_account)?;
    emit_cpi!(event);
    Ok(())
}

/// Counts at once; what keepers signed and did not land fails from here on.
pub fn revoke(ctx: Context<ManageDelegate>) -> Result<()> {
    let used = ctx.accounts.user_account.delegate;
    ctx.accounts.user_account.delegate = Delegate {
        turnover_used: used.turnover_used,
        turnover_window_start: used.turnover_window_start,
        ..Delegate::default()
    };
    let event = changed(&mut ctx.accounts.user_account)?;
    emit_cpi!(event);
    Ok(())
}

fn changed(account: &mut UserAccount) -> Result<DelegateChanged> {
    Ok(DelegateChanged {
        account_seq: account.next_seq()?,
        owner: account.owner,
        delegate: account.delegate,
    })
}
