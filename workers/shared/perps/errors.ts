/**
 * Refusals of the mathematics, by the names of the program's errors: a preview refuses with the very name the program would.
 */
export const PERP_ERRORS = {
  MathOverflow: 'An amount left the range of its unit',
  InvalidConfig: 'A parameter is outside its bounds',
  MarketReduceOnly: 'The market is reduce-only',
  MarketHalted: 'The market is halted',
  PriceTooEarly: 'The price is older than this order may use',
  SlippageExceeded: 'The execution price is worse than the order allows',
  ZeroAmount: 'The amount must be greater than zero',
  InsufficientCollateral: 'Free collateral does not cover this',
  LeverageOutOfBounds: "Leverage is outside the market's bounds",
  MarginTooLow: 'The margin is, or would be, below the initial requirement',
  BelowMinNotional: "The position would be below the market's minimum notional",
  NotionalTooLarge: 'The notional limit is exceeded',
  OpenInterestExceeded: 'The open-interest limit of this side is exceeded',
  UtilisationExceeded: "The market's backing cannot reserve this position's possible profit",
  SkewTooWide: 'The trade would widen the skew beyond its limit',
  Capped: 'The position can win nothing more and is not increased',
  NotCapped: 'The position can still win more',
  OppositeSide: 'A position of the other side is open',
  PositionFlat: 'The position is flat',
  SizeExceedsPosition: 'The size exceeds the position',
  OnlyInFull: 'This position can only be closed in full',
  RemainderUnhealthy: 'The rest of the position would be liquidatable',
  NotLiquidatable: 'The position is healthy',
  NothingToSettle: 'There is too little funding and borrow to settle',
  NothingOwed: 'Nothing is owed to this position',
  NeedsInsurance: 'The insurance account is needed: send again with it',
  PoolShort: 'The pool cannot pay this profit',
  InvalidFillPrice: 'The fill price is not positive',
  OracleWrongAccount: 'The price account has the wrong address or owner',
  OracleMalformed: 'The price account does not hold a price update',
  OracleWrongFeed: 'The price account holds another feed',
  OracleUnverified: 'The price update is not verified by enough guardians',
  OracleExponent: 'The price exponent is outside -18 to 0',
  OraclePriceOutOfRange: 'The price or its average is not positive or too large',
  OracleStale: 'The price is too old',
  OracleFuture: 'The price lies in the future',
  OracleUncertain: "The price's confidence interval is too wide",
  OracleOutOfOrder: 'The price is older than one already accepted',
  OracleDivergent: 'The price is too far from its moving average',
  PoolWithoutEquity: 'The pool has no equity to share',
  ZeroShares: 'The request would give zero shares or zero payout',
  FirstDepositTooSmall: 'The first deposit must exceed the shares it locks',
} as const;

export type PerpErrorName = keyof typeof PERP_ERRORS;

/** A refusal of the mathematics. `code` is the program's error name. */
export class PerpError extends Error {
  readonly code: PerpErrorName;

  constructor(code: PerpErrorName) {
    super(PERP_ERRORS[code]);
    this.name = 'PerpError';
    this.code = code;
  }
}

/** Throws PerpError where the condition does not hold. */
export function requireThat(condition: boolean, code: PerpErrorName): asserts condition {
  if (!condition) throw new PerpError(code);
}
