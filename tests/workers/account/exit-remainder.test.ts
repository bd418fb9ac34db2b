import { env } from 'cloudflare:workers';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AmendOrderCommand, OrderRecord, SetExitsCommand } from '../../../workers/account/contract.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { createDatabase } from '#db/client.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

const meta = { requestId: 'r', idempotencyKey: null, bodyHash: 'a' };
const untouched = {
  quantity: undefined,
  price: undefined,
  stopPrice: undefined,
  expiresAtMs: undefined,
  maxSlippageBps: undefined,
  takeProfit: undefined,
  stopLoss: undefined,
};

const sizeOnChain = async (wallet: Wallet): Promise<bigint> =>
  (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP')?.size ?? 0n;

async function long(wallet: Wallet, quantity: bigint): Promise<OrderRecord> {
  const order = await wallet.place({ quantity });
  return wallet.reached(order.orderId, 'filled', 'rejected');
}

const exitsOf = (entry: OrderRecord, wallet: Wallet, wish: Partial<SetExitsCommand>) =>
  wallet.account.setExits({
    meta,
    userId: wallet.userId,
    positionId: entry.positionId ?? '',
    takeProfit: undefined,
    stopLoss: undefined,
    quantity: null,
    maxSlippageBps: null,
    ...wish,
  });

async function set(entry: OrderRecord, wallet: Wallet, wish: Partial<SetExitsCommand>) {
  const answer = await exitsOf(entry, wallet, wish);
  const exits = answer.ok ? answer.value : expect.fail(JSON.stringify(answer.error));
  const of = (kind: OrderRecord['exitKind']): OrderRecord =>
    exits.find(({ exitKind }) => exitKind === kind) ?? expect.fail(`no ${String(kind)}`);
  return { profit: () => of('take_profit'), loss: () => of('stop_loss') };
}

const amend = (wallet: Wallet, orderId: string, change: Partial<AmendOrderCommand>) =>
  wallet.account.amendOrder({ meta, orderId, ...untouched, ...change });

const ended = ['filled', 'rejected', 'cancelled'] as const;

describe('exits of a part of a position', { timeout: 60_000 }, () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterAll(resetHermes);

  it('a stop-loss closes everything where the market would not keep what it left', async () => {
    const entry = await long(wallet, base(1n));
    const exits = await set(entry, wallet, { stopLoss: e8(145n), quantity: (base(1n) * 99n) / 100n });
    await setPrice('144');
    const closed = await wallet.reached(exits.loss().orderId, ...ended);
    expect(closed).toMatchObject({ stage: 'filled', filledQuantity: base(1n), error: null });
    expect(await sizeOnChain(wallet)).toBe(0n);
  });

  it('a stop-loss that cannot be executed waits on, tells its trader why, and costs no transactions meanwhile', async () => {
    const entry = await long(wallet, base(1n));
    const exits = await set(entry, wallet, { stopLoss: e8(145n) });
    expect((await amend(wallet, exits.loss().orderId, { maxSlippageBps: 0 })).ok).toBe(true);
    await setPrice('144');
    const alert = await until('the alert is in the database', async () => {
      const settings = readSettings(env);
      const database = createDatabase({
        databaseUrl: settings.DATABASE_URL,
        httpEndpoint: settings.DATABASE_HTTP_ENDPOINT,
      });
      const { rows } = await createRiskAlertRepository(database).list(wallet.userId, {});
      return rows.find(({ kind }) => kind === 'exit_failed');
    });
    expect(alert).toMatchObject({ symbol: 'SOL-PERP', positionId: entry.positionId });
    expect(alert.message).toContain('stop-loss');
    const waiting = await wallet.account.getOrder(exits.loss().orderId);
    expect(waiting).toMatchObject({ status: 'pending', attempts: [] });
    const again = await until('it can be amended', async () => {
      const answer = await amend(wallet, exits.loss().orderId, { maxSlippageBps: 100, stopPrice: e8(143n) });
      return answer.ok && answer;
    });
    expect(again.ok).toBe(true);
    await setPrice('142');
    expect((await wallet.reached(exits.loss().orderId, ...ended)).stage).toBe('filled');
  });

  it('an amended exit is checked like one that is set: its side, and the size of the position', async () => {
    const entry = await long(wallet, base(2n));
    const exits = await set(entry, wallet, { takeProfit: e8(160n), stopLoss: e8(140n) });
    const code = async (orderId: string, change: Partial<AmendOrderCommand>) => {
      const answer = await amend(wallet, orderId, change);
      return answer.ok ? 'amended' : answer.error.code;
    };
    expect(await code(exits.loss().orderId, { stopPrice: e8(172n) })).toBe('TRADING_025');
    expect(await code(exits.profit().orderId, { price: e8(149n) })).toBe('TRADING_025');
    expect(await code(exits.loss().orderId, { quantity: base(3n) })).toBe('VALIDATION_005');
    expect(await exitsOf(entry, wallet, { quantity: base(3n) })).toMatchObject({ error: { code: 'VALIDATION_005' } });
    expect(await code(exits.loss().orderId, { stopPrice: e8(141n), quantity: base(1n) })).toBe('amended');
    expect(await sizeOnChain(wallet)).toBe(base(2n));
  });

  it('a take-profit of a part leaves the stop-loss to the rest', async () => {
    const entry = await long(wallet, base(2n));
    const exits = await set(entry, wallet, { takeProfit: e8(155n), stopLoss: e8(140n) });
    expect((await amend(wallet, exits.profit().orderId, { quantity: base(1n) / 2n })).ok).toBe(true);
    await setPrice('156');
    await wallet.reached(exits.profit().orderId, ...ended);
    const rest = await wallet.account.getOrder(exits.loss().orderId);
    expect(rest).toMatchObject({ stage: 'resting', quantity: (base(1n) * 3n) / 2n });
    await setPrice('139');
    expect((await wallet.reached(exits.loss().orderId, ...ended)).stage).toBe('filled');
    expect(await sizeOnChain(wallet)).toBe(0n);
  });

  it('a take-profit of as much as the stop-loss ends it, also where the position goes on', async () => {
    const entry = await long(wallet, base(2n));
    const exits = await set(entry, wallet, { takeProfit: e8(155n), stopLoss: e8(140n), quantity: base(1n) });
    await setPrice('156');
    await wallet.reached(exits.profit().orderId, ...ended);
    expect(await wallet.account.getOrder(exits.loss().orderId)).toMatchObject({
      stage: 'cancelled',
      error: { code: 'TRADING_026' },
    });
  });
});
