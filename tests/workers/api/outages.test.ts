import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import type { ReadyDto } from '#shared/protocol/health.ts';
import { putClockAhead } from '../worker-clock.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { call } from './caller.ts';
import { ApiTrader } from './trader.ts';

async function control(part: 'solana' | 'neon', command: Record<string, unknown>): Promise<void> {
  const response = await fetch(inject('stackControls')[part], {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!response.ok) throw new Error(`${part} refused: ${await response.text()}`);
  await response.body?.cancel();
}

let trader: ApiTrader;
beforeAll(async () => {
  trader = await ApiTrader.open(500);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all([control('solana', { reset: true }), control('neon', { mode: 'ok' }), resetHermes()]);
});

const ready = () => call<ReadyDto>('GET', '/ready');
const isReady = async () => (await ready()).body.ready;
/** Words that only an inner message would have. */
const inner = /127\.0\.0\.1|ECONN|postgres|fetch failed|stack|select /i;

describe('a dead database', () => {
  it.each(['refuse', 'error'])(
    'that %ss answers reads of history with its code, and stops neither sign-in nor trading',
    async (mode) => {
      await control('neon', { mode });
      const fills = await trader.call<ErrorResponse>('GET', '/api/trading/fills');
      expect([fills.status, fills.body.code, fills.body.retryable]).toEqual([503, 'SYSTEM_002', true]);
      expect(fills.headers.get('retry-after')).not.toBeNull();
      expect(JSON.stringify(fills.body)).not.toMatch(inner);
      expect((await trader.call<ErrorResponse>('GET', '/api/users/me')).body.code).toBe('SYSTEM_002');

      const { status, body } = await ready();
      expect(status).toBe(503);
      expect(body).toMatchObject({ ready: false, database: { ok: false }, chain: { ok: true } });
      expect(JSON.stringify(body)).not.toMatch(inner);

      await ApiTrader.signedIn();
      const order = await trader.place({ quantity: 0.5 });
      expect([order.status, order.body.status]).toEqual([201, 'filled']);
      // Whose analysis it is cannot be read: the order goes on without it.
      const following = await trader.place({ quantity: 0.5, analysis_id: crypto.randomUUID() });
      expect([following.status, following.body.status, following.body.analysis_id]).toEqual([201, 'filled', null]);
      expect((await trader.call('GET', '/api/trading/positions')).status).toBe(200);

      await control('neon', { mode: 'ok' });
      await until(
        'the fill is written once the database is back',
        async () => {
          const { body: rows } = await trader.call<{ order_id: string }[]>('GET', '/api/trading/fills');
          return Array.isArray(rows) && rows.some(({ order_id }) => order_id === order.body.order_id);
        },
        60_000,
      );
      await until('all is well again', isReady);
    },
  );
});

describe('a dead chain', () => {
  it.each(['refuse', 'error'])(
    'that answers by %s has its own code where it is needed, and nothing is half done',
    async (outage) => {
      const { transaction } = await trader.build('deposit', { amount: 1 });
      await control('solana', { outage });
      const built = await trader.call<ErrorResponse>('POST', '/api/trading/transactions', {
        body: { action: 'withdraw', params: { amount: 1 } },
      });
      expect([built.status, built.body.code]).toEqual([503, 'CHAIN_001']);
      expect(JSON.stringify(built.body)).not.toMatch(inner);
      expect((await trader.submit<ErrorResponse>(trader.sign(transaction))).body.code).toBe('CHAIN_001');
      const faucet = await call('POST', '/api/dev/faucet', {
        body: { wallet_address: (await ApiTrader.signedIn()).address },
      });
      expect(faucet.body.code).toBe('CHAIN_001');
      expect((await ready()).body).toMatchObject({ ready: false, chain: { ok: false } });
      expect((await call('GET', '/api/market/prices')).status).toBe(200);

      await control('solana', { reset: true });
      await until('the same signed transaction lands when the chain is back', async () => {
        // Not more often than the limit of the trading requests allows for.
        await new Promise((resolve) => setTimeout(resolve, 500));
        const { body } = await trader.submit<{ status?: string }>(trader.sign(transaction));
        return body.status === 'confirmed';
      });
      await until('all is well again', isReady);
    },
  );
});

describe('a stale oracle', () => {
  it('has its own code, names no price as good, and lets nothing be opened', async () => {
    const stateOf = async () => {
      const { body } = await call<{ state: string }[]>('GET', '/api/market/prices?symbols=SOL-PERP');
      return body[0]?.state;
    };
    // Two thirds of the age that a price may have: it stays good as long as others follow it.
    putClockAhead(20_000);
    expect(await stateOf()).toBe('ok');
    await controlHermes({ stale: true });
    await until('the price is stale', async () => (await stateOf()) === 'stale');
    const oracle = await call<{ state: string; allowed: { open: boolean; close: boolean; add_margin: boolean } }>(
      'GET',
      '/api/market/oracle?symbol=SOL-PERP',
    );
    expect(oracle.body).toMatchObject({ state: 'stale', allowed: { open: false, close: false, add_margin: true } });
    const order = await trader.place({ quantity: 1 });
    expect([order.status, order.body.code]).toEqual([503, 'ORACLE_001']);
    const { body: state } = await ready();
    expect(state.ready).toBe(false);
    const market = state.markets.find(({ symbol }) => symbol === 'SOL-PERP');
    expect(market).toMatchObject({ ok: false, price_state: 'stale', message: 'no current price' });
    // The age of the price, although the feed goes on sending it.
    expect(market?.price_age_ms).toBeGreaterThan(5_000);
  });
});
