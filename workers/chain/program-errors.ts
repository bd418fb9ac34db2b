import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { PERP_ERRORS, type PerpErrorName } from '#shared/perps/errors.ts';
import { ERROR_CODES, type ErrorCode, type Refusal } from '#shared/protocol/error-codes.ts';

/**
 * What a program error means for a caller. Exhaustive over the program's interface (a test compares) and over the shared mathematics,
 * which refuses by the same names.
 */
export const PROGRAM_ERROR_CODES = {
  MathOverflow: 'TRADING_021',
  NotUpgradeAuthority: 'TRADING_021',
  NotAdmin: 'TRADING_021',
  NotKeeper: 'TRADING_021',
  NotOwner: 'AUTH_007',
  MissingAuthority: 'TRADING_015',
  WrongMarket: 'TRADING_021',
  WrongVault: 'TRADING_021',
  WrongMint: 'TRADING_021',
  WrongDecimals: 'TRADING_021',
  SelfLiquidation: 'TRADING_021',
  WrongMarketList: 'TRADING_021',
  InvalidConfig: 'TRADING_021',
  TooManyMarkets: 'TRADING_021',
  WeightsExceeded: 'TRADING_021',
  TooManyKeepers: 'TRADING_021',
  InvalidRole: 'TRADING_021',
  Paused: 'MARKET_003',
  MarketReduceOnly: 'MARKET_002',
  MarketHalted: 'MARKET_003',
  StaleCommand: 'TRADING_016',
  PriceTooEarly: 'ORACLE_001',
  SlippageExceeded: 'TRADING_004',
  DelegateDisabled: 'TRADING_015',
  DelegateExpired: 'TRADING_015',
  DelegateTurnoverExceeded: 'TRADING_015',
  DelegateSlippageExceeded: 'TRADING_015',
  ZeroAmount: 'VALIDATION_001',
  InsufficientCollateral: 'TRADING_002',
  LeverageOutOfBounds: 'TRADING_003',
  MarginTooLow: 'TRADING_018',
  BelowMinNotional: 'TRADING_012',
  NotionalTooLarge: 'TRADING_013',
  OpenInterestExceeded: 'TRADING_013',
  UtilisationExceeded: 'TRADING_013',
  SkewTooWide: 'TRADING_013',
  Capped: 'TRADING_017',
  NotCapped: 'TRADING_021',
  OppositeSide: 'TRADING_023',
  PositionFlat: 'TRADING_006',
  SizeExceedsPosition: 'TRADING_005',
  OnlyInFull: 'RISK_001',
  RemainderUnhealthy: 'TRADING_018',
  NotLiquidatable: 'TRADING_021',
  NothingToSettle: 'TRADING_021',
  NeedsInsurance: 'TRADING_021',
  PoolShort: 'TRADING_013',
  InvalidFillPrice: 'ORACLE_002',
  OracleWrongAccount: 'ORACLE_003',
  OracleMalformed: 'ORACLE_003',
  OracleWrongFeed: 'ORACLE_003',
  OracleUnverified: 'ORACLE_002',
  OracleExponent: 'ORACLE_003',
  OraclePriceOutOfRange: 'ORACLE_003',
  OracleStale: 'ORACLE_001',
  OracleFuture: 'ORACLE_001',
  OracleUncertain: 'ORACLE_002',
  OracleOutOfOrder: 'ORACLE_001',
  OracleDivergent: 'ORACLE_004',
  PoolRequestPending: 'TRADING_016',
  NoPoolRequest: 'TRADING_016',
  PoolRequestTooEarly: 'TRADING_016',
  PoolRequestOutsideWindow: 'TRADING_016',
  MarketNotRefreshed: 'TRADING_016',
  PoolWithoutEquity: 'TRADING_021',
  ZeroShares: 'VALIDATION_001',
  FirstDepositTooSmall: 'VALIDATION_001',
  InsufficientShares: 'TRADING_021',
  OutflowExceeded: 'TRADING_021',
  PoolWithoutShares: 'TRADING_021',
  MissingDestination: 'TRADING_021',
  NoCloseRequest: 'TRADING_016',
  CloseRequestBlocked: 'TRADING_016',
  CloseRequestTooEarly: 'ORACLE_001',
  CloseRequestLapsed: 'TRADING_016',
  NothingOwed: 'TRADING_021',
  NotRiskManager: 'TRADING_021',
  NotTreasuryAuthority: 'TRADING_021',
  NotPendingAdmin: 'TRADING_021',
  TimeLocked: 'TRADING_021',
  DurableNonce: 'TRADING_021',
  UnknownKeeper: 'TRADING_021',
  NeedsProposal: 'TRADING_021',
  ProposalTooEarly: 'TRADING_021',
  ProposalExpired: 'TRADING_021',
  StaleProposal: 'TRADING_021',
  NotTighter: 'TRADING_021',
  MissingAccount: 'TRADING_021',
  NotFirstInQueue: 'TRADING_021',
  InsufficientTreasury: 'TRADING_021',
  WrongVersion: 'TRADING_021',
} as const satisfies Readonly<Record<string, ErrorCode>> & Readonly<Record<PerpErrorName, ErrorCode>>;

