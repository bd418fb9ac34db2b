//! The acceptance of prices.
