//! What several instructions share.

pub mod authority;
pub mod durable_nonce;
pub mod insurance;
pub mod outflow;
pub mod parameters;
pub mod pool_markets;
pub mod pool_request;
pub mod records;
pub mod trade;
pub mod turnover;
pub mod vault;
