//! The acceptance of prices: reading a Pyth price account (`price_update`), bringing it to the exchange's scale (`normalise`),
//! and deciding whether a market takes it (`acceptance`).

pub mod acceptance;
pub mod normalise;
pub mod price_update;

pub use acceptance::{accept_price, check_near_ema};
