import { sql } from 'drizzle-orm';
import type { Database } from '../client.ts';

/** What a day may hold: tokens of input and output together, and micro-dollars (1e-6 USD). */
export interface UsageLimit {
  readonly tokens: number;
  readonly costMicroUsd: bigint;
}

/** Limits from one midnight UTC to the next. */
export interface UsageLimits {
  readonly user: UsageLimit;
  readonly exchange: UsageLimit;
}

/** A call of a model that is about to be made, with what it may use at most. */
export interface PlannedUsage {
  readonly id: string;
  readonly userId: string;
  readonly task: string;
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: bigint;
  readonly atMs: number;
  /** From here on an unfinished call counts nothing: whoever made it is gone. */
  readonly expiresAtMs: number;
}

export type SettledUsage = Pick<PlannedUsage, 'id' | 'userId' | 'inputTokens' | 'outputTokens' | 'costMicroUsd'>;

export interface AiUsageRepository {
  /**
   * Counts a call at its maximum if it fits into what the user and the exchange have left of the day. Calls at the same time queue up: together they
   * never reserve more than a limit. The same id again changes nothing.
   */
  reserve(call: PlannedUsage, limits: UsageLimits): Promise<'reserved' | 'user_spent' | 'exchange_spent'>;
  /** Puts what a reserved call used in place of its maximum, once; also after its reservation expired. */
  settle(call: SettledUsage): Promise<void>;
}

/** Drawn once: the lock that reservations queue up at. */
const reservationLock = 7_302_512_806;

export function createAiUsageRepository(database: Database): AiUsageRepository {
  return {
    async reserve(call, limits) {
      const scope = { role: 'app_writer', userId: call.userId } as const;
      const results = await database.transaction(scope, (orm) => [
        orm.execute(sql`select pg_advisory_xact_lock(${reservationLock}::bigint)`),
        orm.execute(sql`delete from ai_reservations where reserved_until <= ${timeOf(call.atMs)}::timestamptz`),
        orm.execute(insertWithin(call, limits)),
        orm.execute(sql`insert into ai_reservations (id, day, tokens, cost_microusd, reserved_until)
          select id, day, input_tokens + output_tokens, cost_microusd, reserved_until from ai_usage
          where id = ${call.id}::uuid and reserved_until is not null on conflict (id) do nothing`),
        orm.execute(sql`select exists (select 1 from ai_usage where id = ${call.id}::uuid) as reserved,
          ${fits(call, usedByUser(call), limits.user)} as user_fits`),
      ]);
      const verdict = results[4].rows[0];
      if (verdict?.['reserved'] === true) return 'reserved';
      return verdict?.['user_fits'] === true ? 'exchange_spent' : 'user_spent';
    },

    async settle({ id, userId, inputTokens, outputTokens, costMicroUsd }) {
      const cost = costMicroUsd.toString();
      await database.transaction({ role: 'app_writer', userId }, (orm) => [
        orm.execute(sql`with settled as (
            update ai_usage set input_tokens = ${inputTokens}, output_tokens = ${outputTokens},
              cost_microusd = ${cost}::bigint, reserved_until = null
            where id = ${id}::uuid and reserved_until is not null returning day
          ), released as (delete from ai_reservations where id = ${id}::uuid)
          insert into ai_usage_days as known (day, tokens, cost_microusd)
          select day, ${inputTokens + outputTokens}::bigint, ${cost}::bigint from settled
          on conflict (day) do update set tokens = known.tokens + excluded.tokens,
            cost_microusd = known.cost_microusd + excluded.cost_microusd`),
      ]);
    },
  };
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
const dayOf = (ms: number): string => timeOf(ms).slice(0, 'YYYY-MM-DD'.length);

/** What the user's calls of the day count: finished ones as they were, others at their maximum until they expire. */
const usedByUser = ({ userId, atMs }: PlannedUsage) => sql`(
  select coalesce(sum(input_tokens + output_tokens), 0) as tokens, coalesce(sum(cost_microusd), 0) as cost from ai_usage
  where user_id = ${userId}::uuid and day = ${dayOf(atMs)}::date
    and (reserved_until is null or reserved_until > ${timeOf(atMs)}::timestamptz))`;

/** The same of everybody's calls. */
const usedByAll = ({ atMs }: PlannedUsage) => sql`(
  select coalesce(sum(tokens), 0) as tokens, coalesce(sum(cost_microusd), 0) as cost from (
    select tokens, cost_microusd from ai_usage_days where day = ${dayOf(atMs)}::date
    union all select tokens, cost_microusd from ai_reservations where day = ${dayOf(atMs)}::date) parts)`;

const fits = (call: PlannedUsage, used: ReturnType<typeof sql>, limit: UsageLimit) => sql`(
  select used.tokens + ${call.inputTokens + call.outputTokens}::bigint <= ${limit.tokens}::bigint
    and used.cost + ${call.costMicroUsd.toString()}::bigint <= ${limit.costMicroUsd.toString()}::bigint from ${used} used)`;

const insertWithin = (call: PlannedUsage, limits: UsageLimits) => sql`insert into ai_usage
    (id, user_id, day, task, provider, model, input_tokens, output_tokens, cost_microusd, created_at, reserved_until)
  select ${call.id}::uuid, ${call.userId}::uuid, ${dayOf(call.atMs)}::date, ${call.task}, ${call.provider}, ${call.model},
    ${call.inputTokens}::bigint, ${call.outputTokens}::bigint, ${call.costMicroUsd.toString()}::bigint,
    ${timeOf(call.atMs)}::timestamptz, ${timeOf(call.expiresAtMs)}::timestamptz
  where ${fits(call, usedByUser(call), limits.user)} and ${fits(call, usedByAll(call), limits.exchange)}
  on conflict (id) do nothing`;
