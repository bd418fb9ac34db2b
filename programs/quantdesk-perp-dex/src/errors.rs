//! Every refusal of the program. Names and numbers are part of the interface: append, never reorder, never rename.

use anchor_lang::prelude::*;

/// Numbers start at 6000 in the order written.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum PerpError {
    // Arithmetic
    #[msg("An amount left the range of its unit")]
    MathOverflow,
    // Roles and identity
    #[msg("Only the program's upgrade authority may initialise the exchange")]
    NotUpgradeAuthority,
    #[msg("Signer is not the admin of the exchange")]
    NotAdmin,
    #[msg("Signer is not an active keeper of the exchange")]
    NotKeeper,
    #[msg("Signer does not own this account")]
    NotOwner,
    #[msg("Neither the owner nor a keeper signed")]
    MissingAuthority,
    #[msg("Account belongs to another market")]
    WrongMarket,
    #[msg("Account is not the vault of the exchange")]
    WrongVault,
    #[msg("Token account or mint is not of the exchange's USDC")]
    WrongMint,
    #[msg("USDC must have six decimals")]
    WrongDecimals,
    #[msg("The liquidated account cannot take the liquidation reward")]
    SelfLiquidation,
    #[msg("All markets must be passed, in the order of their index")]
    WrongMarketList,
    // Configuration
    #[msg("A parameter is outside its bounds")]
    InvalidConfig,
    #[msg("The exchange has no room for another market")]
    TooManyMarkets,
    #[msg("The weights of the markets exceed the pool")]
    WeightsExceeded,
    #[msg("Too many keepers")]
    TooManyKeepers,
    #[msg("A role or keeper key is missing or repeated")]
    InvalidRole,
    // State of the exchange and the market
    #[msg("This operation is paused")]
    Paused,
    #[msg("The market is reduce-only")]
    MarketReduceOnly,
    #[msg("The market is halted")]
    MarketHalted,
    // Execution
    #[msg("The position changed since this command was prepared")]
    StaleCommand,
    #[msg("The price is older than this order may use")]
    PriceTooEarly,
    #[msg("The execution price is worse than the order allows")]
    SlippageExceeded,
    #[msg("The account has not delegated trading")]
    DelegateDisabled,
    #[msg("The delegation has expired")]
    DelegateExpired,
    #[msg("The delegation's turnover limit is used up")]
    DelegateTurnoverExceeded,
    #[msg("The execution price is further from the oracle than the delegation allows")]
    DelegateSlippageExceeded,
    // Amounts
    #[msg("The amount must be greater than zero")]
    ZeroAmount,
    #[msg("Free collateral does not cover this")]
    InsufficientCollateral,
    #[msg("Leverage is outside the market's bounds")]
    LeverageOutOfBounds,
    #[msg("The remaining margin would be below the initial requirement")]
    MarginTooLow,
    #[msg("The position would be below the market's minimum notional")]
    BelowMinNotional,
    #[msg("The notional limit is exceeded")]
    NotionalTooLarge,
    #[msg("The open-interest limit of this side is exceeded")]
    OpenInterestExceeded,
    #[msg("The market's backing cannot reserve this position's possible profit")]
    UtilisationExceeded,
    #[msg("The position can win nothing more and is not increased")]
    Capped,
    #[msg("A position of the other side is open")]
    OppositeSide,
    #[msg("The position is flat")]
    PositionFlat,
    #[msg("The size exceeds the position")]
    SizeExceedsPosition,
    #[msg("This position can only be closed in full")]
    OnlyInFull,
    #[msg("The rest of the position would be liquidatable")]
    RemainderUnhealthy,
    #[msg("The position is healthy")]
    NotLiquidatable,
    #[msg("The insurance account is needed: send again with it")]
    NeedsInsurance,
    #[msg("The pool cannot pay this profit")]
    PoolShort,
    #[msg("The fill price is not positive")]
    InvalidFillPrice,
    // Oracle
    #[msg("The price account has the wrong address or owner")]
    OracleWrongAccount,
    #[msg("The price account does not hold a price update")]
    OracleMalformed,
    #[msg("The price account holds another feed")]
    OracleWrongFeed,
    #[msg("The price update is not verified by enough guardians")]
    OracleUnverified,
    #[msg("The price exponent is outside -18 to 0")]
    OracleExponent,
    #[msg("The price or its average is not positive or too large")]
    OraclePriceOutOfRange,
    #[msg("The price is too old")]
    OracleStale,
    #[msg("The price lies in the future")]
    OracleFuture,
    #[msg("The price's confidence interval is too wide")]
    OracleUncertain,
    #[msg("The price is older than one already accepted")]
    OracleOutOfOrder,
    #[msg("The price is too far from its moving average")]
    OracleDivergent,
    // Pool shares
    #[msg("A pool request is already pending")]
    PoolRequestPending,
    #[msg("No pool request is pending")]
    NoPoolRequest,
    #[msg("The pool request cannot be executed yet")]
    PoolRequestTooEarly,
    #[msg("The price lies outside the request's window")]
    PoolRequestOutsideWindow,
    #[msg("The market must be settled and refreshed first")]
    MarketNotRefreshed,
    #[msg("The pool has no equity to share")]
    PoolWithoutEquity,
    #[msg("The request would give zero shares or zero payout")]
    ZeroShares,
    #[msg("The first deposit must exceed the shares it locks")]
    FirstDepositTooSmall,
    #[msg("Not enough free shares")]
    InsufficientShares,
    // Appended
    #[msg("The trade would widen the skew beyond its limit")]
    SkewTooWide,
    #[msg("The position can still win more")]
    NotCapped,
    #[msg("There is too little funding and borrow to settle")]
    NothingToSettle,
    #[msg("More would leave the vault in this window than its limit allows")]
    OutflowExceeded,
    #[msg("A pool without shares takes no donation")]
    PoolWithoutShares,
    #[msg("The account that takes the payout is missing")]
    MissingDestination,
    // Requests to close, owed payouts
    #[msg("No request to close is pending")]
    NoCloseRequest,
    #[msg("The last request to close still blocks the next one")]
    CloseRequestBlocked,
    #[msg("The price is not newer than the request to close")]
    CloseRequestTooEarly,
    #[msg("The request to close has lapsed")]
    CloseRequestLapsed,
    #[msg("Nothing is owed to this position")]
    NothingOwed,
    // Governance
    #[msg("Signer is neither the risk manager nor the admin of the exchange")]
    NotRiskManager,
    #[msg("Signer is not the treasury authority of the exchange")]
    NotTreasuryAuthority,
    #[msg("Signer is not the admin in waiting")]
    NotPendingAdmin,
    #[msg("The time lock has not passed yet")]
    TimeLocked,
    #[msg("Instructions of a role are refused in a durable-nonce transaction")]
    DurableNonce,
    #[msg("The exchange has no such keeper")]
    UnknownKeeper,
    #[msg("This is done by a proposal that waits the time lock")]
    NeedsProposal,
    #[msg("The proposal cannot be executed yet")]
    ProposalTooEarly,
    #[msg("The proposal has expired")]
    ProposalExpired,
    #[msg("The parameters changed since this proposal was made")]
    StaleProposal,
    #[msg("The change is not tighter than what stands")]
    NotTighter,
    #[msg("An account this change needs is missing")]
    MissingAccount,
    // What leaves the vault
    #[msg("Another withdrawal is first in the queue")]
    NotFirstInQueue,
    #[msg("The treasury's balance does not cover this")]
    InsufficientTreasury,
    // Layouts
    #[msg("The account has another layout version")]
    WrongVersion,
}
