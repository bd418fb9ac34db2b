use crate::constants::{ACCOUNT_VERSION, OUTFLOW_EARLIER_BUCKETS, OUTFLOW_FLOOR_MIN};
use crate::errors::PerpError;
use crate::events::AccountMigrated;
use crate::state::{
    Exchange, Insurance, LpAccount, Market, Outflow, Pool, Position, Treasury, UserAccount,
};
use anchor_lang::prelude::*;

/// The layout this instruction reads.
const OLD_VERSION: u8 = 1;
/// Where an account keeps its version: after the discriminator.
const VERSION_OFFSET: usize = 8;
/// Outflow window of an exchange that had none, in seconds (1 day).
const WINDOW_SECONDS: u32 = 86_400;

#[event_cpi]
#[derive(Accounts)]
pub struct MigrateAccount<'info> {
    /// CHECK: any account of this program; type and version are read from its bytes.
    #[account(mut, owner = crate::ID)]
    pub account: UncheckedAccount<'info>,
}

/// Brings one account from layout 1 to layout 2. Anyone, once: what is new takes bytes that layout 1 kept zero, and gets the
/// value that changes nothing.
pub fn handler(ctx: Context<MigrateAccount>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let mut data = ctx.accounts.account.try_borrow_mut_data()?;
    migrate(&mut data, now)?;
    drop(data);
    let event = AccountMigrated {
        account: ctx.accounts.account.key(),
        from_version: OLD_VERSION,
        to_version: ACCOUNT_VERSION,
    };
    emit_cpi!(event);
    Ok(())
}

fn migrate(data: &mut [u8], now: i64) -> Result<()> {
    let is_old = data.get(VERSION_OFFSET) == Some(&OLD_VERSION);
    require!(is_old, PerpError::WrongVersion);
    let kind = data.get(..VERSION_OFFSET).unwrap_or_default();
    if kind == Exchange::DISCRIMINATOR {
        rewrite::<Exchange>(data, |exchange| {
            exchange.treasury_authority = exchange.admin;
        })?;
    } else if kind == Outflow::DISCRIMINATOR {
        rewrite::<Outflow>(data, |outflow| {
            outflow.window_seconds = WINDOW_SECONDS;
            outflow.bucket_start = now;
            outflow.used = 0;
            outflow.used_earlier = [0; OUTFLOW_EARLIER_BUCKETS];
            outflow.floor = OUTFLOW_FLOOR_MIN;
        })?;
    } else if kind == UserAccount::DISCRIMINATOR {
        rewrite::<UserAccount>(data, |account| {
            // What was opened in the old window counts as opened in the bucket of now.
            account.delegate.turnover_window_start = now;
        })?;
    } else {
        let others = [
            Insurance::DISCRIMINATOR,
            LpAccount::DISCRIMINATOR,
            Market::DISCRIMINATOR,
            Pool::DISCRIMINATOR,
            Position::DISCRIMINATOR,
            Treasury::DISCRIMINATOR,
        ];
        require!(others.contains(&kind), PerpError::WrongVersion);
    }
    if let Some(version) = data.get_mut(VERSION_OFFSET) {
        *version = ACCOUNT_VERSION;
    }
    Ok(())
}

fn rewrite<T>(data: &mut [u8], change: impl FnOnce(&mut T)) -> Result<()>
where
    T: AccountSerialize + AccountDeserialize,
{
    // The trait's function reads any version.
    let mut account = Box::new(T::try_deserialize_unchecked(&mut &*data)?);
    change(&mut account);
    account.try_serialize(&mut &mut *data)
}
