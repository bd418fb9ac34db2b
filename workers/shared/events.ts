/** The program's events; a test compares them with its interface. Whoever reads events decides about each of them by name. */
export const EVENT_NAMES = [
  'ExchangeInitialized',
  'MarketCreated',
  'UserAccountOpened',
  'PositionCreated',
  'DelegateChanged',
  'CollateralDeposited',
  'CollateralWithdrawn',
  'PositionIncreased',
  'PositionReduced',
  'MarginChanged',
  'PositionLiquidated',
  'LiquidationRewarded',
  'CloseRequested',
  'PositionSettled',
  'PayoutMade',
  'MarketRefreshed',
  'MarketSettled',
  'Donated',
  'PoolRequested',
  'PoolRequestExecuted',
  'PoolRequestLapsed',
  'AdminProposed',
  'AdminAccepted',
  'OperationsPaused',
  'OperationsResumed',
  'MarketStatusChanged',
  'KeeperAdded',
  'KeeperRemoved',
  'ChangeProposed',
  'ChangeCancelled',
  'ChangeExecuted',
  'MarketTightened',
  'WithdrawalQueued',
  'WithdrawalPaid',
  'WithdrawalReturned',
  'WithdrawalCancelled',
  'TreasuryWithdrawn',
  'InsuranceFunded',
  'AccountMigrated',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

const eventNames: ReadonlySet<string> = new Set(EVENT_NAMES);

export const isEventName = (name: string): name is EventName => eventNames.has(name);

/**
 * A program event as every consumer receives it: decoded, in domain units, with its place in the chain and in its streams.
 * Integers are bigint, keys base58 text, ids uuid text. Event names and field names are the program's, camelCased.
 */
export interface IndexedEvent {
  readonly name: EventName;
  /** The event's own fields. */
  readonly data: Readonly<Record<string, EventValue>>;
  readonly signature: string;
  readonly slot: number;
  /** Place among the program's events of this transaction, from 0. */
  readonly indexInTransaction: number;
  /** Block time in milliseconds. */
  readonly blockTimeMs: number;
  /** Stream numbers: each stream is applied strictly in order. Absent where the event has no part in that stream. */
  readonly streams: EventStreams;
}

export type EventValue =
  bigint | number | boolean | string | null | readonly EventValue[] | { readonly [field: string]: EventValue };

export interface EventStreams {
  readonly market?: { readonly symbol: string; readonly seq: bigint };
  /** `owner` is the wallet. */
  readonly account?: { readonly owner: string; readonly seq: bigint };
  readonly position?: {
    readonly owner: string;
    readonly symbol: string;
    readonly seq: bigint;
    readonly commandSeq: bigint;
  };
}
