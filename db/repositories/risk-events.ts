import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { riskEvents } from '../schema/risk-events.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

export type RiskSeverity = 'info' | 'warning' | 'critical';

/** Something of the risk engine that operators must know. */
export interface RiskEvent {
  readonly id: string;
  /** At most 30 characters, as `price_move`. */
  readonly kind: string;
  /** Null where it is about all markets. */
  readonly symbol: string | null;
  readonly severity: RiskSeverity;
  readonly message: string;
  /** JSON: integers as decimal text. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly createdAtMs: number;
  /** Null while it lasts. */
  readonly resolvedAtMs: number | null;
}

export type NewRiskEvent = Omit<RiskEvent, 'resolvedAtMs'>;

export interface RiskEventFilter extends PageRequest {
  /** True for those that are over, false for those that last. */
  readonly isResolved?: boolean | undefined;
  readonly symbol?: string | undefined;
}

export interface RiskEventRepository {
  /** Keeps an event; the same id again changes nothing. */
  create(event: NewRiskEvent): Promise<void>;
  list(filter: RiskEventFilter): Promise<Page<RiskEvent>>;
  /** True when the event is over since `atMs`, also when it is repeated; false where it is unknown or was over before. */
  resolve(id: string, atMs: number): Promise<boolean>;
}

/** Not bound to a user: these events are the operators'. */
const scope = { role: 'app_writer', userId: null } as const;

export function createRiskEventRepository(database: Database): RiskEventRepository {
  return {
    async create({ symbol, createdAtMs, ...same }) {
      const row = { ...same, marketSymbol: symbol, createdAt: new Date(createdAtMs) };
      await database.transaction(scope, (orm) => [orm.insert(riskEvents).values(row).onConflictDoNothing()]);
    },

    async list(filter) {
      const limit = pageRows(filter);
      const { resolvedAt, marketSymbol, createdAt, id } = riskEvents;
      const conditions = [
        filter.isResolved === undefined ? undefined : filter.isResolved ? isNotNull(resolvedAt) : isNull(resolvedAt),
        filter.symbol === undefined ? undefined : eq(marketSymbol, filter.symbol),
        afterTime(createdAt, id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction(scope, (orm) => [
        orm
          .select()
          .from(riskEvents)
          .where(and(...conditions))
          .orderBy(desc(createdAt), desc(id))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(eventOf), limit, (event) => ({ order: BigInt(event.createdAtMs), id: event.id }));
    },

    async resolve(id, atMs) {
      const at = new Date(atMs);
      const [rows] = await database.transaction(scope, (orm) => [
        orm
          .update(riskEvents)
          .set({ resolvedAt: at })
          .where(
            and(
              eq(riskEvents.id, id),
              sql`coalesce(${riskEvents.resolvedAt}, ${at.toISOString()}::timestamptz) = ${at.toISOString()}::timestamptz`,
            ),
          )
          .returning({ id: riskEvents.id }),
      ]);
      return rows.length === 1;
    },
  };
}

function eventOf(row: typeof riskEvents.$inferSelect): RiskEvent {
  const { marketSymbol, severity, createdAt, resolvedAt, ...same } = row;
  return {
    ...same,
    symbol: marketSymbol,
    severity: severity as RiskSeverity,
    createdAtMs: createdAt.getTime(),
    resolvedAtMs: resolvedAt?.getTime() ?? null,
  };
}
