//! Scales, seeds and bounds. Every bound says its unit; every scale says between which units it converts.

/// PDA seeds, all in one place. Singletons have one seed, the rest append what identifies them.
pub mod seeds {
    /// Exchange: `["exchange"]`.
    pub const EXCHANGE: &[u8] = b"exchange";
    /// USDC token account, authority Exchange: `["vault"]`.
    pub const VAULT: &[u8] = b"vault";
    /// Pool: `["pool"]`.
    pub const POOL: &[u8] = b"pool";
    /// Insurance: `["insurance"]`.
    pub const INSURANCE: &[u8] = b"insurance";
    /// Treasury: `["treasury"]`.
    pub const TREASURY: &[u8] = b"treasury";
    /// Outflow: `["outflow"]`.
    pub const OUTFLOW: &[u8] = b"outflow";
    /// Market: `["market", index as one byte]`.
    pub const MARKET: &[u8] = b"market";
    /// UserAccount: `["user", owner]`.
    pub const USER: &[u8] = b"user";
    /// Position: `["position", owner, market address]`.
    pub const POSITION: &[u8] = b"position";
    /// LpAccount: `["lp", owner]`.
    pub const LP: &[u8] = b"lp";
    /// Proposal: `["proposal", id as eight bytes]`.
    pub const PROPOSAL: &[u8] = b"proposal";
    /// Withdrawal: `["withdrawal", owner]`.
    pub const WITHDRAWAL: &[u8] = b"withdrawal";
}

/// Layout version written into every account.
pub const ACCOUNT_VERSION: u8 = 2;

/// Markets one exchange can hold.
pub const MARKETS_MAX: usize = 16;
/// Keepers one exchange can hold.
pub const KEEPERS_MAX: usize = 8;
/// Decimals of the USDC mint.
pub const QUOTE_DECIMALS: u8 = 6;

/// Basis points in one.
pub const BPS: u64 = 10_000;
/// 1e-16 USD in 1e-6 USDC: what divides `size · price` into quote.
pub const VALUE_PER_QUOTE: u128 = 10_000_000_000;
/// 1e-26 USD in 1e-16 USD: what lifts `size · price` to the scale of equity (that of `size · index`).
pub const EQUITY_PER_VALUE: i128 = 10_000_000_000;
/// 1e-26 USD in 1e-6 USDC.
pub const EQUITY_PER_QUOTE: i128 = 100_000_000_000_000_000_000;
/// `size · price · bps / BPS_VALUE_PER_QUOTE` is quote: 1e10 (value to quote) times 1e4 (bps).
pub const BPS_VALUE_PER_QUOTE: u128 = 100_000_000_000_000;
/// Price exponent of the exchange: prices are integers of 1e-8 USD.
pub const PRICE_EXPONENT: i32 = -8;
/// Leverage is given in hundredths.
pub const LEVERAGE_SCALE: u32 = 100;

/// Largest balance in 1e-6 USDC (1e12 USDC).
pub const QUOTE_MAX: u64 = 1_000_000_000_000_000_000;
/// Largest notional of a position and of a side of a market, in 1e-16 USD (1e11 USD).
pub const NOTIONAL_MAX: u128 = 1_000_000_000_000_000_000_000_000_000;
/// Largest `size · index` of a position and of a side of a market, in 1e-26 USD.
pub const INDEX_SUM_MAX: i128 = 10_000_000_000_000_000_000_000_000_000_000_000_000;

