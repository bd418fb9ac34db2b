import type { EventValue, IndexedEvent } from '#shared/events.ts';
import { clamp, divCeil, divFloor, divRound, max } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, price, quote, size } from '#shared/money/units.ts';
import type { Price, Quote } from '#shared/money/units.ts';
import { derivedId, positionIdOf, userIdOf } from '../../workers/platform/ids.ts';
import type { fills } from '../schema/fills.ts';
import type { fundingPayments } from '../schema/funding-payments.ts';
import type { liquidations } from '../schema/liquidations.ts';
import type { positionHistory } from '../schema/position-history.ts';
import type { tradingPositions } from '../schema/trading-positions.ts';
import type { transfers } from '../schema/transfers.ts';
import { EventFields, MalformedEvent } from './fields.ts';
import type { PositionParts } from './fields.ts';
import { eventKeyOf } from './plan.ts';

/** What a position's row becomes. `opening` makes the row; without it the row is there. */
export interface PositionChange {
  readonly id: string;
  readonly opening: Pick<
    typeof tradingPositions.$inferInsert,
    'userId' | 'marketSymbol' | 'side' | 'createdAt' | 'openedSeq'
  > | null;
  /** `currentPrice` is null where the events state no price. */
  readonly state: {
    readonly size: PositionParts['size'];
    readonly entryPrice: Price;
    readonly currentPrice: Price | null;
    readonly marginUsed: PositionParts['margin'];
    readonly leverage: number;
    readonly positionSeq: bigint;
    readonly isActive: boolean;
    readonly closedAt: Date | null;
  };
}

/** The rows that follow from a batch of events. */
export interface ProjectedRows {
  /** Wallet → when it was first seen. */
  readonly owners: Map<string, Date>;
  readonly positions: Map<string, PositionChange>;
  readonly history: (typeof positionHistory.$inferInsert)[];
  readonly fills: (typeof fills.$inferInsert)[];
  readonly liquidations: (typeof liquidations.$inferInsert)[];
  readonly fundingPayments: (typeof fundingPayments.$inferInsert)[];
  readonly transfers: (typeof transfers.$inferInsert)[];
  /** What became of queued withdrawals, in order. */
  readonly withdrawals: WithdrawalChange[];
}

/** A queued withdrawal's next state; `left` is what is still to be paid. */
export interface WithdrawalChange {
  readonly id: string;
  readonly status: 'queued' | 'done' | 'returned' | 'cancelled';
  /** Null where nothing was paid. */
  readonly left: Quote | null;
}

/** The open position of a wallet in a market, by `openKey`: what a settlement, which does not name its opening, belongs to. */
export type OpenPositions = ReadonlyMap<string, string>;

export const openKey = (owner: string, symbol: string): string => `${owner} ${symbol}`;

/** Address of a position, base58: what its id derives from. */
export type PositionAddressOf = (owner: string, symbol: string) => string;

/** Hundredths, as far as the column goes. */
const LEVERAGE_E2_MAX = 10_000n;

/** The rows of events given in the order of the chain. Everything follows from the events, so that a reindex gives the same rows. */
export function projectEvents(
  events: readonly IndexedEvent[],
  positionAddressOf: PositionAddressOf,
  openPositions: OpenPositions,
): ProjectedRows {
  const rows: ProjectedRows = {
    owners: new Map(),
    positions: new Map(),
    history: [],
    fills: [],
    liquidations: [],
    fundingPayments: [],
    transfers: [],
    withdrawals: [],
  };
  const parts: Parts = { rows, positionAddressOf, open: new Map(openPositions) };
  for (const event of events) project(event, parts);
  return rows;
}

/** What a batch is projected with; `open` follows the events. */
interface Parts {
  readonly rows: ProjectedRows;
  readonly positionAddressOf: PositionAddressOf;
  readonly open: Map<string, string>;
}

