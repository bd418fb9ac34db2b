import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAiUsageRepository } from '#db/repositories/ai-usage.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { openTestPglite, type TestDatabase } from '#support/database/test-database.ts';
import type { Behaviour } from '#support/llm/behaviour.ts';
import { protocols } from '#support/llm/llm-server.ts';
import { modelOf, modelsOf, request, seenOf, Servers } from './model-world.ts';

const [alice, bob] = ['A', 'B'].map((letter) => letter.repeat(44)) as [string, string];
/** Two hours before midnight UTC. */
const evening = Date.UTC(2026, 4, 2, 22);
const good: Behaviour = { kind: 'answer', text: ['SOL rises.'], usage: { input: 120, output: 30 } };

const servers = new Servers();
let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestPglite();
  for (const wallet of [alice, bob])
    await createUserRepository(opened.database, testPersonalData).signIn(wallet, evening);
});
beforeEach(async () => {
  for (const table of ['ai_usage', 'ai_reservations', 'ai_usage_days']) await opened.asOwner(`TRUNCATE ${table}`);
});
afterEach(() => servers.close());
afterAll(() => opened.close());

const world = (models: readonly object[], variables: Record<string, string> = {}) => {
  const clock = { nowMs: () => evening };
  return modelsOf({ models, variables, clock, usage: createAiUsageRepository(opened.database) });
};
const rows = () =>
  opened.asOwner('SELECT input_tokens, output_tokens, cost_microusd, reserved_until FROM ai_usage ORDER BY created_at');
const counted = (input: number, output: number, cost: number) => ({
  ...{ input_tokens: String(input), output_tokens: String(output), cost_microusd: String(cost), reserved_until: null },
});
const openReservations = () => opened.asOwner('SELECT id FROM ai_reservations');

describe.each(protocols)('the budget of models over %s', (protocol) => {
  it('counts what the provider told, once the answer is whole', async () => {
    const server = await servers.start(protocol);
    server.behave(good);
    await seenOf(world([modelOf(protocol, server.baseUrl)]).stream(request()));
    expect(await rows()).toEqual([counted(120, 30, 420)]);
    expect(await openReservations()).toEqual([]);
  });

  it('counts no more than was reserved, whatever a provider tells: one number does not spend the day of all', async () => {
    const server = await servers.start(protocol);
    server.behave({ ...good, usage: { input: 9_000_000_000_000, output: 9_000_000_000_000 } }, good);
    const models = world([modelOf(protocol, server.baseUrl, { max_output_tokens: 1_000 })]);
    expect((await seenOf(models.stream(request()))).failure).toBeNull();
    const [row] = await rows();
    expect(Number(row?.['output_tokens'])).toBe(1_000);
    expect(Number(row?.['input_tokens'])).toBeLessThan(10_000);
    expect((await seenOf(models.stream(request()))).failure).toBeNull();
  });

  it('counts nothing for a status, and all output that it was allowed for an answer that broke off', async () => {
    const server = await servers.start(protocol);
    const models = world([modelOf(protocol, server.baseUrl, { max_output_tokens: 1_000 })]);
    server.behave({ kind: 'status', status: 500 });
    await seenOf(models.stream(request()));
    expect(await rows()).toEqual([counted(0, 0, 0), counted(0, 0, 0)]);
    server.behave({ kind: 'cut', text: ['SOL ', 'is'], by: 'reset' });
    await seenOf(models.stream(request()));
    expect((await rows())[2]).toMatchObject({ output_tokens: '1000', reserved_until: null });
    expect(await openReservations()).toEqual([]);
  });

  it('is settled before a request is over, also where its caller left', async () => {
    const server = await servers.start(protocol);
    server.behave({ kind: 'stall', text: ['SOL '] });
    const repository = createAiUsageRepository(opened.database);
    let settled = 0;
    const settle: typeof repository.settle = async (call) => {
      await repository.settle(call);
      settled += 1;
    };
    const models = modelsOf({ models: [modelOf(protocol, server.baseUrl)], usage: { ...repository, settle } });
    for await (const event of models.stream(request())) if (event.type === 'token') break;
    expect(settled).toBe(1);
    expect(await openReservations()).toEqual([]);
    expect(await rows()).toMatchObject([{ output_tokens: '4096', reserved_until: null }]);
  });

  it('is spent for a user until midnight UTC, and not for another', async () => {
    const server = await servers.start(protocol);
    server.behave({ ...good, usage: { input: 9_000, output: 500 } });
    const models = world([modelOf(protocol, server.baseUrl)], { AI_USER_TOKENS_PER_DAY: '8000' });
    expect((await seenOf(models.stream(request()))).failure).toBeNull();
    const { failure } = await seenOf(models.stream(request()));
    expect(failure).toMatchObject({ reason: 'budget_user', retryAfterSeconds: 7_200 });
    expect((await seenOf(models.stream(request({ wallet: bob })))).failure).toBeNull();
    expect(server.requests.length).toBe(2);
  });

  it('is spent for all users together', async () => {
    const server = await servers.start(protocol);
    server.behave({ ...good, usage: { input: 9_000, output: 500 } });
    const models = world([modelOf(protocol, server.baseUrl)], { AI_EXCHANGE_USD_PER_DAY: '0.05' });
    const reasons: unknown[] = [];
    for (const wallet of [alice, bob, alice, bob])
      reasons.push((await seenOf(models.stream(request({ wallet })))).failure?.reason);
    expect(reasons.slice(-1)).toEqual(['budget_exchange']);
    expect(server.requests.length).toBeLessThan(4);
  });

  it('leads to a model that still fits into it', async () => {
    const [dear, free] = [await servers.start(protocol), await servers.start(protocol)];
    free.behave(good);
    const prices = { input: '0', output: '0' };
    const configured = [modelOf(protocol, dear.baseUrl), modelOf(protocol, free.baseUrl, { model: 'free', prices })];
    const seen = await seenOf(world(configured, { AI_USER_USD_PER_DAY: '0.000001' }).stream(request()));
    expect([seen.model, dear.requests.length]).toEqual(['free', 0]);
  });

  it('is not overdrawn by requests at the same time', async () => {
    const server = await servers.start(protocol);
    server.behave(good);
    const models = world([modelOf(protocol, server.baseUrl)], { AI_USER_TOKENS_PER_DAY: '14000' });
    const all = await Promise.all(Array.from({ length: 6 }, () => seenOf(models.stream(request()))));
    const refused = all.filter(({ failure }) => failure?.reason === 'budget_user').length;
    expect(refused).toBeGreaterThan(0);
    expect(refused + server.requests.length).toBe(6);
  });

  it('asks no model that it could not count', async () => {
    const server = await servers.start(protocol);
    server.behave(good);
    const usage = { reserve: () => Promise.reject(new Error('the database is away')), settle: async () => undefined };
    const { failure } = await seenOf(
      modelsOf({ models: [modelOf(protocol, server.baseUrl)], usage }).stream(request()),
    );
    expect([failure?.reason, server.requests.length]).toEqual(['usage_unavailable', 0]);
  });

  it('estimates what a server does not tell', async () => {
    const server = await servers.start(protocol);
    server.behave({ ...good, usage: null });
    await seenOf(world([modelOf(protocol, server.baseUrl)]).stream(request()));
    const [row] = await rows();
    expect(Number(row?.['input_tokens'])).toBeGreaterThan(10);
    expect(Number(row?.['output_tokens'])).toBeGreaterThan(3);
    expect(Number(row?.['output_tokens'])).toBeLessThan(50);
  });
});
