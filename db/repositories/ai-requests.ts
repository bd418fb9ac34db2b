import { sql } from 'drizzle-orm';
import type { RequestAdmission, RequestKind } from '../../workers/analyst/contract.ts';
import type { Database } from '../client.ts';
import type { Owner } from './analyses.ts';

/** What a trader asks for now, and how many of its kind he may ask for within the time that ends now. */
export interface RequestedNow {
  readonly id: string;
  readonly kind: RequestKind;
  readonly atMs: number;
  readonly windowMs: number;
  readonly max: number;
}

export interface AiRequestRepository {
  /**
   * Counts a request, where the trader has asked for fewer than `max` of its kind within `windowMs`. Requests at the same time queue up: together
   * they never pass the limit. What was counted goes with its window and with nothing else: deleting conversations or one's account frees nothing.
   */
  admit(owner: Owner, request: RequestedNow): Promise<RequestAdmission>;
}

/** What stands in place of a provider: a request is no call of a model, and uses nothing by itself. */
const requestProvider = 'exchange';
/** Drawn once: the first half of the lock that requests of one trader queue up at. */
const requestLock = 1_846_203_577;

const timeOf = (ms: number): string => new Date(ms).toISOString();

export function createAiRequestRepository(database: Database): AiRequestRepository {
  return {
    async admit({ userId, wallet }, { id, kind, atMs, windowMs, max }) {
      const [at, since] = [timeOf(atMs), timeOf(atMs - windowMs)];
      const own = sql`user_id = ${userId}::uuid and provider = ${requestProvider} and task = ${kind}`;
      const results = await database.transaction({ role: 'app_writer', userId }, (orm) => [
        orm.execute(sql`insert into users (id, wallet_address, created_at) values (${userId}, ${wallet}, ${at})
          on conflict (id) do nothing`),
        orm.execute(sql`select pg_advisory_xact_lock(${requestLock}::int, hashtext(${userId}))`),
        orm.execute(sql`delete from ai_usage where ${own} and created_at <= ${since}::timestamptz`),
        orm.execute(sql`insert into ai_usage
            (id, user_id, day, task, provider, model, input_tokens, output_tokens, cost_microusd, created_at)
          select ${id}::uuid, ${userId}::uuid, (${at}::timestamptz at time zone 'UTC')::date, ${kind}, ${requestProvider}, '', 0, 0, 0,
            ${at}::timestamptz
          where (select count(*) from ai_usage where ${own}) < ${max} on conflict (id) do nothing`),
        orm.execute(sql`select exists (select 1 from ai_usage where id = ${id}::uuid) as admitted,
          (select extract(epoch from min(created_at)) * 1000 from ai_usage where ${own}) as "oldestAtMs"`),
      ]);
      const verdict = results[4].rows[0];
      if (verdict?.['admitted'] === true) return { admitted: true };
      return { admitted: false, oldestAtMs: Math.round(Number(verdict?.['oldestAtMs'] ?? atMs)) };
    },
  };
}
