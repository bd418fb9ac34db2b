import { and, asc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import { U64_MAX } from '#shared/money/units.ts';
import type { Database } from '../client.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { transfers } from '../schema/transfers.ts';
import { ownFundingRow } from './portfolio.ts';

/** One line of a user's statement, as its table keeps it. */
export type StatementLine =
  | { readonly kind: 'fill'; readonly row: typeof fills.$inferSelect }
  | { readonly kind: 'liquidation'; readonly row: typeof liquidations.$inferSelect }
  | { readonly kind: 'transfer'; readonly row: typeof transfers.$inferSelect }
  /** Of a settlement or a change of margin: that of trades and liquidations is in their own lines. */
  | { readonly kind: 'funding'; readonly row: typeof fundingPayments.$inferSelect };

export interface StatementRange {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export interface StatementRepository {
  /** Everything that changed a user's money, in the order of time, read in pages of `linesPerPage` per table as they are asked for. */
  lines(userId: string, range: StatementRange): AsyncGenerator<StatementLine, void, undefined>;
}

const linesPerPage = 500;

type Source = AsyncGenerator<StatementLine, void, undefined>;

export function createStatementRepository(database: Database): StatementRepository {
  return {
    lines(userId, range) {
      const scope = { role: 'app_user', userId } as const;
      const [from, to] = [new Date(range.fromMs), new Date(range.toMs)];
      const trades = paged<typeof fills.$inferSelect>(async (last) => {
        const after = last === null ? undefined : gt(fills.accountSeq, last.accountSeq);
        const within = and(eq(fills.userId, userId), gte(fills.createdAt, from), lt(fills.createdAt, to), after);
        const [rows] = await database.transaction(scope, (orm) => [
          orm.select().from(fills).where(within).orderBy(asc(fills.accountSeq)).limit(linesPerPage),
        ]);
        return rows;
      });
      const ended = paged<typeof liquidations.$inferSelect>(async (last) => {
        const { accountSeq, createdAt } = liquidations;
        const after = last === null ? undefined : gt(accountSeq, last.accountSeq);
        const within = and(eq(liquidations.userId, userId), gte(createdAt, from), lt(createdAt, to), after);
        const [rows] = await database.transaction(scope, (orm) => [
          orm.select().from(liquidations).where(within).orderBy(asc(accountSeq)).limit(linesPerPage),
        ]);
        return rows;
      });
      const moved = paged<typeof transfers.$inferSelect>(async (last) => {
        const { accountSeq, createdAt } = transfers;
        const after = last === null ? undefined : gt(accountSeq, last.accountSeq);
        const within = and(eq(transfers.userId, userId), gte(createdAt, from), lt(createdAt, to), after);
        const [rows] = await database.transaction(scope, (orm) => [
          orm.select().from(transfers).where(within).orderBy(asc(accountSeq)).limit(linesPerPage),
        ]);
        return rows;
      });
      const settled = paged<typeof fundingPayments.$inferSelect>(async (last) => {
        const { createdAt, id } = fundingPayments;
        const place =
          last === null
            ? undefined
            : sql`(${createdAt}, ${id}) > (${last.createdAt.toISOString()}::timestamptz, ${last.id}::uuid)`;
        const within = and(eq(fundingPayments.userId, userId), gte(createdAt, from), lt(createdAt, to), place);
        const [rows] = await database.transaction(scope, (orm) => [
          orm
            .select()
            .from(fundingPayments)
            .where(and(within, ownFundingRow(orm)))
            .orderBy(asc(createdAt), asc(id))
            .limit(linesPerPage),
        ]);
        return rows;
      });
      return merged([
        labelled(moved, (row) => ({ kind: 'transfer', row })),
        labelled(trades, (row) => ({ kind: 'fill', row })),
        labelled(ended, (row) => ({ kind: 'liquidation', row })),
        labelled(settled, (row) => ({ kind: 'funding', row })),
      ]);
    },
  };
}

/** The rows of a list read page by page; `read` answers those after a row. */
async function* paged<Row>(read: (last: Row | null) => Promise<readonly Row[]>): AsyncGenerator<Row, void, undefined> {
  let last: Row | null = null;
  for (;;) {
    const rows: readonly Row[] = await read(last);
    yield* rows;
    last = rows.at(-1) ?? null;
    if (rows.length < linesPerPage) return;
  }
}

async function* labelled<Row>(rows: AsyncGenerator<Row, void, undefined>, line: (row: Row) => StatementLine): Source {
  for await (const row of rows) yield line(row);
}

/** Lists in the order of time made one. */
async function* merged(sources: readonly Source[]): Source {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first: number | null = null;
    for (const [at, head] of heads.entries()) {
      const best = first === null ? undefined : heads[first];
      if (head.done !== true && (best === undefined || best.done === true || isBefore(head.value, best.value)))
        first = at;
    }
    const head = first === null ? undefined : heads[first];
    const source = first === null ? undefined : sources[first];
    if (first === null || source === undefined || head === undefined || head.done === true) return;
    yield head.value;
    heads[first] = await source.next();
  }
}

/** Block times are whole seconds; within one the account's stream decides, and what has no number in it comes last. */
function isBefore(a: StatementLine, b: StatementLine): boolean {
  const [at, bt] = [a.row.createdAt.getTime(), b.row.createdAt.getTime()];
  return at === bt ? a.row.accountSeq !== null && (b.row.accountSeq ?? U64_MAX) > a.row.accountSeq : at < bt;
}