function project(event: IndexedEvent, parts: Parts): void {
  const { rows } = parts;
  const owner = event.streams.account?.owner ?? event.streams.position?.owner;
  if (owner !== undefined && !rows.owners.has(owner)) rows.owners.set(owner, new Date(event.blockTimeMs));
  const fields = new EventFields(event);
  switch (event.name) {
    case 'PositionIncreased':
    case 'PositionReduced':
      rows.fills.push(fillOf(event, fields, changePosition(event, fields, parts)));
      break;
    case 'PositionLiquidated':
      rows.liquidations.push(liquidationOf(event, fields, changePosition(event, fields, parts)));
      break;
    case 'MarginChanged':
    case 'PositionSettled':
      changePosition(event, fields, parts);
      break;
    case 'CollateralDeposited':
      rows.transfers.push(transferOf(event, fields, 'deposit'));
      break;
    case 'CollateralWithdrawn':
      rows.transfers.push(transferOf(event, fields, 'withdrawal'));
      break;
    case 'LiquidationRewarded': {
      // Where nothing was left of the position, and the top-up of the hour is spent, the reward is nothing.
      const reward = transferOf(event, fields, 'liquidation_reward');
      if (reward.amount > 0n) rows.transfers.push(reward);
      break;
    }
    case 'PayoutMade':
      rows.transfers.push(transferOf(event, fields, 'payout'));
      break;
    case 'WithdrawalQueued':
      rows.transfers.push(queuedOf(event, fields));
      break;
    case 'WithdrawalPaid':
    case 'WithdrawalReturned':
    case 'WithdrawalCancelled':
      rows.withdrawals.push(...withdrawalChange(event, fields));
      break;
    // They move their streams, where they have any, and have no row of their own.
    case 'ExchangeInitialized':
    case 'MarketCreated':
    case 'UserAccountOpened':
    case 'PositionCreated':
    case 'DelegateChanged':
    case 'CloseRequested':
    case 'MarketRefreshed':
    case 'MarketSettled':
    case 'Donated':
    case 'PoolRequested':
    case 'PoolRequestExecuted':
    case 'PoolRequestLapsed':
    case 'AdminProposed':
    case 'AdminAccepted':
    case 'OperationsPaused':
    case 'OperationsResumed':
    case 'MarketStatusChanged':
    case 'KeeperAdded':
    case 'KeeperRemoved':
    case 'ChangeProposed':
    case 'ChangeCancelled':
    case 'ChangeExecuted':
    case 'MarketTightened':
    case 'TreasuryWithdrawn':
    case 'InsuranceFunded':
    case 'AccountMigrated':
      break;
  }
}

/** What the rows of one event have in common. */
interface PositionEvent {
  readonly positionId: string;
  readonly userId: string;
  readonly symbol: string;
  readonly before: PositionParts;
  readonly after: PositionParts;
}

function changePosition(event: IndexedEvent, fields: EventFields, parts: Parts): PositionEvent {
  const { rows } = parts;
  const { position } = event.streams;
  if (position === undefined) throw new MalformedEvent(`${event.name} has no position stream (${eventKeyOf(event)})`);
  const { owner, symbol } = position;
  const openedSeq = event.name === 'PositionSettled' ? null : fields.integer('openedSeq');
  const positionId = idOf(event, position, openedSeq, parts);
  const userId = userIdOf(owner);
  const change: PositionEvent = {
    positionId,
    userId,
    symbol,
    before: fields.position('before'),
    after: fields.position('after'),
  };
  const createdAt = new Date(event.blockTimeMs);
  if (change.after.size > 0n) parts.open.set(openKey(owner, symbol), positionId);
  else parts.open.delete(openKey(owner, symbol));
  const opens = { userId, marketSymbol: symbol, side: change.after.side, createdAt };
  const opening = change.before.size === 0n && openedSeq !== null ? { ...opens, openedSeq } : null;
  const earlier = rows.positions.get(positionId);
  rows.positions.set(positionId, {
    id: positionId,
    opening: opening ?? earlier?.opening ?? null,
    state: stateOf(change, fields, createdAt, position.seq, earlier?.state.currentPrice ?? null),
  });
  rows.history.push(historyOf(event, fields, change, position.seq));
  const [funding, borrow] = [quote(fields.integerOrZero('funding')), quote(fields.integerOrZero('borrow'))];
  if (funding !== 0n || borrow !== 0n) {
    rows.fundingPayments.push({
      id: derivedId('funding', eventKeyOf(event)),
      userId,
      positionId,
      marketSymbol: symbol,
      funding,
      borrow,
      accountSeq: event.streams.account?.seq ?? null,
      positionSeq: position.seq,
      transactionHash: event.signature,
      createdAt,
    });
  }
  return change;
}

