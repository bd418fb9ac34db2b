import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createAiUsageRepository, type PlannedUsage } from '#db/repositories/ai-usage.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { newId, userIdOf } from '../../workers/platform/ids.ts';

const noon = Date.UTC(2026, 4, 2, 12);
const minute = 60_000;
const [alice, bob] = ['A', 'B'].map((letter) => letter.repeat(44)) as [string, string];

const call = (more: Partial<PlannedUsage> = {}): PlannedUsage => ({
  ...{ id: newId(), userId: userIdOf(alice), task: 'chat', provider: 'openai', model: 'm' },
  ...{ inputTokens: 900, outputTokens: 100, costMicroUsd: 50n, atMs: noon, expiresAtMs: noon + 15 * minute, ...more },
});
const limit = (tokens: number, costMicroUsd = 1_000_000n) => ({ tokens, costMicroUsd });
const wide = { user: limit(1_000_000), exchange: limit(1_000_000) };

describeOnDatabases('the use of models', (get) => {
  const usage = () => createAiUsageRepository(get().database);
  beforeAll(async () => {
    for (const wallet of [alice, bob])
      await createUserRepository(get().database, testPersonalData).signIn(wallet, noon);
  });
  beforeEach(async () => {
    for (const table of ['ai_usage', 'ai_reservations', 'ai_usage_days']) await get().asOwner(`TRUNCATE ${table}`);
  });

  it('never goes beyond a limit together, however many calls are reserved at once', async () => {
    const reserved = async (limits: typeof wide) => {
      const verdicts = await Promise.all(
        Array.from({ length: 12 }, (_, n) => usage().reserve(call({ userId: userIdOf(n % 2 ? alice : bob) }), limits)),
      );
      return verdicts.toSorted();
    };
    const spent = (verdict: string, count: number) => Array.from({ length: count }, () => verdict);
    expect(await reserved({ ...wide, exchange: limit(5_000) })).toEqual([
      ...spent('exchange_spent', 7),
      ...spent('reserved', 5),
    ]);
    await get().asOwner('TRUNCATE ai_usage');
    await get().asOwner('TRUNCATE ai_reservations');
    expect(await reserved({ ...wide, user: limit(2_000) })).toEqual([
      ...spent('reserved', 4),
      ...spent('user_spent', 8),
    ]);
  });

  it('is bounded in money as in tokens', async () => {
    expect(await usage().reserve(call({ costMicroUsd: 60n }), { ...wide, user: limit(1_000_000, 100n) })).toBe(
      'reserved',
    );
    expect(await usage().reserve(call({ costMicroUsd: 60n }), { ...wide, user: limit(1_000_000, 100n) })).toBe(
      'user_spent',
    );
    expect(await usage().reserve(call({ costMicroUsd: 40n }), { ...wide, user: limit(1_000_000, 100n) })).toBe(
      'reserved',
    );
  });

  it('counts what a call used in place of its maximum, once', async () => {
    const limits = { user: limit(1_200), exchange: limit(1_200) };
    const first = call();
    expect(await usage().reserve(first, limits)).toBe('reserved');
    expect(await usage().reserve(call(), limits)).toBe('user_spent');
    const settled = { ...first, inputTokens: 90, outputTokens: 10, costMicroUsd: 5n };
    await Promise.all([usage().settle(settled), usage().settle(settled)]);
    await usage().settle({ ...settled, inputTokens: 800 });
    expect(await usage().reserve(call(), limits)).toBe('reserved');
    expect(await usage().reserve(call({ userId: userIdOf(bob), inputTokens: 101, outputTokens: 0 }), limits)).toBe(
      'exchange_spent',
    );
    expect(await usage().reserve(call({ userId: userIdOf(bob), inputTokens: 100, outputTokens: 0 }), limits)).toBe(
      'reserved',
    );
  });

  it('counts a call that nobody finished at its maximum for its whole day: who leaves in the middle gains nothing', async () => {
    const limits = { user: limit(1_500), exchange: limit(1_500) };
    await usage().reserve(call(), limits);
    const later = (minutes: number, tokens: number, more = {}) =>
      call({
        ...{ atMs: noon + minutes * minute, expiresAtMs: noon + (minutes + 15) * minute, outputTokens: 0 },
        ...{ inputTokens: tokens, ...more },
      });
    for (const minutes of [14, 15, 600]) {
      expect(await usage().reserve(later(minutes, 501), limits), `${minutes} min`).toBe('user_spent');
      expect(await usage().reserve(later(minutes, 501, { userId: userIdOf(bob) }), limits), `${minutes} min`).toBe(
        'exchange_spent',
      );
    }
    expect(await usage().reserve(later(601, 500), limits)).toBe('reserved');
  });

  it('gives the user back what a call did not use, also where it is told late, and counts it for the exchange once', async () => {
    const lost = call();
    await usage().reserve(lost, wide);
    const later = (more = {}) => call({ atMs: noon + 16 * minute, expiresAtMs: noon + 31 * minute, ...more });
    await usage().reserve(later({ inputTokens: 0, outputTokens: 0, costMicroUsd: 0n }), wide);
    await usage().settle({ ...lost, inputTokens: 90, outputTokens: 10, costMicroUsd: 5n });
    const limits = { user: limit(1_100), exchange: limit(2_000) };
    expect(await usage().reserve(later({ inputTokens: 1_001 }), { ...limits, exchange: limit(9_000) })).toBe(
      'user_spent',
    );
    expect(await usage().reserve(later(), limits)).toBe('reserved');
    expect(await usage().reserve(later({ userId: userIdOf(bob), inputTokens: 1, outputTokens: 0 }), limits)).toBe(
      'exchange_spent',
    );
  });

  it('begins anew at midnight UTC, and a call counts on the day it was reserved', async () => {
    const limits = { user: limit(1_000), exchange: limit(1_000) };
    const late = Date.UTC(2026, 4, 2, 23, 59, 59);
    const evening = call({ atMs: late, expiresAtMs: late + 15 * minute });
    expect(await usage().reserve(evening, limits)).toBe('reserved');
    await usage().settle(evening);
    expect(await usage().reserve(call({ atMs: late + 999, expiresAtMs: late + 15 * minute }), limits)).toBe(
      'user_spent',
    );
    expect(await usage().reserve(call({ atMs: late + 1_000, expiresAtMs: late + 15 * minute }), limits)).toBe(
      'reserved',
    );
  });

  it('reserves a call once, however often it is told to', async () => {
    const limits = { user: limit(1_500), exchange: limit(1_500) };
    const same = call();
    for (let i = 0; i < 3; i++) expect(await usage().reserve(same, limits)).toBe('reserved');
    expect(await usage().reserve(call({ inputTokens: 500, outputTokens: 0 }), limits)).toBe('reserved');
  });

  it("settles nobody else's call", async () => {
    const limits = { user: limit(1_500), exchange: limit(1_500) };
    const own = call();
    await usage().reserve(own, limits);
    await usage().settle({ ...own, userId: userIdOf(bob), inputTokens: 0, outputTokens: 0, costMicroUsd: 0n });
    expect(await usage().reserve(call(), limits)).toBe('user_spent');
  });
});
