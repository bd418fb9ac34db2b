import { Keypair } from '@solana/web3.js';
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import {
  COMMAND_ANSWERS,
  COMMANDS_TABLE,
  Idempotency,
  commandsKeptMax,
  commandsKeptMs,
} from '../../../workers/account/idempotency.ts';
import { Limiter, LIMITER_TABLE, tradingWindowMs } from '../../../workers/account/limiter.ts';
import { advance } from '../../../workers/account/order-machine.ts';
import { ORDER_GROUPS, ORDERS_TABLE, OrderStore } from '../../../workers/account/order-store.ts';
import { acceptedOrder } from '../../../workers/account/testing.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';

/** Runs a body over the SQLite storage of a real Durable Object whose tables are made anew. */
const withStorage = (body: (storage: DurableObjectStorage, clock: ManualClock) => Promise<void>): Promise<void> =>
  runInDurableObject(
    env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58()),
    async (_instance: unknown, state: DurableObjectState) => {
      const { sql } = state.storage;
      for (const table of ['orders', 'commands', 'rate_window']) sql.exec(`DROP TABLE IF EXISTS ${table}`);
      for (const table of [ORDERS_TABLE, ORDER_GROUPS, COMMANDS_TABLE, COMMAND_ANSWERS, LIMITER_TABLE]) sql.exec(table);
      await body(state.storage, new ManualClock());
    },
  );

const meta = (idempotencyKey: string | null, bodyHash = 'a') => ({ requestId: 'r', idempotencyKey, bodyHash });

describe('OrderStore', () => {
  it('gives back exactly what was stored, integers beyond doubles included', () =>
    withStorage(async ({ sql }) => {
      const order = acceptedOrder({
        quantity: 2n ** 63n + 1n,
        attempts: [
          {
            signature: 's',
            expectedSeq: 2n ** 60n + 1n,
            signedAtMs: 1,
            lastValidBlockHeight: 2,
            settledAtMs: null,
            outcome: 'sent',
            reason: null,
          },
        ],
      });
      new OrderStore(sql).insert(order);
      expect(new OrderStore(sql).get(order.orderId)).toEqual(order);
    }));

  it('of two updates from one version only the first is stored', () =>
    withStorage(async ({ sql }) => {
      const store = new OrderStore(sql);
      const order = acceptedOrder();
      store.insert(order);
      const cancelled = advance(order, { kind: 'cancel', error: null }) ?? expect.fail();
      const resting = advance(order, { kind: 'rest' }) ?? expect.fail();
      expect(store.update(cancelled, order.version)).toBe(true);
      expect(store.update(resting, order.version)).toBe(false);
      expect(store.get(order.orderId)?.stage).toBe('cancelled');
    }));

  it('lists newest first, every order on exactly one page', () =>
    withStorage(async ({ sql }) => {
      const store = new OrderStore(sql);
      for (let i = 0; i < 7; i++) store.insert(acceptedOrder({ orderId: `o${i}` }));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = store.page({ status: 'pending', symbol: null, limit: 3, cursor });
        seen.push(...page.orders.map((order) => order.orderId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(['o6', 'o5', 'o4', 'o3', 'o2', 'o1', 'o0']);
      expect(store.page({ status: null, symbol: null, limit: 3, cursor: 'x' }).orders).toEqual([]);
    }));

  it('a client_order_id cannot be stored twice', () =>
    withStorage(async ({ sql }) => {
      const store = new OrderStore(sql);
      store.insert(acceptedOrder({ orderId: 'a', clientOrderId: 'mine' }));
      expect(() => store.insert(acceptedOrder({ orderId: 'b', clientOrderId: 'mine' }))).toThrow();
      expect(store.getByClientId('mine')?.orderId).toBe('a');
    }));
});

describe('Idempotency', () => {
  it('the same key and body replay the first answer; another body is refused with TRADING_009', () =>
    withStorage(async ({ sql }, clock) => {
      const commands = new Idempotency(sql, clock);
      expect(commands.start(meta('k'), 'place_order').kind).toBe('run');
      commands.finish(meta('k'), 'place_order', { orderIds: ['order'] });
      commands.release(meta('k'));
      expect(commands.start(meta('k'), 'place_order')).toMatchObject({
        kind: 'replay',
        command: { orderIds: ['order'] },
      });
      expect(commands.start(meta('k', 'b'), 'place_order')).toMatchObject({
        result: { error: { code: 'TRADING_009' } },
      });
    }));

  it('a twin of a running request is refused with TRADING_010', () =>
    withStorage(async ({ sql }, clock) => {
      const commands = new Idempotency(sql, clock);
      commands.start(meta('k'), 'place_order');
      expect(commands.start(meta('k'), 'place_order')).toMatchObject({ result: { error: { code: 'TRADING_010' } } });
      commands.release(meta('k'));
      expect(commands.start(meta('k'), 'place_order').kind).toBe('run');
    }));

  it('a request whose object died before its effect may run again', () =>
    withStorage(async ({ sql }, clock) => {
      new Idempotency(sql, clock).start(meta('k'), 'place_order');
      expect(new Idempotency(sql, clock).start(meta('k'), 'place_order').kind).toBe('run');
    }));

  it('refusals of the request are kept, failures of ours and rate limits are not', () =>
    withStorage(async ({ sql }, clock) => {
      const commands = new Idempotency(sql, clock);
      commands.finish(meta('refused'), 'place_order', { refusal: { code: 'TRADING_002', message: 'm' } });
      commands.finish(meta('outage'), 'place_order', { refusal: { code: 'CHAIN_001', message: 'm' } });
      commands.finish(meta('limited'), 'place_order', { refusal: { code: 'RATE_001', message: 'm' } });
      expect(commands.find('refused')).toMatchObject({ refusal: { code: 'TRADING_002' } });
      expect([commands.find('outage'), commands.find('limited')]).toEqual([null, null]);
    }));

  it('forgets a key after 24 hours and never keeps more than the bound', () =>
    withStorage(async ({ sql }, clock) => {
      const commands = new Idempotency(sql, clock);
      commands.finish(meta('old'), 'place_order', {});
      clock.advance(commandsKeptMs);
      expect(commands.find('old')).toBeNull();
      sql.exec(`
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${commandsKeptMax + 10})
        INSERT INTO commands (idempotency_key, body_hash, kind, order_ids, created_ms)
        SELECT 'k' || i, 'a', 'place_order', '[]', ${clock.nowMs()} FROM n`);
      commands.finish(meta('newest'), 'place_order', {});
      expect(sql.exec('SELECT COUNT(*) AS size FROM commands').one().size).toBe(commandsKeptMax);
      expect(commands.find('newest')).not.toBeNull();
    }));
});

describe('Limiter', () => {
  it('admits exactly 100 of any number of requests in a minute, also when the object starts over in between', () =>
    withStorage(async ({ sql }, clock) => {
      let admitted = 0;
      for (let i = 0; i < 250; i++) if (new Limiter(sql, clock).admit().allowed) admitted += 1;
      expect(admitted).toBe(100);
      expect(new Limiter(sql, clock).admit()).toEqual({ allowed: false, limit: 100, remaining: 0, resetSeconds: 60 });
      clock.advance(tradingWindowMs - 1);
      expect(new Limiter(sql, clock).admit().allowed).toBe(false);
      clock.advance(1);
      expect(new Limiter(sql, clock).admit()).toEqual({ allowed: true, limit: 100, remaining: 99, resetSeconds: 60 });
    }));
});