/** The row of a position: by its opening, or the one that stands open. */
function idOf(
  event: IndexedEvent,
  { owner, symbol }: { readonly owner: string; readonly symbol: string },
  openedSeq: bigint | null,
  { open, positionAddressOf }: Parts,
): string {
  if (openedSeq !== null) return positionIdOf(positionAddressOf(owner, symbol), openedSeq);
  const id = open.get(openKey(owner, symbol));
  if (id === undefined) throw new MalformedEvent(`${event.name} of no open position (${eventKeyOf(event)})`);
  return id;
}

function stateOf(
  { before, after }: PositionEvent,
  fields: EventFields,
  at: Date,
  positionSeq: bigint,
  earlierPrice: Price | null,
): PositionChange['state'] {
  const isActive = after.size > 0n;
  // A closed row keeps what it was before: the table holds no position of size 0.
  const shown = isActive ? after : before;
  return {
    size: shown.size,
    entryPrice: entryPriceOf(shown),
    currentPrice: fields.nested('oracle')?.price('price') ?? earlierPrice,
    marginUsed: after.margin,
    leverage: leverageOf(shown),
    positionSeq,
    isActive,
    closedAt: isActive ? null : at,
  };
}

/** Average entry price, 1e-8 USD, rounded against the trader; at least one unit. */
export function entryPriceOf({ side, size: s, entryValue }: PositionParts): Price {
  if (s === 0n) return price(0n);
  return price(max(side === 'long' ? divCeil(entryValue, s) : divFloor(entryValue, s), 1n));
}

/** Entry notional over margin, in hundredths. */
export function leverageOf({ entryValue, margin }: PositionParts): number {
  if (margin === 0n) return Number(LEVERAGE_E2_MAX);
  return Number(clamp(divRound(entryValue * 100n, margin * ENTRY_VALUE_PER_QUOTE), 1n, LEVERAGE_E2_MAX));
}

function historyOf(
  event: IndexedEvent,
  fields: EventFields,
  { positionId, before, after }: PositionEvent,
  positionSeq: bigint,
) {
  const pnl = fields.integerOrZero('realizedPnl') - fields.integerOrZero('funding') - fields.integerOrZero('borrow');
  const closes = after.size === 0n;
  const action = before.size === 0n ? 'opened' : closes ? 'closed' : 'updated';
  return {
    id: derivedId('history', eventKeyOf(event)),
    positionId,
    action: event.name === 'PositionLiquidated' ? 'liquidated' : action,
    sizeChange: size(after.size - before.size),
    priceChange: price(closes ? 0n : entryPriceOf(after) - entryPriceOf(before)),
    pnlChange: quote(pnl),
    marginChange: quote(after.margin - before.margin),
    createdAt: new Date(event.blockTimeMs),
    transactionHash: event.signature,
    positionSeq,
  };
}

