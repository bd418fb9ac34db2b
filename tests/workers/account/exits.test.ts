import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderRecord, PlaceOrderCommand } from '../../../workers/account/contract.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { armFaults, faultsHappened } from '../../../workers/platform/failpoint-faults.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

const exitsOf = async (wallet: Wallet, parentOrderId: string): Promise<OrderRecord[]> => {
  const { orders } = await wallet.account.listOrders({ status: null, symbol: null, limit: 200, cursor: null });
  return orders.filter((order) => order.parentOrderId === parentOrderId);
};

const exitOf = async (wallet: Wallet, parentOrderId: string, kind: OrderRecord['exitKind']): Promise<OrderRecord> =>
  (await exitsOf(wallet, parentOrderId)).find((order) => order.exitKind === kind) ??
  expect.fail(`no ${String(kind)} of ${parentOrderId}`);

const sizeOnChain = async (wallet: Wallet): Promise<bigint> =>
  (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP')?.size ?? 0n;

/** Buys with both exits and waits until it is filled. */
async function enter(wallet: Wallet, change: Partial<PlaceOrderCommand> = {}): Promise<OrderRecord> {
  const order = await wallet.place({ quantity: base(2n), takeProfit: e8(155n), stopLoss: e8(145n), ...change });
  const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
  expect(filled.error).toBeNull();
  return filled;
}

describe('take-profit and stop-loss', () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(() => armFaults([]));
  afterAll(resetHermes);

  it('appear with the fill of their entry, as reduce-only orders of one group over what it opened', async () => {
    const entry = await enter(wallet);
    const common = {
      side: 'sell',
      quantity: base(2n),
      reduceOnly: true,
      stage: 'resting',
      parentOrderId: entry.orderId,
      positionId: entry.positionId,
    };
    const profit = await exitOf(wallet, entry.orderId, 'take_profit');
    const loss = await exitOf(wallet, entry.orderId, 'stop_loss');
    expect(profit).toMatchObject({ ...common, orderType: 'limit', price: e8(155n), stopPrice: null });
    expect(loss).toMatchObject({ ...common, orderType: 'stop', stopPrice: e8(145n), price: null });
    expect(profit.groupId).toBe(loss.groupId);
  });

  it('the one whose price comes closes the position, and the other is cancelled with it', async () => {
    const entry = await enter(wallet);
    const loss = await exitOf(wallet, entry.orderId, 'stop_loss');
    await setPrice('144');
    const closed = await wallet.reached(loss.orderId, 'filled', 'rejected', 'cancelled');
    expect(closed).toMatchObject({ stage: 'filled', filledQuantity: base(2n) });
    expect(await exitOf(wallet, entry.orderId, 'take_profit')).toMatchObject({
      stage: 'cancelled',
      error: { code: 'TRADING_026' },
    });
    expect(await sizeOnChain(wallet)).toBe(0n);
  });

  it.each(['order.stored', 'order.sent', 'order.confirmed', 'events.heard', 'events.applied'] as const)(
    'survive a death of the object at %s of their entry and of their own execution: each has one effect',
    async (name) => {
      armFaults([{ name, action: 'abort', subject: wallet.address, times: 1 }]);
      const entry = await wallet.place({ quantity: base(2n), takeProfit: e8(155n), stopLoss: e8(145n) });
      await until('the entry is filled', async () => {
        const order = await wallet.account.getOrder(entry.orderId).catch(() => null);
        return order?.stage === 'filled';
      });
      expect(faultsHappened()).toBe(1);
      expect(await exitsOf(wallet, entry.orderId)).toHaveLength(2);
      armFaults([{ name, action: 'abort', subject: wallet.address, times: 1 }]);
      const profit = await exitOf(wallet, entry.orderId, 'take_profit');
      await setPrice('156');
      await until('the profit is taken', async () => {
        const order = await wallet.account.getOrder(profit.orderId).catch(() => null);
        return order?.stage === 'filled';
      });
      expect((await exitOf(wallet, entry.orderId, 'stop_loss')).stage).toBe('cancelled');
      expect(await sizeOnChain(wallet)).toBe(0n);
    },
  );

  it('work when the object is evicted and nobody asks for it', async () => {
    const entry = await enter(wallet);
    await evictDurableObject(wallet.account as never);
    await setPrice('144');
    await until('the position is closed on chain', async () => (await sizeOnChain(wallet)) === 0n, 20_000);
    const loss = await exitOf(wallet, entry.orderId, 'stop_loss');
    expect(await wallet.reached(loss.orderId, 'filled', 'rejected')).toMatchObject({ stage: 'filled' });
  });

  it('of an order that turns a position, close what it opened and nothing of what it closed', async () => {
    await wallet.reached((await wallet.place({ quantity: base(1n) })).orderId, 'filled');
    const turned = await enter(wallet, {
      side: 'sell',
      quantity: base(3n),
      takeProfit: e8(145n),
      stopLoss: e8(155n),
    });
    const exits = await exitsOf(wallet, turned.orderId);
    expect(exits.map(({ side, quantity, positionId }) => [side, quantity, positionId])).toEqual([
      ['buy', base(2n), turned.positionId],
      ['buy', base(2n), turned.positionId],
    ]);
  });

  it('are cancelled when their position is closed or turned by anything else, and never touch the next one', async () => {
    const first = await enter(wallet);
    await wallet.reached((await wallet.place({ side: 'sell', quantity: base(3n) })).orderId, 'filled');
    for (const exit of await exitsOf(wallet, first.orderId))
      expect(exit).toMatchObject({ stage: 'cancelled', error: { code: 'TRADING_027' } });
    await setPrice('144');
    await untilPrice(144n);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await sizeOnChain(wallet)).toBe(base(1n));
  });

  it('are cancelled when their trader closes the position by a transaction of his own', async () => {
    const entry = await enter(wallet);
    await wallet.act({ action: 'close_position', params: { symbol: 'SOL-PERP' } });
    await until('its exits are cancelled', async () =>
      (await exitsOf(wallet, entry.orderId)).every((exit) => exit.error?.code === 'TRADING_027'),
    );
  });

  it('close what is there when the position has become smaller', async () => {
    const entry = await enter(wallet);
    const part = await wallet.place({ side: 'sell', quantity: base(1n), reduceOnly: true });
    await wallet.reached(part.orderId, 'filled');
    const profit = await exitOf(wallet, entry.orderId, 'take_profit');
    await setPrice('156');
    expect(await wallet.reached(profit.orderId, 'filled', 'rejected')).toMatchObject({ filledQuantity: base(1n) });
    expect(await sizeOnChain(wallet)).toBe(0n);
  });

  it('on the wrong side of the price are refused with TRADING_025, measured at the price the order waits for', async () => {
    const answer = async (change: Partial<PlaceOrderCommand>) => {
      const placed = await wallet.account.placeOrder(wallet.order(change));
      return placed.ok ? placed.value.stage : placed.error.code;
    };
    expect(await answer({ takeProfit: e8(149n) })).toBe('TRADING_025');
    expect(await answer({ stopLoss: e8(151n) })).toBe('TRADING_025');
    expect(await answer({ side: 'sell', takeProfit: e8(151n) })).toBe('TRADING_025');
    expect(await answer({ side: 'sell', stopLoss: e8(149n) })).toBe('TRADING_025');
    const low = { orderType: 'limit', price: e8(120n) } as const;
    expect(await answer({ ...low, takeProfit: e8(130n), stopLoss: e8(110n) })).toBe('resting');
    expect(await answer({ ...low, stopLoss: e8(130n) })).toBe('TRADING_025');
  });

  it('of a position are set, replaced and removed as one group, and the same key answers the same exits', async () => {
    const entry = await enter(wallet, { takeProfit: null, stopLoss: null });
    const set = (
      change: { takeProfit?: bigint | null; stopLoss?: bigint | null; maxSlippageBps?: number },
      idempotencyKey: string | null = null,
    ) =>
      wallet.account.setExits({
        meta: { requestId: 'r', idempotencyKey, bodyHash: 'a' },
        userId: wallet.userId,
        positionId: entry.positionId ?? '',
        takeProfit: change.takeProfit,
        stopLoss: change.stopLoss,
        quantity: null,
        maxSlippageBps: change.maxSlippageBps ?? null,
      });
    const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T =>
      result.ok ? result.value : expect.fail(JSON.stringify(result.error));
    const [profit] = value(await set({ takeProfit: e8(160n) }, 'exits-1'));
    expect(profit).toMatchObject({ exitKind: 'take_profit', quantity: base(2n), positionId: entry.positionId });
    const both = value(await set({ stopLoss: e8(140n), maxSlippageBps: 30 }));
    const slippage = (exits: readonly OrderRecord[]) =>
      exits.find(({ exitKind }) => exitKind === 'stop_loss')?.maxSlippageBps;
    expect(slippage(both)).toBe(30);
    expect(slippage(value(await set({ stopLoss: e8(141n) })))).toBe(30);
    expect(slippage(value(await set({ stopLoss: e8(141n), maxSlippageBps: 80 })))).toBe(80);
    expect(both.map(({ orderId }) => orderId)).toContain(profit?.orderId);
    expect(new Set(both.map(({ groupId }) => groupId)).size).toBe(1);
    const moved = value(await set({ takeProfit: e8(158n) }));
    expect(moved.find(({ exitKind }) => exitKind === 'take_profit')?.price).toBe(e8(158n));
    expect(await wallet.account.getOrder(profit?.orderId ?? '')).toMatchObject({ error: { code: 'TRADING_028' } });
    expect(value(await set({ takeProfit: e8(160n) }, 'exits-1')).map(({ orderId }) => orderId)).toEqual([
      profit?.orderId,
    ]);
    expect(await wallet.account.getCommand('exits-1')).toMatchObject({ kind: 'set_exits', outcome: 'done' });
    expect(value(await set({ takeProfit: null, stopLoss: null }))).toEqual([]);
    expect(await set({ takeProfit: e8(149n) })).toMatchObject({ error: { code: 'TRADING_025' } });
    expect(
      (await wallet.account.listOrders({ status: 'pending', symbol: null, limit: 9, cursor: null })).orders,
    ).toEqual([]);
  });

  it('at most one of them is ever under way: a price that reaches the other meanwhile does not move it', async () => {
    const entry = await enter(wallet);
    const loss = await exitOf(wallet, entry.orderId, 'stop_loss');
    const profit = await exitOf(wallet, entry.orderId, 'take_profit');
    const claim = { price: e8(150n), publishTime: Math.floor(Date.now() / 1_000) };
    // Calls over one stub arrive in their order.
    const { account } = wallet;
    const answers = await Promise.all(
      [loss, profit].map(({ orderId, version }) => account.trigger({ orderId, version, ...claim })),
    );
    expect(answers).toEqual(['accepted', 'stale']);
    await wallet.reached(loss.orderId, 'filled');
    expect((await wallet.account.getOrder(profit.orderId))?.stage).toBe('cancelled');
  });
});
