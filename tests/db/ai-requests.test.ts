import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createAiRequestRepository } from '#db/repositories/ai-requests.ts';
import { createAiUsageRepository } from '#db/repositories/ai-usage.ts';
import { createConversationRepository } from '#db/repositories/conversations.ts';
import { createPersonalRecordRepository } from '#db/repositories/personal-records.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import type { RequestKind } from '../../workers/analyst/contract.ts';
import { newId, userIdOf } from '../../workers/platform/ids.ts';

const [minute, hour] = [60_000, 3_600_000];
const noon = Date.UTC(2026, 4, 2, 12);
const trader = (letter: string) => ({ wallet: letter.repeat(44), userId: userIdOf(letter.repeat(44)) });
const [alice, bob] = [trader('A'), trader('B')];

describeOnDatabases('what a trader asks for in an hour', (get) => {
  const ask = (owner = alice, atMs = noon, kind: RequestKind = 'question', max = 5) =>
    createAiRequestRepository(get().database).admit(owner, { id: newId(), kind, atMs, windowMs: hour, max });
  const fill = async (atMs: number, owner = alice) => {
    for (let count = 0; count < 5; count++) expect(await ask(owner, atMs + count)).toEqual({ admitted: true });
  };
  const refused = { admitted: false, oldestAtMs: noon };

  beforeAll(async () => {
    await ask(bob);
  });
  beforeEach(() =>
    get()
      .asOwner('TRUNCATE ai_usage')
      .then(() => undefined),
  );

  it('is never more than the limit, however many ask at once, and begins with a trader who was not known yet', async () => {
    const newcomer = trader('N');
    const verdicts = await Promise.all(Array.from({ length: 12 }, () => ask(newcomer)));
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(5);
  });

  it('is not forgotten with deleted conversations, nor with an erased account, not even over midnight', async () => {
    const midnight = Date.UTC(2026, 4, 3);
    const conversations = createConversationRepository(get().database);
    const id = newId();
    await conversations.begin(alice, { id, title: 'what now?', createdAtMs: midnight - 10 * minute });
    await fill(midnight - 10 * minute);
    expect(await conversations.remove(alice.userId, null)).toBe(1);
    const atMs = midnight + 10 * minute;
    expect(await ask(alice, atMs)).toMatchObject({ admitted: false });
    await createPersonalRecordRepository(get().database, testPersonalData).erase(alice.userId, '2026-05-03');
    expect(await ask(alice, atMs)).toEqual({ admitted: false, oldestAtMs: midnight - 10 * minute });
  });

  it('is free again an hour after each, told by the oldest one that counts, and kept no longer than it counts', async () => {
    await fill(noon);
    expect(await ask(alice, noon + hour - 1)).toEqual(refused);
    expect(await ask(alice, noon + hour)).toEqual({ admitted: true });
    expect(await ask(alice, noon + hour)).toEqual({ ...refused, oldestAtMs: noon + 1 });
    expect(await ask(alice, noon + 3 * hour)).toEqual({ admitted: true });
    const [{ rows }] = await get().database.transaction({ role: 'app_user', userId: alice.userId }, (orm) => [
      orm.execute(sql`select id from ai_usage`),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('is counted by trader and by kind, and is no call of a model: it takes nothing from a budget', async () => {
    await fill(noon);
    expect(await ask(alice, noon, 'analyze')).toEqual({ admitted: true });
    expect(await ask(bob)).toEqual({ admitted: true });
    const limit = { tokens: 100, costMicroUsd: 10n };
    const call = { id: newId(), userId: alice.userId, task: 'chat', provider: 'openai', model: 'm' };
    const most = { inputTokens: 90, outputTokens: 10, costMicroUsd: 10n, atMs: noon, expiresAtMs: noon + minute };
    const usage = createAiUsageRepository(get().database);
    expect(await usage.reserve({ ...call, ...most }, { user: limit, exchange: limit })).toBe('reserved');
  });
});
