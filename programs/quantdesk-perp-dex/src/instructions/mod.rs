//! One instruction per file: its accounts, its arguments, its checks, its handler.

pub mod add_margin;
pub mod cancel_change;
pub mod cancel_withdrawal;
pub mod close_capped;
pub mod close_position;
pub mod create_market;
pub mod create_position;
pub mod deposit_collateral;
pub mod donate;
pub mod execute_change;
pub mod execute_close_request;
pub mod execute_pool_request;
pub mod execute_withdrawal;
pub mod fund_insurance;
pub mod initialize_exchange;
pub mod liquidate_position;
pub mod manage_delegate;
pub mod manage_exchange;
pub mod manage_market;
pub mod migrate_account;
pub mod open_position;
pub mod open_user_account;
pub mod pay_owed;
pub mod propose_change;
pub mod queue_withdrawal;
pub mod refresh_market;
pub mod remove_margin;
pub mod request_close;
pub mod request_mint;
pub mod request_redeem;
pub mod settle_market;
pub mod settle_position;
pub mod trade;
pub mod withdraw_collateral;
pub mod withdraw_treasury;

pub mod common;
pub mod config_bounds;

// `#[program]` needs the accounts modules' generated items at the crate's root; the handlers share their name.
#[allow(ambiguous_glob_reexports)]
mod accounts_and_args {

    pub use super::add_margin::*;
    pub use super::cancel_change::*;
    pub use super::cancel_withdrawal::*;
    pub use super::close_capped::*;
    pub use super::close_position::*;
    pub use super::create_market::*;
    pub use super::create_position::*;
    pub use super::deposit_collateral::*;
    pub use super::donate::*;
    pub use super::execute_change::*;
    pub use super::execute_close_request::*;
    pub use super::execute_pool_request::*;
    pub use super::execute_withdrawal::*;
    pub use super::fund_insurance::*;
    pub use super::initialize_exchange::*;
    pub use super::liquidate_position::*;
    pub use super::manage_delegate::*;
    pub use super::manage_exchange::*;
    pub use super::manage_market::*;
    pub use super::migrate_account::*;
    pub use super::open_position::*;
    pub use super::open_user_account::*;
    pub use super::pay_owed::*;
    pub use super::propose_change::*;
    pub use super::queue_withdrawal::*;
    pub use super::refresh_market::*;
    pub use super::remove_margin::*;
    pub use super::request_close::*;
    pub use super::request_mint::*;
    pub use super::request_redeem::*;
    pub use super::settle_market::*;
    pub use super::settle_position::*;
    pub use super::trade::*;
    pub use super::withdraw_collateral::*;
    pub use super::withdraw_treasury::*;
}
pub use accounts_and_args::*;
