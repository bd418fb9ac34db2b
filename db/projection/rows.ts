import type { EventValue, IndexedEvent } from '#shared/events.ts';
import { clamp, divCeil, divFloor, divRound, max } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, price, quote, size } from '#shared/money/units.ts';
import type { Price } from '#shared/money/units.ts';
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
}

/** Address of a position, base58: what its id derives from. */
export type PositionAddressOf = (owner: string, symbol: string) => string;

/** Hundredths, as far as the column goes. */
const LEVERAGE_E2_MAX = 10_000n;

/** The rows of events given in the order of the chain. Everything follows from the events, so that a reindex gives the same rows. */
export function projectEvents(events: readonly IndexedEvent[], positionAddressOf: PositionAddressOf): ProjectedRows {
  const rows: ProjectedRows = {
    owners: new Map(),
    positions: new Map(),
    history: [],
    fills: [],
    liquidations: [],
    fundingPayments: [],
    transfers: [],
  };
  for (const event of events) project(event, rows, positionAddressOf);
  return rows;
}

function project(event: IndexedEvent, rows: ProjectedRows, positionAddressOf: PositionAddressOf): void {
  const owner = event.streams.account?.owner ?? event.streams.position?.owner;
  if (owner !== undefined && !rows.owners.has(owner)) rows.owners.set(owner, new Date(event.blockTimeMs));
  const fields = new EventFields(event);
  switch (event.name) {
    case 'PositionIncreased':
    case 'PositionReduced':
      rows.fills.push(fillOf(event, fields, changePosition(event, fields, rows, positionAddressOf)));
      break;
    case 'PositionLiquidated':
      rows.liquidations.push(liquidationOf(event, fields, changePosition(event, fields, rows, positionAddressOf)));
      break;
    case 'MarginChanged':
      changePosition(event, fields, rows, positionAddressOf);
      break;
    case 'CollateralDeposited':
      rows.transfers.push(transferOf(event, fields, 'deposit'));
      break;
    case 'CollateralWithdrawn':
      rows.transfers.push(transferOf(event, fields, 'withdrawal'));
      break;
    case 'LiquidationRewarded':
      rows.transfers.push(transferOf(event, fields, 'liquidation_reward'));
      break;
    default:
    // The other events (accounts, markets, pool, delegation) move their streams and have no row of their own.
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

function changePosition(
  event: IndexedEvent,
  fields: EventFields,
  rows: ProjectedRows,
  positionAddressOf: PositionAddressOf,
): PositionEvent {
  const { position } = event.streams;
  if (position === undefined) throw new MalformedEvent(`${event.name} has no position stream (${eventKeyOf(event)})`);
  const { owner, symbol } = position;
  const openedSeq = fields.integer('openedSeq');
  const positionId = positionIdOf(positionAddressOf(owner, symbol), openedSeq);
  const userId = userIdOf(owner);
  const change: PositionEvent = {
    positionId,
    userId,
    symbol,
    before: fields.position('before'),
    after: fields.position('after'),
  };
  const createdAt = new Date(event.blockTimeMs);
  const isOpening = change.before.size === 0n;
  const opening = { userId, marketSymbol: symbol, side: change.after.side, createdAt, openedSeq };
  const earlier = rows.positions.get(positionId);
  rows.positions.set(positionId, {
    id: positionId,
    opening: isOpening ? opening : (earlier?.opening ?? null),
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
      accountSeq: fields.integer('accountSeq'),
      transactionHash: event.signature,
      createdAt,
    });
  }
  return change;
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
function entryPriceOf({ side, size: s, entryValue }: PositionParts): Price {
  if (s === 0n) return price(0n);
  return price(max(side === 'long' ? divCeil(entryValue, s) : divFloor(entryValue, s), 1n));
}

/** Entry notional over margin, in hundredths. */
function leverageOf({ entryValue, margin }: PositionParts): number {
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
    collateral: fields.quote('collateral'),
    accountSeq: fields.integer('accountSeq'),
    transactionHash: event.signature,
    createdAt: new Date(event.blockTimeMs),
  };
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