/// Highest `max_leverage` of a market.
pub const LEVERAGE_MAX: u16 = 100;
/// Lowest `max_utilisation_bps` of a market: below it, what large reserves need would leave the range of money.
pub const UTILISATION_BPS_MIN: u16 = 100;
/// Widest `max_ema_divergence_bps` of a market.
pub const EMA_DIVERGENCE_BPS_MAX: u16 = 10_000;
/// Highest `max_utilisation_bps` of a market.
pub const UTILISATION_BPS_MAX: u16 = 8_000;
/// Highest `max_staleness_seconds` of a market.
pub const STALENESS_SECONDS_MAX: u32 = 60;
/// Highest hourly rate, 1e-9 (100 % per hour).
pub const RATE_MAX: i64 = 1_000_000_000;
/// Highest `max_accrual_seconds` of a market.
pub const ACCRUAL_SECONDS_MAX: u32 = 86_400;
/// How far ahead of the clock a `publish_time` may be, in seconds.
pub const FUTURE_SECONDS_MAX: i64 = 5;
/// Oldest price that liquidation and `close_capped` may use without a keeper's signature, in seconds.
pub const KEEPERLESS_PRICE_AGE_SECONDS_MAX: i64 = 5;
/// How long the window of a request to close is, in seconds of `publish_time`. It begins `FUTURE_SECONDS_MAX` after the request:
/// a price that far ahead of the clock may be on chain already, and nobody asks to close at a price he has seen.
pub const CLOSE_REQUEST_WINDOW_SECONDS: i64 = 10;
/// How long after its window a request to close still blocks the position's next one, in seconds.
pub const CLOSE_REQUEST_COOLDOWN_SECONDS: i64 = 60;
/// How old settlement and refresh of a market may be when pool shares are minted or redeemed, in seconds.
pub const POOL_REFRESH_AGE_SECONDS_MAX: i64 = 2;
/// Oldest price at which pool shares are minted or redeemed, in seconds: nobody reaches back for a moment that suits him.
pub const POOL_PRICE_AGE_SECONDS_MAX: i64 = 5;
/// How long after its delay a pool request can be executed, in seconds of `publish_time`.
pub const POOL_REQUEST_WINDOW_SECONDS: i64 = 10;
/// How long after its window a lapsed pool request still blocks the next one, in seconds.
pub const POOL_REQUEST_COOLDOWN_SECONDS: i64 = 60;
/// Shortest pool delay other than none (none is for local networks), in seconds.
pub const POOL_DELAY_SECONDS_MIN: u32 = 60;
/// Longest pool delay, in seconds.
pub const POOL_DELAY_SECONDS_MAX: u32 = 86_400;
/// Longest time lock, in seconds (30 days).
pub const TIME_LOCK_SECONDS_MAX: u32 = 2_592_000;
/// Shortest time lock where real funds are held, in seconds (1 day).
pub const TIME_LOCK_SECONDS_MIN_MAINNET: u32 = 86_400;
/// Lowest borrow rate at full utilisation where real funds are held, in 1e-9 per hour.
pub const BORROW_RATE_MIN_MAINNET: i64 = 10_000;
/// Highest `lp_fee_bps` (10 %).
pub const LP_FEE_BPS_MAX: u16 = 1_000;
/// Highest trading fee of a market in bps (1 %).
pub const FEE_BPS_MAX: u16 = 100;
/// Seconds of one bucket in which a delegate's turnover is counted. Buckets start at multiples of it.
pub const TURNOVER_BUCKET_SECONDS: u64 = 21_600;
/// Buckets that count, the current one included: they cover any 24 hours, wherever these start.
pub const TURNOVER_BUCKETS: u64 = 5;
/// Seconds of the window in which insurance's top-ups to keepers are counted.
pub const TOPUP_WINDOW_SECONDS: i64 = 3_600;
/// Buckets before the current one that still count against the outflow limit: with the current one they cover any window.
pub const OUTFLOW_EARLIER_BUCKETS: usize = 3;
/// Shortest outflow window, in seconds (1 hour).
pub const OUTFLOW_WINDOW_SECONDS_MIN: u32 = 3_600;
/// Longest outflow window, in seconds (7 days).
pub const OUTFLOW_WINDOW_SECONDS_MAX: u32 = 604_800;
/// Least that each account may always withdraw in one window, in 1e-6 USDC (100 USDC).
pub const OUTFLOW_FLOOR_MIN: u64 = 100_000_000;
/// How long a proposal can be executed once its time lock has passed, in seconds (14 days).
pub const PROPOSAL_EXPIRY_SECONDS: i64 = 1_209_600;
/// Lowest `max_staleness_seconds` of a market: below it no price would arrive in time, not even to close.
pub const STALENESS_SECONDS_MIN: u32 = 5;
/// Lowest `max_confidence_bps` of a market: below it ordinary prices would be refused, also to close.
pub const CONFIDENCE_BPS_MIN: u16 = 10;
/// Shares locked for ever by the first deposit, in 1e-6 shares (worth 1 USDC then).
pub const FIRST_DEPOSIT_LOCKED_SHARES: u64 = 1_000_000;

/// Bits of `Exchange.paused_operations`. Closing, liquidation, adding margin and withdrawing cannot be paused.
pub mod pause {
    /// `open_position`, and a `trade` that opens anything.
    pub const OPEN: u32 = 1;
    /// `remove_margin`.
    pub const REMOVE_MARGIN: u32 = 1 << 1;
    /// `deposit_collateral`.
    pub const DEPOSIT: u32 = 1 << 2;
    /// `request_mint`, `request_redeem`, and the execution of both.
    pub const POOL: u32 = 1 << 3;
    /// Opening and removing margin by a keeper alone in a trader's name.
    pub const DELEGATION: u32 = 1 << 4;
    /// Every bit there is.
    pub const ALL: u32 = OPEN | REMOVE_MARGIN | DEPOSIT | POOL | DELEGATION;
}
