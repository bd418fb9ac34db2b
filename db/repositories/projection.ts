import { and, eq, inArray, sql } from 'drizzle-orm';
import type { IndexedEvent } from '#shared/events.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import type { Database } from '../client.ts';
import { ConstraintViolation, DatabaseConflict } from '../errors.ts';
import { eventKeyOf, placesOf, planBatch } from '../projection/plan.ts';
import type { HeldEvent, KnownState } from '../projection/plan.ts';
import { openKey, projectEvents } from '../projection/rows.ts';
import type { OpenPositions, PositionAddressOf } from '../projection/rows.ts';
import { applyStatements } from '../projection/statements.ts';
import { projectedEvents, projectionStreams } from '../schema/projection.ts';
import { tradingPositions } from '../schema/trading-positions.ts';
import { transfers } from '../schema/transfers.ts';

export { MalformedEvent } from '../projection/fields.ts';
export { StreamConflict } from '../projection/plan.ts';
export type { HeldEvent } from '../projection/plan.ts';

export interface ApplyResult {
  readonly applied: number;
  /** Applied before. */
  readonly skipped: number;
  /** Waiting for an earlier event of their stream; give them again with it. */
  readonly held: readonly HeldEvent[];
}

/** The projection of the program's events into positions, history, fills, liquidations, funding and transfers. */
export interface ProjectionRepository {
  /**
   * Applies events given in the order of the chain, each exactly once however often it is given, in slices of `eventsPerSliceMax`
   * that are one transaction each.
   *
   * @throws DatabaseUnavailable (give the same events again), StreamConflict, MalformedEvent.
   */
  apply(events: readonly IndexedEvent[]): Promise<ApplyResult>;
  /** Number the next event of a stream (`account:<wallet>`, `position:<wallet>:<symbol>`) must have. */
  nextSeqs(streams: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
  /** Empties the projection, for a reindex. Orders, users, alerts and prices stay. */
  reset(): Promise<void>;
}

export const eventsPerSliceMax = 200;
/** Times a slice is planned again when another writer was faster. */
const plansMax = 4;
const scope = { role: 'projector' } as const;

/** `positionAddressOf` derives the address of a position (seeds `position`, owner, market): its row's id follows from it. */
export function createProjectionRepository(
  database: Database,
  positionAddressOf: PositionAddressOf,
): ProjectionRepository {
  return {
    async apply(events) {
      let [applied, skipped] = [0, 0];
      const held: HeldEvent[] = [];
      for (let start = 0; start < events.length; start += eventsPerSliceMax) {
        const slice = await applySlice(database, events.slice(start, start + eventsPerSliceMax), positionAddressOf);
        applied += slice.applied;
        skipped += slice.skipped;
        held.push(...slice.held);
      }
      return { applied, skipped, held };
    },

    async nextSeqs(streams) {
      if (streams.length === 0) return new Map();
      const [rows] = await database.transaction(scope, (orm) => [
        orm
          .select()
          .from(projectionStreams)
          .where(inArray(projectionStreams.stream, [...streams])),
      ]);
      return new Map(rows.map(({ stream, nextSeq }) => [stream, nextSeq]));
    },

    async reset() {
      await database.transaction(scope, (orm) => [
        // History, fills, liquidations and funding go with their positions; orders forget theirs until they are linked again.
        orm.delete(tradingPositions),
        orm.delete(transfers),
        orm.delete(projectedEvents),
        orm.delete(projectionStreams),
      ]);
    },
  };
}

async function applySlice(
  database: Database,
  events: readonly IndexedEvent[],
  positionAddressOf: PositionAddressOf,
): Promise<ApplyResult> {
  for (let attempt = 1; ; attempt++) {
    const known = await knownState(database, events);
    const plan = planBatch(events, known);
    const { accepted, skipped, held } = plan;
    if (accepted.length === 0) return { applied: 0, skipped, held };
    const rows = projectEvents(accepted, positionAddressOf, known.openPositions);
    try {
      await database.transaction(scope, (orm) => applyStatements(orm, plan, rows));
      return { applied: accepted.length, skipped, held };
    } catch (error) {
      if (attempt >= plansMax || !isRace(error)) throw error;
    }
  }
}

/** Another writer applied some of the events after they were read as new; so does this one's own first try whose answer was lost. */
const isRace = (error: unknown): boolean =>
  error instanceof DatabaseConflict ||
  (error instanceof ConstraintViolation && error.constraint === 'projected_events_pkey');

async function knownState(
  database: Database,
  events: readonly IndexedEvent[],
): Promise<KnownState & { readonly openPositions: OpenPositions }> {
  const settled = events.flatMap(({ name, streams }) => (name === 'PositionSettled' ? (streams.position ?? []) : []));
  const owners = new Map(settled.map(({ owner }) => [userIdOf(owner), owner]));
  const signatures = [...new Set(events.map((event) => event.signature))];
  const streams = [...new Set(events.flatMap(placesOf).map(({ stream }) => stream))];
  const [applied, next, open] = await database.snapshot(scope, (orm) => [
    orm
      .select({ signature: projectedEvents.signature, indexInTransaction: projectedEvents.indexInTransaction })
      .from(projectedEvents)
      .where(inArray(projectedEvents.signature, signatures)),
    orm
      .select({ stream: projectionStreams.stream, nextSeq: projectionStreams.nextSeq })
      .from(projectionStreams)
      .where(streams.length === 0 ? sql`false` : inArray(projectionStreams.stream, streams)),
    orm
      .select({ id: tradingPositions.id, userId: tradingPositions.userId, symbol: tradingPositions.marketSymbol })
      .from(tradingPositions)
      .where(
        owners.size === 0
          ? sql`false`
          : and(inArray(tradingPositions.userId, [...owners.keys()]), eq(tradingPositions.isActive, true)),
      ),
  ]);
  return {
    appliedKeys: new Set(applied.map(eventKeyOf)),
    nextSeqs: new Map(next.map(({ stream, nextSeq }) => [stream, nextSeq])),
    openPositions: new Map(open.map(({ id, userId, symbol }) => [openKey(owners.get(userId) ?? '', symbol), id])),
  };
}
