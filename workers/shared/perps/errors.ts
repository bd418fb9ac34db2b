/**
 * Refusals of the mathematics, by the names of the program's errors: a preview refuses with the very name the program would.
 */
export const PERPS_ERRORS = {
  MathOverflow: 'An amount is beyond what the exchange can count',
  InvalidSize: 'The size is zero or larger than the position',
  InvalidLeverage: "The leverage is outside the market's limits",
  InvalidAmount: 'The amount is zero',
  FillPriceNotPositive: 'The spread is as large as the price',
  WorstPriceExceeded: 'The price, with impact, is worse than the worst price accepted',
  PositionSideMismatch: 'A position of the other side is open',
  NoPosition: 'There is no open position',
  Capped: 'The position can win nothing more and is not increased',
  NotCapped: 'The position can still win more',
  SkewLimitExceeded: 'The trade would widen the skew beyond its limit',
  OpenInterestExceeded: 'The side of the market is at its open-interest limit',
  NotionalTooLarge: 'The notional of the side would pass 1e11 USD',
  IndexTooLarge: 'The size times the funding or borrow index is beyond what the exchange can count',
  PositionTooSmall: "The position would be below the market's minimum notional",
  ReserveExceeded: 'The pool has no room to reserve the payoff',
  InsufficientCollateral: 'Not enough free collateral',
  InsufficientMargin: 'The position has less margin than that',
  BelowInitialMargin: 'The position would be, or is, below its initial margin',
  OnlyInFull: 'The position can only be closed in full',
  WouldBeLiquidatable: 'What remains of the position could be liquidated at once',
  NotLiquidatable: 'The position is healthy',
  NeedsInsurance: 'The insurance account is needed and was not given',
  PoolShort: 'The pool and insurance cannot pay this now',
  NothingToSettle: 'There is too little funding and borrow to settle',
  MarketReduceOnly: 'The market only lets positions be reduced',
  MarketHalted: 'The market is halted',
  OracleWrongOwner: 'The price account belongs to another program',
  OracleWrongAccount: "The price account is not the market's",
  OracleInvalidAccount: 'The price account does not hold a price update',
  OracleWrongFeed: "The price account holds another feed than the market's",
  OracleNotVerified: 'The price update carries too few signatures',
  OracleInvalidExponent: 'The exponent of the price is outside -18 to 0',
  OracleInvalidPrice: 'The price or its average is not positive or too large',
  OracleStale: 'The price is too old',
  OracleFromFuture: 'The price is from the future',
  OracleTooUncertain: 'The confidence interval is too wide',
  OracleOlderThanAccepted: 'The market has accepted a newer price already',
  OracleTooEarly: 'The price is older than the trade allows',
  OracleDiverged: 'The price is too far from its average to take risk',
  ZeroShares: 'The amount buys no share, or the shares pay nothing',
  PoolInsolvent: 'The pool owes more than it has: no shares can be minted',
} as const;

export type PerpsErrorName = keyof typeof PERPS_ERRORS;

/** A refusal of the mathematics. `code` is the program's error name. */
export class PerpsError extends Error {
  readonly code: PerpsErrorName;

  constructor(code: PerpsErrorName) {
    super(PERPS_ERRORS[code]);
    this.name = 'PerpsError';
    this.code = code;
  }
}

/** Throws PerpsError where the condition does not hold. */
export function requireThat(condition: boolean, code: PerpsErrorName): asserts condition {
  if (!condition) throw new PerpsError(code);
}
