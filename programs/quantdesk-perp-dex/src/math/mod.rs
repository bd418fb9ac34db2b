//! The mathematics of the exchange, in integers: formulas first, then the life of a position. `workers/shared/perps` has the
//! same files and functions in TypeScript; golden vectors bind both (`tests/parity`).

pub mod accrual;
pub mod borrow;
pub mod equity;
pub mod fee;
pub mod fill;
pub mod funding;
pub mod impact;
pub mod ints;
pub mod ledger;
pub mod liquidation;
pub mod notional;
pub mod pnl;
pub mod pool;
pub mod position_liquidate;
pub mod position_margin;
pub mod position_open;
pub mod position_payout;
pub mod position_reduce;
pub mod position_settle;
pub mod reduce;
pub mod reserve;
pub mod side;
