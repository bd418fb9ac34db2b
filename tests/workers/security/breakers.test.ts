import { afterEach, describe, expect, inject, it } from 'vitest';
import type { ReadyDto } from '#shared/protocol/health.ts';
import { callPolicies } from '../../../workers/platform/call-policies.ts';
import { call } from '../api/caller.ts';
import { until } from '../market/hermes-control.ts';

async function control(part: 'solana' | 'neon', command: Record<string, unknown>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(inject('stackControls')[part], {
    method: 'POST',
    headers,
    body: JSON.stringify(command),
  });
  await response.body?.cancel();
}
const ready = async (): Promise<ReadyDto> => (await call<ReadyDto>('GET', '/ready')).body;

afterEach(async () => {
  await Promise.all([control('solana', { reset: true }), control('neon', { mode: 'ok' })]);
  await until('all is well again', async () => (await ready()).ready);
});

describe('/ready', () => {
  it('says that a dead chain is left alone, costs milliseconds meanwhile, and closes the breaker by itself', async () => {
    await control('solana', { outage: 'refuse' });
    await until('the breaker is open', async () => (await ready()).chain.breaker === 'open');
    const startedAt = performance.now();
    const { status, body } = await call<ReadyDto>('GET', '/ready');
    expect([status, body.ready, body.chain.ok]).toEqual([503, false, false]);
    expect(performance.now() - startedAt).toBeLessThan(callPolicies.rpc.attemptTimeoutMs);
    await control('solana', { reset: true });
    await until('the breaker is closed', async () => (await ready()).chain.breaker === 'closed');
  });

  it('says that a dead database is left alone', async () => {
    await control('neon', { mode: 'refuse' });
    await until('the breaker is open', async () => (await ready()).database.breaker !== 'closed');
    await control('neon', { mode: 'ok' });
    await until('the breaker is closed', async () => (await ready()).database.breaker === 'closed');
  });

  it('says of every market how its price stream and the breaker of Hermes are', async () => {
    const { markets } = await ready();
    expect(markets.map(({ breaker }) => breaker)).toEqual(markets.map(() => 'closed'));
    expect(markets.every(({ feed }) => feed !== null)).toBe(true);
  });
});
