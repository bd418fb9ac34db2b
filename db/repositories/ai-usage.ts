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
  /** From here on nobody finishes the call any more: it keeps its maximum, for what it used is not known. */
  readonly expiresAtMs: number;
}

export type SettledUsage = Pick<PlannedUsage, 'id' | 'userId' | 'inputTokens' | 'outputTokens' | 'costMicroUsd'>;

export interface AiUsageRepository {
  /**
   * Counts a call at its maximum if it fits into what the user and the exchange have left of the day. Calls at the same time queue up: together they
   * never reserve more than a limit. The same id again changes nothing.
   */
  reserve(call: PlannedUsage, limits: UsageLimits): Promise<'reserved' | 'user_spent' | 'exchange_spent'>;
  /**
   * Puts what a reserved call used in place of its maximum, once. After its reservation expired the user is still given what it did not use; the
   * exchange's sum, which names no call, keeps the maximum.
   */
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
        orm.execute(countExpired(call)),
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
          ), released as (delete from ai_reservations where id = ${id}::uuid returning 1)
          insert into ai_usage_days as known (day, tokens, cost_microusd)
          select day, ${inputTokens + outputTokens}::bigint, ${cost}::bigint from settled where exists (select from released)
          on conflict (day) do update set tokens = known.tokens + excluded.tokens,
            cost_microusd = known.cost_microusd + excluded.cost_microusd`),
      ]);
    },
  };
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
const dayOf = (ms: number): string => timeOf(ms).slice(0, 'YYYY-MM-DD'.length);

/**
 * What expired goes into the sums of its day, at its maximum: a request that its caller, or its worker, left in the middle was made all the
 * same, and is billed.
 */
const countExpired = ({ atMs }: PlannedUsage) => sql`with expired as (
    delete from ai_reservations where reserved_until <= ${timeOf(atMs)}::timestamptz returning day, tokens, cost_microusd
  )
  insert into ai_usage_days as known (day, tokens, cost_microusd)
  select day, sum(tokens), sum(cost_microusd) from expired group by day
  on conflict (day) do update set tokens = known.tokens + excluded.tokens,
    cost_microusd = known.cost_microusd + excluded.cost_microusd`;

/** What the user's calls of the day count: finished ones as they were, others at their maximum. */
const usedByUser = ({ userId, atMs }: PlannedUsage) => sql`(
  select coalesce(sum(input_tokens + output_tokens), 0) as tokens, coalesce(sum(cost_microusd), 0) as cost from ai_usage
  where user_id = ${userId}::uuid and day = ${dayOf(atMs)}::date)`;

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
