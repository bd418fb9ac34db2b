//! The mathematics of the exchange.

pub mod ints;
