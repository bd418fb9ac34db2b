import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChainUnavailable, RpcRefusal, SolanaRpc } from '../../workers/chain/rpc.ts';
import { PriceFeed } from '../../workers/market/price-feed.ts';
import { Breaker } from '../../workers/platform/breaker.ts';
import { callPolicies } from '../../workers/platform/call-policies.ts';
import { systemClock } from '../../workers/platform/clock.ts';
import { silentLogger } from '../../workers/platform/logger.ts';
import { answer, cutInTheMiddle, FailingServer, garbage, hang, refuse } from './failing-server.ts';

const server = new FailingServer();
beforeAll(() => server.start());
afterAll(() => server.close());
afterEach(() => void vi.useRealTimers());

const slot = answer(200, { jsonrpc: '2.0', id: 1, result: 7 });
/** The policy of the exchange with its delays a hundredth as long. */
const patient = { attemptsMax: 3, attemptTimeoutMs: 10_000, retryDelayMsMin: 1, retryDelayMsMax: 20 };
/** For a server that never answers: long enough for each try to reach it on a busy machine. */
const hurried = { ...patient, attemptTimeoutMs: 1_000 };
const rpc = (
  breaker = new Breaker({ name: 'solana', isFailure: (error) => !(error instanceof RpcRefusal) }),
  times = patient,
) => new SolanaRpc(server.url, breaker, times);

describe('calls of the exchange', () => {
  it('have the limits that were promised: 30 s for Hermes, 10 s for RPC, three tries', () => {
    expect(callPolicies.hermes).toMatchObject({ attemptsMax: 3, attemptTimeoutMs: 30_000 });
    expect(callPolicies.rpc).toMatchObject({ attemptsMax: 3, attemptTimeoutMs: 10_000 });
  });
});

describe('a Solana node', () => {
  it.each([
    ['refuses connections', refuse, patient],
    ['hangs', hang, hurried],
    ['cuts its answer in the middle', cutInTheMiddle, patient],
    ['answers garbage', garbage, patient],
    ['answers 500', answer(500, {}), patient],
    ['is told to be busy (429)', answer(429, {}), patient],
    ['answers JSON that is no answer', answer(200, [1, 2]), patient],
  ])('that %s is asked three times, then reported as unavailable', async (_what, behave, times) => {
    server.will(behave);
    await expect(rpc(undefined, times).getSlot()).rejects.toBeInstanceOf(ChainUnavailable);
    expect(server.requests).toBe(3);
  });

  it('that recovers is answered for within the same call', async () => {
    let failures = 0;
    server.will((request, response) => (++failures < 3 ? refuse : slot)(request, response));
    await expect(rpc().getSlot()).resolves.toBe(7);
  });

  it('that refuses a request is not asked again, and is not held to be down for it', async () => {
    server.will(answer(200, { jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'invalid params' } }));
    const asked = rpc();
    for (let i = 0; i < 8; i++) await expect(asked.getSlot()).rejects.toBeInstanceOf(RpcRefusal);
    expect([server.requests, asked.health]).toEqual([8, 'closed']);
  });

  it('that hangs costs a caller in a hurry his deadline and no more, tries included', async () => {
    server.will(hang);
    const startedAt = performance.now();
    await expect(rpc().within(150).getSlot()).rejects.toBeInstanceOf(ChainUnavailable);
    // Less than one try would have cost.
    expect(performance.now() - startedAt).toBeLessThan(patient.attemptTimeoutMs);
    expect(server.requests).toBeLessThanOrEqual(1);
  });

  it('is left alone after five failures in a row, and then one call at a time tries whether it is back', async () => {
    // The breaker reads the clock, which stands still until the test moves it.
    vi.useFakeTimers({ toFake: ['Date'] });
    const openMs = 5_000;
    const asked = rpc(new Breaker({ name: 'solana', openMs }));
    server.will(refuse);
    await expect(asked.getSlot()).rejects.toBeInstanceOf(ChainUnavailable);
    await expect(asked.getSlot()).rejects.toBeInstanceOf(ChainUnavailable);
    expect([server.requests, asked.health]).toEqual([5, 'open']);
    for (let i = 0; i < 20; i++) await expect(asked.getSlot()).rejects.toBeInstanceOf(ChainUnavailable);
    expect(server.requests).toBe(5);

    vi.setSystemTime(Date.now() + openMs);
    expect(asked.health).toBe('half_open');
    server.will((request, response) => setTimeout(() => slot(request, response), 50));
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => asked.getSlot()));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([server.requests, asked.health]).toEqual([1, 'closed']);
  });

  it('that says Retry-After is given that long, and is not asked again where that is longer than anyone waits', async () => {
    const asked = rpc(new Breaker({ name: 'solana' }), { ...patient, retryDelayMsMax: 2_000 });
    let first = 0;
    server.will((request, response) => {
      if (first === 0) {
        first = performance.now();
        return answer(429, {}, { 'retry-after': '1' })(request, response);
      }
      slot(request, response);
    });
    await expect(asked.getSlot()).resolves.toBe(7);
    expect(performance.now() - first).toBeGreaterThanOrEqual(990);

    server.will(answer(429, {}, { 'retry-after': '60' }));
    await expect(asked.getSlot()).rejects.toBeInstanceOf(ChainUnavailable);
    expect(server.requests).toBe(1);
  });
});

describe('Hermes', () => {
  const feeds: PriceFeed[] = [];
  const feed = (): PriceFeed => {
    const onUpdate = (): void => undefined;
    const common = { apiKey: undefined, clock: systemClock, logger: silentLogger, onUpdate };
    const opened = new PriceFeed({ ...common, url: server.url, feedId: 'ab'.repeat(32), random: () => 0 });
    feeds.push(opened);
    return opened;
  };
  afterEach(async () => {
    await Promise.all(feeds.splice(0).map((opened) => opened.stop()));
  });
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (const endAt = Date.now() + 45_000; !isTrue() && Date.now() < endAt;)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isTrue()).toBe(true);
  };

  it.each([
    ['refuses', refuse],
    ['answers 500', answer(500, {})],
    ['answers 429', answer(429, {}, { 'retry-after': '1' })],
  ])('that %s opens its breaker, and is asked again by itself until it is back', async (_what, behave) => {
    server.will(behave);
    const opened = feed();
    opened.ensure();
    await until(() => opened.breaker === 'open');
    // What was on its way may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = server.requests;
    expect(asked).toBeLessThanOrEqual(8);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(server.requests).toBe(asked);
    server.will((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
    });
    await until(() => opened.breaker === 'closed' && opened.state === 'live');
  });
});