export type ProgramErrorName = keyof typeof PROGRAM_ERROR_CODES;

/** Why a transaction failed, or would fail. */
export interface TransactionFailure {
  /** The program's error name, where the program refused. */
  readonly programError: ProgramErrorName | null;
  readonly refusal: Refusal;
  /** True when the transaction's blockhash is too old or unknown: a new attempt may follow. */
  readonly expired: boolean;
}

const errorsByNumber: ReadonlyMap<number, { readonly name: string; readonly msg?: string }> = new Map(
  idl.errors.map((error) => [error.code, error]),
);
const messagesByName: ReadonlyMap<string, string> = new Map<string, string>([
  ...Object.entries(PERP_ERRORS),
  ...idl.errors.map((error): [string, string] => [error.name, error.msg]),
]);

/** Anchor's own number for an account that does not exist yet; the log line in which it names the account. */
const anchorAccountNotInitialized = 3012;
const missingUserAccount = /AnchorError caused by account: user_account\./;
/** The token program's number for too few tokens. */
const tokenInsufficientFunds = 1;

const isProgramError = (name: string): name is ProgramErrorName => Object.hasOwn(PROGRAM_ERROR_CODES, name);

/** The refusal of a program error, in the caller's words. */
export function refusalOfProgramError(name: ProgramErrorName): Refusal {
  return { code: PROGRAM_ERROR_CODES[name], message: `${messagesByName.get(name) ?? name}.` };
}

/** The failure of a stored reason: a program error's name, or the text of any other failure. */
export function failureOfReason(reason: string): TransactionFailure {
  if (isProgramError(reason)) return { programError: reason, refusal: refusalOfProgramError(reason), expired: false };
  return failure(null, 'CHAIN_002', reason);
}

/**
 * Reads the error of a transaction as the RPC reports it. Null for a transaction without an error.
 * `logs`, where there are any, tell whose number a custom error is.
 */
export function readTransactionError(error: unknown, logs: readonly string[] = []): TransactionFailure | null {
  if (error === null || error === undefined) return null;
  if (error === 'BlockhashNotFound') {
    return failure(null, 'TRADING_020', 'The transaction is too old. Build it again.', true);
  }
  const custom = customError(error);
  if (custom === null) return failure(null, 'CHAIN_002', `The transaction would fail: ${describe(error)}.`);
  const known = errorsByNumber.get(custom);
  if (known !== undefined && isProgramError(known.name)) {
    return { programError: known.name, refusal: refusalOfProgramError(known.name), expired: false };
  }
  if (custom === anchorAccountNotInitialized) return missingAccount(logs);
  if (custom === tokenInsufficientFunds && logs.some((line) => /insufficient (funds|lamports)/i.test(line))) {
    return failure(null, 'CHAIN_004', 'The wallet does not hold enough for this transaction.');
  }
  return failure(null, 'TRADING_021', `The program refused the transaction (error ${custom}).`);
}

/** Only the trader's own account is missing for the trader to open; any other is the exchange's to set up. */
const missingAccount = (logs: readonly string[]): TransactionFailure =>
  logs.some((line) => missingUserAccount.test(line))
    ? failure(null, 'TRADING_014', 'Open a trading account first: action open_account.')
    : failure(
        null,
        'TRADING_021',
        'The program is not set up as the exchange expects. The transaction cannot succeed now.',
      );

const failure = (
  programError: ProgramErrorName | null,
  code: ErrorCode,
  message: string,
  expired = false,
): TransactionFailure => ({ programError, refusal: { code, message }, expired });

/** The number in `{ InstructionError: [index, { Custom: number }] }`. */
function customError(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('InstructionError' in error)) return null;
  const [, reason] = error.InstructionError as [number, unknown];
  if (typeof reason !== 'object' || reason === null || !('Custom' in reason)) return null;
  return typeof reason.Custom === 'number' ? reason.Custom : null;
}

/** The runtime's own name of the error, without anything else it may carry. */
function describe(error: unknown): string {
  if (typeof error === 'string') return error.slice(0, 100);
  const [name] = typeof error === 'object' && error !== null ? Object.keys(error) : [];
  return (name ?? 'unknown error').slice(0, 100);
}

/** Whether a later try of the same command may succeed without a change. */
export const isTransient = (name: ProgramErrorName): boolean =>
  ERROR_CODES[PROGRAM_ERROR_CODES[name]].retryable && ERROR_CODES[PROGRAM_ERROR_CODES[name]].error === 'OracleError';
