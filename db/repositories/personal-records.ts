import { and, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { PersonalData } from '../../workers/platform/personal-data.ts';
import type { Database } from '../client.ts';
import { ConstraintViolation } from '../errors.ts';
import { aiAnalysis } from '../schema/ai-analysis.ts';
import { aiConversations } from '../schema/ai-conversations.ts';
import { aiUsage } from '../schema/ai-usage.ts';
import { riskAlerts } from '../schema/risk-alerts.ts';
import { users } from '../schema/users.ts';
import { emailPlace, sealedEmail, type SealedEmail } from './users.ts';

/**
 * Every table with rows of a user, and by which column they are his: what an export holds. Rows come as the columns are, without what the
 * database keeps for itself (`hidden`).
 */
export const PERSONAL_TABLES = {
  users: { owner: 'id', hidden: ['email', 'email_sealed', 'email_key_id', 'email_digest'] },
  ai_conversations: { owner: 'user_id', hidden: [] },
  ai_messages: { owner: 'user_id', hidden: [] },
  ai_analysis: { owner: 'user_id', hidden: [] },
  ai_usage: { owner: 'user_id', hidden: [] },
  risk_alerts: { owner: 'user_id', hidden: [] },
  trading_orders: { owner: 'user_id', hidden: [] },
  trading_positions: { owner: 'user_id', hidden: [] },
  position_history: { owner: 'position_id', hidden: [] },
  fills: { owner: 'user_id', hidden: [] },
  liquidations: { owner: 'user_id', hidden: [] },
  funding_payments: { owner: 'user_id', hidden: [] },
  transfers: { owner: 'user_id', hidden: [] },
  portfolio_snapshots: { owner: 'user_id', hidden: [] },
} as const satisfies Readonly<Record<string, { readonly owner: string; readonly hidden: readonly string[] }>>;

export type PersonalTable = keyof typeof PERSONAL_TABLES;

/** How much of what was erased. */
export interface Erasure {
  readonly conversations: number;
  readonly analyses: number;
  readonly alerts: number;
}

export interface PersonalRecordRepository {
  /** Rows of the user, each as JSON text with the columns' names and numbers to the last digit, in the order of their ids, a page at a time. */
  rows(userId: string, table: PersonalTable): AsyncGenerator<readonly string[], void, undefined>;
  /**
   * Takes away what is the user's person and not his trades: address, settings, last sign-in, conversations, analyses, alerts, the counts of
   * use of the assistant before `today` (UTC; today's, and those of the hour before, go on to limit). A forecast that is or will be scored stays, without whose it was and what it said.
   * Doing it twice does no harm.
   */
  erase(userId: string, today: string): Promise<Erasure>;
  /**
   * Seals, under the key that seals now, addresses that lie in plain text or under another key, at most `limit` rows; answers how many. Of two
   * rows with one address, which a change of keys lets in, the later one loses its hold on being the only one.
   */
  reseal(limit: number): Promise<number>;
}

/** From when on counts of use still limit at any moment of a day: its own, and those of an hour that began before it. */
const stillCountsFromMs = (today: string): number => Date.parse(`${today}T00:00:00Z`) - 3_600_000;

const rowsPerPage = 500;
const noId = '00000000-0000-0000-0000-000000000000';

export function createPersonalRecordRepository(
  database: Database,
  personalData: PersonalData,
): PersonalRecordRepository {
  return {
    rows: (userId, table) => pagesOf(database, userId, table),

    async erase(userId, today) {
      const [conversations, parted, deleted, alerts] = await database.transaction(
        { role: 'app_writer', userId },
        (orm) => [
          orm.delete(aiConversations).where(eq(aiConversations.userId, userId)).returning({ id: aiConversations.id }),
          orm
            .update(aiAnalysis)
            .set({ userId: null, reasoning: null, figures: [] })
            .where(and(eq(aiAnalysis.userId, userId), isNotNull(aiAnalysis.probabilityUpBps)))
            .returning({ id: aiAnalysis.id }),
          orm.delete(aiAnalysis).where(eq(aiAnalysis.userId, userId)).returning({ id: aiAnalysis.id }),
          orm.delete(riskAlerts).where(eq(riskAlerts.userId, userId)).returning({ id: riskAlerts.id }),
          orm
            .delete(aiUsage)
            .where(and(eq(aiUsage.userId, userId), lt(aiUsage.createdAt, new Date(stillCountsFromMs(today))))),
          orm
            .update(users)
            .set({
              ...{ email: null, emailSealed: null, emailKeyId: null, emailDigest: null },
              ...{ tradingPreferences: {}, riskLevel: 'moderate', lastLogin: null },
            })
            .where(eq(users.id, userId)),
        ],
      );
      return {
        conversations: conversations.length,
        analyses: parted.length + deleted.length,
        alerts: alerts.length,
      };
    },

    async reseal(limit) {
      const [stale] = await database.transaction({ role: 'app_writer', userId: null }, (orm) => [
        orm
          .select({ id: users.id, email: users.email, emailSealed: users.emailSealed })
          .from(users)
          .where(or(isNotNull(users.email), inArray(users.emailKeyId, [...personalData.olderKids])))
          .limit(limit),
      ]);
      let sealed = 0;
      for (const row of stale) if (await resealRow(database, personalData, row)) sealed += 1;
      return sealed;
    },
  };
}

type StaleRow = Pick<typeof users.$inferSelect, 'id' | 'email' | 'emailSealed'>;

/** False where the row changed meanwhile, or its key is gone. */
async function resealRow(database: Database, personalData: PersonalData, row: StaleRow): Promise<boolean> {
  const { id, email, emailSealed } = row;
  const text = emailSealed === null ? email : await personalData.open(emailPlace(id), emailSealed);
  if (text === null) return false;
  const change = await sealedEmail(personalData, id, text.toLowerCase());
  const write = async (set: SealedEmail) => {
    const [written] = await database.transaction({ role: 'app_writer', userId: id }, (orm) => [
      orm
        .update(users)
        .set(set)
        .where(
          and(
            eq(users.id, id),
            email === null ? isNull(users.email) : eq(users.email, email),
            emailSealed === null ? isNull(users.emailSealed) : eq(users.emailSealed, emailSealed),
          ),
        )
        .returning({ id: users.id }),
    ]);
    return written.length === 1;
  };
  try {
    return await write(change);
  } catch (error) {
    if (!(error instanceof ConstraintViolation && error.kind === 'unique')) throw error;
    return write({ ...change, emailDigest: null });
  }
}

async function* pagesOf(
  database: Database,
  userId: string,
  table: PersonalTable,
): AsyncGenerator<readonly string[], void, undefined> {
  const { owner, hidden } = PERSONAL_TABLES[table];
  const name = sql.identifier(table);
  const own =
    owner === 'position_id'
      ? sql`position_id in (select id from trading_positions where user_id = ${userId}::uuid)`
      : sql`${sql.identifier(owner)} = ${userId}::uuid`;
  const shown = sql`to_jsonb(t) - ${sql`array[${sql.join(
    [sql`''`, ...hidden.map((column) => sql`${column}`)],
    sql`, `,
  )}]::text[]`}`;
  let after = noId;
  for (;;) {
    const [page] = await database.transaction({ role: 'app_user', userId }, (orm) => [
      orm.execute<{ id: string; row: string }>(
        sql`select t.id, (${shown})::text as row from ${name} t where ${own} and t.id > ${after}::uuid order by t.id limit ${rowsPerPage}`,
      ),
    ]);
    const { rows } = page;
    if (rows.length > 0) yield rows.map(({ row }) => row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerPage) return;
    after = last.id;
  }
}