function fillOf(event: IndexedEvent, fields: EventFields, change: PositionEvent): typeof fills.$inferInsert {
  const increases = event.name === 'PositionIncreased';
  const { side } = increases ? change.after : change.before;
  return {
    id: derivedId('fill', eventKeyOf(event)),
    userId: change.userId,
    positionId: change.positionId,
    orderId: fields.orderId(),
    marketSymbol: change.symbol,
    side: (side === 'long') === increases ? 'buy' : 'sell',
    quantity: fields.size('size'),
    price: fields.price('fillPrice'),
    fee: fields.quote('fee'),
    impact: fields.quote('impact'),
    realizedPnl: quote(fields.integerOrZero('realizedPnl')),
    funding: quote(fields.integerOrZero('funding')),
    borrow: quote(fields.integerOrZero('borrow')),
    ...evidenceOf(event, fields),
  };
}

function liquidationOf(
  event: IndexedEvent,
  fields: EventFields,
  change: PositionEvent,
): typeof liquidations.$inferInsert {
  return {
    id: derivedId('liquidation', eventKeyOf(event)),
    userId: change.userId,
    positionId: change.positionId,
    marketSymbol: change.symbol,
    side: change.before.side,
    quantity: fields.size('size'),
    price: oracleOf(event, fields).price('price'),
    isFull: change.after.size === 0n,
    realizedPnl: fields.quote('realizedPnl'),
    funding: fields.quote('funding'),
    borrow: fields.quote('borrow'),
    liquidationFee: fields.quote('liquidationFee'),
    keeperReward: fields.quote('keeperReward'),
    marginReleased: fields.quote('marginReleased'),
    badDebt: fields.quote('badDebt'),
    liquidator: fields.key('liquidator'),
    ...evidenceOf(event, fields),
  };
}

function transferOf(event: IndexedEvent, fields: EventFields, kind: string): typeof transfers.$inferInsert {
  return {
    id: derivedId('transfer', eventKeyOf(event)),
    userId: userIdOf(fields.text('owner')),
    kind,
    amount: fields.quote('amount'),
    paid: fields.quote('amount'),
    collateral: fields.quote('collateral'),
    accountSeq: fields.integer('accountSeq'),
    transactionHash: event.signature,
    createdAt: new Date(event.blockTimeMs),
  };
}

export const withdrawalId = (fields: EventFields): string =>
  derivedId('withdrawal', fields.text('owner'), fields.integer('ticket'));

const queuedOf = (event: IndexedEvent, fields: EventFields): typeof transfers.$inferInsert => ({
  ...transferOf(event, fields, 'withdrawal'),
  id: withdrawalId(fields),
  status: 'queued',
  paid: quote(0n),
});

/** The turn of a cancelled entry pays nothing and changes nothing. */
export function withdrawalChange(event: IndexedEvent, fields: EventFields): WithdrawalChange[] {
  const id = withdrawalId(fields);
  if (event.name === 'WithdrawalReturned') return [{ id, status: 'returned', left: null }];
  if (event.name === 'WithdrawalCancelled') return [{ id, status: 'cancelled', left: null }];
  if (fields.integer('amount') === 0n) return [];
  const left = fields.quote('left');
  return [{ id, status: left === 0n ? 'done' : 'queued', left }];
}

/** Where and at which price it happened, and the receipt. */
function evidenceOf(event: IndexedEvent, fields: EventFields) {
  return {
    publishTime: oracleOf(event, fields).integer('publishTime'),
    accountSeq: fields.integer('accountSeq'),
    transactionHash: event.signature,
    receipt: { event: event.name, slot: event.slot, data: plainJson(event.data) },
    createdAt: new Date(event.blockTimeMs),
  };
}

function oracleOf(event: IndexedEvent, fields: EventFields): EventFields {
  const oracle = fields.nested('oracle');
  if (oracle === null) throw new MalformedEvent(`${event.name} has no price (${eventKeyOf(event)})`);
  return oracle;
}

/** JSON of an event's fields: integers as decimal text, which no reader rounds. */
export function plainJson(value: EventValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plainJson);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plainJson(part as EventValue)]));
}
