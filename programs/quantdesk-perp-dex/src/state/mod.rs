//! Account layouts. Every account starts with `version` and `bump`, and ends with reserved bytes, so that a later layout can
//! grow without moving what is there. Accounts of this program are created at their PDA only: type and identity fields
//! (owner, market index) therefore identify an account, and hot paths need no address derivation.

mod exchange;
mod funds;
mod lp_account;
mod market;
mod market_config;
mod pool;
mod position;
mod proposal;
mod user_account;
mod withdrawal;

pub use exchange::*;
pub use funds::*;
pub use lp_account::*;
pub use market::*;
pub use market_config::*;
pub use pool::*;
pub use position::*;
pub use proposal::*;
pub use user_account::*;
pub use withdrawal::*;

use crate::errors::PerpError;
use anchor_lang::{Discriminator, Space};

/// The next number of a stream; u64 streams do not end.
fn next(seq: &mut u64) -> core::result::Result<u64, PerpError> {
    *seq = seq.checked_add(1).ok_or(PerpError::MathOverflow)?;
    Ok(*seq)
}

macro_rules! stream {
    ($account:ident, $method:ident, $field:ident) => {
        impl $account {
            /// Takes the next number of this stream.
            pub fn $method(&mut self) -> core::result::Result<u64, PerpError> {
                next(&mut self.$field)
            }
        }
    };
}

stream!(Exchange, next_event_seq, event_seq);
stream!(Insurance, next_event_seq, event_seq);
stream!(LpAccount, next_seq, seq);
stream!(Market, next_event_seq, event_seq);
stream!(Outflow, next_event_seq, event_seq);
stream!(Pool, next_event_seq, event_seq);
stream!(Position, next_event_seq, event_seq);
stream!(Position, next_seq, seq);
stream!(Treasury, next_event_seq, event_seq);
stream!(UserAccount, next_seq, seq);

macro_rules! space {
    ($($account:ident)*) => {
        $(
            impl $account {
                /// Bytes of the account: discriminator and layout.
                pub const SPACE: usize = Self::DISCRIMINATOR.len().saturating_add(Self::INIT_SPACE);
            }
        )*
    };
}

space!(Exchange Insurance LpAccount Market Outflow Pool Position Treasury UserAccount);
space!(Proposal Withdrawal);

/// `#[account]` reads an existing account by `try_deserialize`, which tests the discriminator and then calls
/// `Self::try_deserialize_unchecked`; an account being created is read by the trait's `try_deserialize_unchecked` itself. An
/// inherent function of that name therefore stands between the two, and refuses another layout wherever an instruction reads an
/// existing account, so that none can forget to.
macro_rules! versioned {
    ($($account:ident)*) => {
        $(
            impl $account {
                fn try_deserialize_unchecked(data: &mut &[u8]) -> anchor_lang::Result<Self> {
                    let account = <Self as anchor_lang::AccountDeserialize>::try_deserialize_unchecked(data)?;
                    if account.version == crate::constants::ACCOUNT_VERSION {
                        Ok(account)
                    } else {
                        Err(PerpError::WrongVersion.into())
                    }
                }
            }
        )*
    };
}

versioned!(Exchange Insurance LpAccount Market Outflow Pool Position Treasury UserAccount);
versioned!(Proposal Withdrawal);
