import { and, desc, eq, or, sql } from 'drizzle-orm';
import { derivedId } from '../../workers/platform/ids.ts';
import type { Database } from '../client.ts';
import { deadLetters } from '../schema/dead-letters.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

export type DeadLetterStatus = 'stored' | 'replayed' | 'discarded';

/** A queue message that failed every attempt. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  /** The queue's own id of the message. */
  readonly messageId: string;
  readonly body: unknown;
  readonly error: string | null;
  readonly attempts: number;
  readonly status: DeadLetterStatus;
  readonly createdAtMs: number;
  readonly replayedAtMs: number | null;
}

export type NewDeadLetter = Pick<DeadLetter, 'queue' | 'messageId' | 'body' | 'error' | 'attempts' | 'createdAtMs'>;

export interface DeadLetterRepository {
  /** Keeps a message; the same message again changes nothing. */
  store(letter: NewDeadLetter): Promise<void>;
  get(id: string): Promise<DeadLetter | null>;
  list(filter: PageRequest & { readonly status?: DeadLetterStatus | undefined }): Promise<Page<DeadLetter>>;
  /** True when this call (same status and time) changed it from `stored`, also when it is repeated. */
  settle(id: string, status: Exclude<DeadLetterStatus, 'stored'>, atMs: number): Promise<boolean>;
}

/** Not bound to a user: dead letters are the operators'. */
const scope = { role: 'app_writer', userId: null } as const;

export function createDeadLetterRepository(database: Database): DeadLetterRepository {
  return {
    async store({ createdAtMs, ...letter }) {
      // JSON's null is a body like any other.
      const body = letter.body ?? sql`'null'::jsonb`;
      const row = { ...letter, body, id: derivedId('dead-letter', letter.messageId), createdAt: new Date(createdAtMs) };
      await database.transaction(scope, (orm) => [orm.insert(deadLetters).values(row).onConflictDoNothing()]);
    },

    async get(id) {
      const [rows] = await database.transaction(scope, (orm) => [
        orm.select().from(deadLetters).where(eq(deadLetters.id, id)),
      ]);
      return rows[0] === undefined ? null : letterOf(rows[0]);
    },

    async list(filter) {
      const limit = pageRows(filter);
      const conditions = [
        filter.status === undefined ? undefined : eq(deadLetters.status, filter.status),
        afterTime(deadLetters.createdAt, deadLetters.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction(scope, (orm) => [
        orm
          .select()
          .from(deadLetters)
          .where(and(...conditions))
          .orderBy(desc(deadLetters.createdAt), desc(deadLetters.id))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(letterOf), limit, (letter) => ({ order: BigInt(letter.createdAtMs), id: letter.id }));
    },

    async settle(id, status, atMs) {
      const settledThus = and(eq(deadLetters.status, status), eq(deadLetters.replayedAt, new Date(atMs)));
      const [rows] = await database.transaction(scope, (orm) => [
        orm
          .update(deadLetters)
          .set({ status, replayedAt: new Date(atMs) })
          .where(and(eq(deadLetters.id, id), or(eq(deadLetters.status, 'stored'), settledThus)))
          .returning({ id: deadLetters.id }),
      ]);
      return rows.length === 1;
    },
  };
}

function letterOf({ createdAt, replayedAt, status, ...same }: typeof deadLetters.$inferSelect): DeadLetter {
  return {
    ...same,
    status: status as DeadLetterStatus,
    createdAtMs: createdAt.getTime(),
    replayedAtMs: replayedAt?.getTime() ?? null,
  };
}
