import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { EventName, EventValue, IndexedEvent } from '#shared/events.ts';
import { price, quote } from '#shared/money/units.ts';
import type { Price } from '#shared/money/units.ts';
import { derivedId, userIdOf } from '../../workers/platform/ids.ts';
import type { Database, Orm, Query } from '../client.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { positionHistory } from '../schema/position-history.ts';
import { projectedEvents, projectionStreams } from '../schema/projection.ts';
import { tradingPositions } from '../schema/trading-positions.ts';
import { transfers } from '../schema/transfers.ts';
import { EventFields } from './fields.ts';
import { eventKeyOf } from './plan.ts';
import { entryPriceOf, leverageOf, withdrawalChange, withdrawalId } from './rows.ts';

const scope = { role: 'projector' } as const;
const ownerOf = sql<string | null>`(${projectedEvents.data} ->> 'owner')`;

/** An event with the name of its rows: what ids derive from. */
interface AppliedEvent extends Pick<IndexedEvent, 'name' | 'data' | 'signature' | 'indexInTransaction'> {
  readonly owner: string | null;
  /** Stream → number in it. */
  readonly seqs: ReadonlyMap<string, bigint>;
}

/**
 * Takes back what the events from a slot on did: a fork has undone their transactions, or moved them. Each wallet's rows go back to what they
 * were in one transaction of their own; what is taken back already stays so. Answers how many events were taken back.
 *
 * @throws DatabaseUnavailable, DatabaseConflict when an event was applied meanwhile: call again.
 */
export async function undoFrom(database: Database, slot: number): Promise<number> {
  let undone = 0;
  for (;;) {
    // The newest slot first, so that every step is small and leaves what an earlier moment had.
    const [newest] = await database.transaction(scope, (orm) => [
      orm
        .select()
        .from(projectedEvents)
        .where(
          and(
            gte(projectedEvents.slot, slot),
            sql`${projectedEvents.slot} = (select max(${projectedEvents.slot}) from ${projectedEvents})`,
          ),
        ),
    ]);
    const [first] = newest;
    if (first === undefined) return undone;
    const events = newest.map(appliedEvent);
    for (const [owner, ofOwner] of Map.groupBy(events, (event) => event.owner)) {
      if (owner !== null) await undoOwner(database, owner, ofOwner, first.slot);
    }
    // What belongs to nobody has no rows.
    await database.transaction(scope, (orm) => [
      orm.delete(projectedEvents).where(and(gte(projectedEvents.slot, first.slot), sql`${ownerOf} is null`)),
    ]);
    undone += events.length;
  }
}

async function undoOwner(database: Database, owner: string, undone: AppliedEvent[], slot: number): Promise<void> {
  const userId = userIdOf(owner);
  const earlier = and(sql`${ownerOf} = ${owner}`, lt(projectedEvents.slot, slot));
  const tickets = [...new Set(undone.flatMap(({ data }) => (typeof data.ticket === 'bigint' ? [data.ticket] : [])))];
  const ticketTexts = tickets.map(String);
  const inMarkets = streamsOf(undone).filter((stream) => stream.startsWith('position:'));
  const [history, queue] = await database.snapshot(scope, (orm) => [
    orm
      .select({ id: positionHistory.id, positionId: positionHistory.positionId })
      .from(positionHistory)
      .where(inArray(positionHistory.id, idsOf('history', undone))),
    orm
      .select()
      .from(projectedEvents)
      .where(
        and(
          earlier,
          ticketTexts.length === 0 ? sql`false` : inArray(sql`${projectedEvents.data} ->> 'ticket'`, ticketTexts),
        ),
      )
      .orderBy(asc(projectedEvents.slot), asc(projectedEvents.indexInTransaction)),
  ]);
  // The newest price that an event of each position stated before.
  const priced = await database.snapshot(scope, (orm) =>
    inMarkets.map((stream) =>
      orm
        .select({ price: sql<string>`${projectedEvents.data} #>> '{oracle,price}'` })
        .from(projectedEvents)
        .where(
          and(
            earlier,
            sql`${projectedEvents.streams} -> ${stream}::text is not null and ${projectedEvents.data} #>> '{oracle,price}' is not null`,
          ),
        )
        .orderBy(sql`(${projectedEvents.streams} ->> ${stream}::text)::bigint desc`)
        .limit(1),
    ),
  );
  const positionOf = new Map(history.map(({ id, positionId }) => [id, positionId]));
  const prices = new Map(
    priced.flatMap(([row], index) =>
      row === undefined ? [] : [[inMarkets[index] ?? '', price(BigInt(row.price))] as const],
    ),
  );
  await database.transaction(scope, (orm) => [
    moveStreamsBack(orm, undone),
    // As if it had never begun.
    orm
      .delete(projectionStreams)
      .where(and(inArray(projectionStreams.stream, streamsOf(undone)), eq(projectionStreams.nextSeq, 1n))),
    orm.delete(projectedEvents).where(and(sql`${ownerOf} = ${owner}`, gte(projectedEvents.slot, slot))),
    ...restorePositions(orm, undone, positionOf, prices),
    orm.delete(positionHistory).where(inArray(positionHistory.id, idsOf('history', undone))),
    orm.delete(fills).where(inArray(fills.id, idsOf('fill', undone))),
    orm.delete(liquidations).where(inArray(liquidations.id, idsOf('liquidation', undone))),
    orm.delete(fundingPayments).where(inArray(fundingPayments.id, idsOf('funding', undone))),
    orm.delete(transfers).where(and(eq(transfers.userId, userId), inArray(transfers.id, idsOf('transfer', undone)))),
    ...restoreWithdrawals(orm, undone, queue.map(appliedEvent)),
  ]);
}

