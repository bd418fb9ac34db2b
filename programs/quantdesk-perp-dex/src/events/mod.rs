//! Events, written by self-CPI so that they are read from inner instructions whatever happens to the logs. Each carries what
//! rebuilds the projection; trades and liquidations carry every input of the decision, so that anyone can recompute it.
//!
//! Stream numbers grow by one per event of their stream: `exchange_seq`, `market_seq`, `pool_seq`, `insurance_seq`,
//! `account_seq` (UserAccount), `position_seq` (Position), `lp_seq` (LpAccount). `command_seq` is Position.seq afterwards.

mod account;
mod close;
mod exchange;
mod governance;
mod outflow;
mod parts;
mod pool;
mod trade;

pub use account::*;
pub use close::*;
pub use exchange::*;
pub use governance::*;
pub use outflow::*;
pub use parts::*;
pub use pool::*;
pub use trade::*;