const idsOf = (kind: string, events: readonly AppliedEvent[]): string[] =>
  events.map((event) => derivedId(kind, eventKeyOf(event)));

const streamsOf = (events: readonly AppliedEvent[]): string[] => [
  ...new Set(events.flatMap(({ seqs }) => [...seqs.keys()])),
];

/** Every stream goes on with the first number taken back; fails where it is not where these events left it. */
function moveStreamsBack(orm: Orm, undone: readonly AppliedEvent[]): Query {
  const moves = new Map<string, { from: bigint; to: bigint }>();
  for (const { seqs } of undone) {
    for (const [stream, seq] of seqs) {
      const known = moves.get(stream) ?? { from: seq + 1n, to: seq };
      moves.set(stream, {
        from: seq + 1n > known.from ? seq + 1n : known.from,
        to: seq < known.to ? seq : known.to,
      });
    }
  }
  const list = [...moves].map(([stream, { from, to }]) => ({ stream, from: String(from), to: String(to) }));
  return orm.execute(sql`select advance_projection_streams(${JSON.stringify(list)}::jsonb)`);
}

/** A position is what the first event taken back found; one that it opened is gone, and with it whatever belongs to it. */
function restorePositions(
  orm: Orm,
  undone: readonly AppliedEvent[],
  positionOf: ReadonlyMap<string, string>,
  prices: ReadonlyMap<string, Price>,
): Query[] {
  const first = new Map<string, { readonly event: AppliedEvent; readonly stream: string; readonly seq: bigint }>();
  for (const event of undone) {
    const positionId = positionOf.get(derivedId('history', eventKeyOf(event)));
    const [stream, seq] = [...event.seqs].find(([name]) => name.startsWith('position:')) ?? [];
    if (positionId === undefined || stream === undefined || seq === undefined) continue;
    const known = first.get(positionId);
    if (known === undefined || seq < known.seq) first.set(positionId, { event, stream, seq });
  }
  return [...first].map(([positionId, { event, stream, seq }]) => {
    const before = new EventFields(indexed(event)).position('before');
    if (before.size === 0n) return orm.delete(tradingPositions).where(eq(tradingPositions.id, positionId));
    const currentPrice = prices.get(stream);
    return orm
      .update(tradingPositions)
      .set({
        ...{ size: before.size, entryPrice: entryPriceOf(before), marginUsed: before.margin, isActive: true },
        ...{ leverage: leverageOf(before), closedAt: null },
        ...(currentPrice === undefined ? {} : { currentPrice }),
        positionSeq: sql`(select max(${positionHistory.positionSeq}) from ${positionHistory}
          where ${positionHistory.positionId} = ${positionId} and ${positionHistory.positionSeq} < ${seq.toString()}::bigint)`,
      })
      .where(eq(tradingPositions.id, positionId));
  });
}

/** A queued withdrawal is what its remaining events make of it; without the one that queued it it is gone. */
function restoreWithdrawals(orm: Orm, undone: readonly AppliedEvent[], earlier: readonly AppliedEvent[]): Query[] {
  const touched = undone.filter(({ data }) => typeof data.ticket === 'bigint');
  const ids = new Set(touched.map((event) => withdrawalId(new EventFields(indexed(event)))));
  return [...ids].map((id) => {
    const remaining = earlier.filter((event) => withdrawalId(new EventFields(indexed(event))) === id);
    if (!remaining.some(({ name }) => name === 'WithdrawalQueued')) {
      return orm.delete(transfers).where(eq(transfers.id, id));
    }
    let [status, left] = ['queued', null as bigint | null];
    for (const event of remaining) {
      if (event.name === 'WithdrawalQueued') continue;
      for (const change of withdrawalChange(indexed(event), new EventFields(indexed(event)))) {
        status = change.status;
        left = change.left ?? left;
      }
    }
    const paid =
      left === null ? quote(0n) : sql`${transfers.amount} - ${sql.param(quote(left), transfers.amount)}::numeric(20,8)`;
    return orm.update(transfers).set({ status, paid }).where(eq(transfers.id, id));
  });
}

/** An event of which only name and fields matter. */
const indexed = ({ name, data, signature, indexInTransaction }: AppliedEvent): IndexedEvent => ({
  ...{ name, data, signature, indexInTransaction },
  ...{ slot: 0, blockTimeMs: 0, streams: {} },
});

function appliedEvent(row: typeof projectedEvents.$inferSelect): AppliedEvent {
  const data = revived(row.data) as Readonly<Record<string, EventValue>>;
  return {
    ...{ name: row.name as EventName, data, signature: row.signature, indexInTransaction: row.indexInTransaction },
    owner: typeof data.owner === 'string' ? data.owner : null,
    seqs: new Map(Object.entries(row.streams).map(([stream, seq]) => [stream, BigInt(seq)])),
  };
}

const integerText = /^-?\d{1,40}$/;

/** The fields of an event from its JSON, in which integers are decimal text. */
function revived(value: unknown): EventValue {
  if (typeof value === 'string') return integerText.test(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value as EventValue;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revived(part)]));
}
