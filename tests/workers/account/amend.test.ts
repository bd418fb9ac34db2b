import { evictDurableObject } from 'cloudflare:test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AmendOrderCommand } from '../../../workers/account/contract.ts';
import { armFaults } from '../../../workers/platform/failpoint-faults.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { passTime } from './pass-time.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

const untouched = {
  quantity: undefined,
  price: undefined,
  stopPrice: undefined,
  expiresAtMs: undefined,
  maxSlippageBps: undefined,
  takeProfit: undefined,
  stopLoss: undefined,
};

const amend = (
  wallet: Wallet,
  orderId: string,
  change: Partial<AmendOrderCommand>,
  idempotencyKey: string | null = null,
) =>
  wallet.account.amendOrder({
    meta: { requestId: 'r', idempotencyKey, bodyHash: JSON.stringify(change, (_, v: unknown) => String(v)) },
    orderId,
    ...untouched,
    ...change,
  });

/** Whether a request ended without an answer. */
async function lost(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return false;
  } catch {
    return true;
  }
}

const minuteMs = 60_000;
const claimNow = { price: e8(150n), publishTime: Math.floor(Date.now() / 1_000) };

describe('amending an order', () => {
  let wallet: Wallet;
  beforeAll(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(() => armFaults([]));
  afterAll(resetHermes);

  it('changes what is named, and the order executes by its new price alone', async () => {
    const order = await wallet.place({ orderType: 'limit', price: e8(140n), quantity: base(1n) });
    const amended = await amend(wallet, order.orderId, { price: e8(130n), quantity: base(2n), takeProfit: e8(150n) });
    expect(amended).toMatchObject({
      ok: true,
      value: { orderId: order.orderId, price: e8(130n), quantity: base(2n), takeProfit: e8(150n), stage: 'resting' },
    });
    await setPrice('139');
    await untilPrice(139n);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await wallet.account.getOrder(order.orderId))?.stage).toBe('resting');
    await setPrice('150');
    await untilPrice(150n);
    const reached = await amend(wallet, order.orderId, { price: e8(155n), takeProfit: e8(160n) });
    expect(reached).toMatchObject({ ok: true, value: { stage: 'accepted' } });
    expect(await wallet.reached(order.orderId, 'filled', 'rejected')).toMatchObject({ filledQuantity: base(2n) });
    await wallet.account.cancelAll(null, wallet.order().meta);
    const rest = await wallet.place({ side: 'sell', quantity: base(2n), reduceOnly: true });
    await wallet.reached(rest.orderId, 'filled');
  });

  it('wins over a trigger: a claim on the version before it is stale, and a triggered order starts over', async () => {
    const order = await wallet.place({ orderType: 'limit', price: e8(120n) });
    const claim = { orderId: order.orderId, version: order.version, ...claimNow };
    expect((await amend(wallet, order.orderId, { price: e8(121n) })).ok).toBe(true);
    expect(await wallet.account.trigger(claim)).toBe('stale');
    const stop = await wallet.place({ orderType: 'stop', stopPrice: e8(180n) });
    armFaults([{ name: 'order.priced', action: 'throw', subject: wallet.address, times: 20 }]);
    expect(await wallet.account.trigger({ ...claim, orderId: stop.orderId, version: stop.version })).toBe('accepted');
    const amended = await amend(wallet, stop.orderId, { stopPrice: e8(190n) });
    expect(amended).toMatchObject({ ok: true, value: { stage: 'resting', stopPrice: e8(190n) } });
    armFaults([]);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await wallet.account.getOrder(stop.orderId)).toMatchObject({ stage: 'resting', attempts: [] });
    await wallet.account.cancelAll(null, wallet.order().meta);
  });

  it('is refused with TRADING_024 from submission on, and the outcome follows', async () => {
    const order = await wallet.place({ quantity: base(1n) });
    await until('it is submitted', async () => (await wallet.account.getOrder(order.orderId))?.stage !== 'accepted');
    expect(await amend(wallet, order.orderId, { quantity: base(3n) })).toMatchObject({
      error: { code: 'TRADING_024' },
    });
    expect(await wallet.reached(order.orderId, 'filled', 'rejected')).toMatchObject({ filledQuantity: base(1n) });
    const late = await wallet.account.cancelOrder(order.orderId, wallet.order().meta);
    expect(late).toMatchObject({ error: { code: 'TRADING_007' } });
    const close = await wallet.place({ side: 'sell', reduceOnly: true });
    await wallet.reached(close.orderId, 'filled');
  });

  it('is checked like a new order, and refused without a change', async () => {
    const order = await wallet.place({ orderType: 'limit', price: e8(120n) });
    const codeOf = async (change: Partial<AmendOrderCommand>) => {
      const answer = await amend(wallet, order.orderId, change);
      return answer.ok ? 'amended' : answer.error.code;
    };
    expect(await codeOf({ quantity: base(1_000n) })).toBe('TRADING_002');
    expect(await codeOf({ quantity: 1n })).toBe('TRADING_012');
    expect(await codeOf({ stopPrice: e8(1n) })).toBe('VALIDATION_001');
    expect(await codeOf({ expiresAtMs: Date.now() + 9_000 })).toBe('VALIDATION_001');
    expect(await codeOf({ stopLoss: e8(130n) })).toBe('TRADING_025');
    expect(await amend(wallet, crypto.randomUUID(), { price: 1n })).toMatchObject({ error: { code: 'TRADING_001' } });
    expect(await wallet.account.getOrder(order.orderId)).toEqual(order);
    await wallet.account.cancelAll(null, wallet.order().meta);
  });

  it('happens once per idempotency key, also when its answer is lost', async () => {
    const order = await wallet.place({ orderType: 'limit', price: e8(120n) });
    armFaults([{ name: 'command.stored', action: 'throw', subject: wallet.address, times: 1 }]);
    expect(await lost(() => amend(wallet, order.orderId, { price: e8(119n) }, 'amend-1'))).toBe(true);
    const known = await wallet.account.getCommand('amend-1');
    expect(known).toMatchObject({ kind: 'amend_order', outcome: 'done', order: { price: e8(119n) } });
    const again = await amend(wallet, order.orderId, { price: e8(119n) }, 'amend-1');
    expect(again).toMatchObject({ ok: true, value: { version: known?.order?.version } });
  });

  it('of an order good till a time moves its end', async () => {
    const order = await wallet.place({
      orderType: 'limit',
      price: e8(100n),
      timeInForce: 'gtt',
      expiresAtMs: Date.now() + 3_600_000,
    });
    const expiresAtMs = Date.now() + minuteMs;
    expect((await amend(wallet, order.orderId, { expiresAtMs })).ok).toBe(true);
    await passTime(wallet, minuteMs);
    expect((await wallet.reached(order.orderId, 'expired')).expiresAtMs).toBe(expiresAtMs);
  });
});

describe('cancel-after', () => {
  let wallet: Wallet;
  beforeAll(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  const cancelAfter = (seconds: number, idempotencyKey: string | null = null) =>
    wallet.account.cancelAfter({ meta: { requestId: 'r', idempotencyKey, bodyHash: String(seconds) }, seconds });
  const far = { orderType: 'limit', price: e8(100n) } as const;

  it('cancels everything that can be cancelled when nobody renews it, also after the object was evicted', async () => {
    const orders = [
      await wallet.place(far),
      await wallet.place({ ...far, symbol: 'BTC-PERP', price: e8(40_000n), quantity: base(1n) / 100n }),
    ];
    const before = Date.now();
    const answer = await cancelAfter(2);
    const cancelAtMs = answer.ok ? (answer.value.cancelAtMs ?? 0) : 0;
    expect(cancelAtMs).toBeGreaterThanOrEqual(before + 2_000);
    expect(cancelAtMs).toBeLessThanOrEqual(Date.now() + 2_000);
    await evictDurableObject(wallet.account as never);
    for (const { orderId } of orders) {
      expect(await wallet.reached(orderId, 'cancelled')).toMatchObject({ error: { code: 'TRADING_029' } });
    }
    expect(Date.now()).toBeGreaterThanOrEqual(before + 2_000);
  });

  it('waits as long as it is renewed, and 0 takes it back', async () => {
    const order = await wallet.place(far);
    const isResting = async () => (await wallet.account.getOrder(order.orderId))?.stage === 'resting';
    await cancelAfter(60);
    await cancelAfter(3_600);
    await passTime(wallet, 2 * minuteMs);
    expect(await isResting()).toBe(true);
    await cancelAfter(60);
    expect(await cancelAfter(0)).toEqual({ ok: true, value: { cancelAtMs: null } });
    await passTime(wallet, 60 * minuteMs);
    expect(await isResting()).toBe(true);
    // So far the clock moved for nothing: what is not renewed ends.
    await cancelAfter(60);
    await passTime(wallet, minuteMs);
    expect(await isResting()).toBe(false);
  });

  it('the same key answers the same moment and does not renew it; the command can be looked up', async () => {
    const first = await cancelAfter(3_600, 'dead-man');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await cancelAfter(3_600, 'dead-man')).toEqual(first);
    expect(await wallet.account.getCommand('dead-man')).toMatchObject({
      kind: 'cancel_after',
      outcome: 'done',
      cancelAtMs: first.ok ? first.value.cancelAtMs : 0,
    });
    await cancelAfter(0);
  });
});

describe('a request that is looked up', () => {
  it('was refused: the refusal is there under its key for every kind of command, and is answered again', async () => {
    const wallet = await Wallet.open(100n);
    const meta = (idempotencyKey: string) => ({ requestId: 'r', idempotencyKey, bodyHash: 'a' });
    const { userId } = wallet;
    const id = crypto.randomUUID();
    const { account } = wallet;
    const asked = {
      place_order: () => account.placeOrder({ ...wallet.order({ symbol: 'DOGE-PERP' }), meta: meta('place_order') }),
      amend_order: () => amend(wallet, id, { price: 1n }, 'amend_order'),
      cancel_order: () => account.cancelOrder(id, meta('cancel_order')),
      close_position: () =>
        account.closePosition({
          meta: meta('close_position'),
          userId,
          positionId: id,
          quantity: null,
          maxSlippageBps: null,
        }),
      change_margin: () => account.changeMargin({ meta: meta('change_margin'), userId, positionId: id, amount: 1n }),
      set_exits: () =>
        account.setExits({
          meta: meta('set_exits'),
          userId,
          positionId: id,
          takeProfit: 1n,
          stopLoss: undefined,
          quantity: null,
          maxSlippageBps: null,
        }),
    };
    for (const [kind, ask] of Object.entries(asked)) {
      const answer = await ask();
      if (answer.ok) return expect.fail(kind);
      await evictDurableObject(account as never);
      expect(await account.getCommand(kind)).toMatchObject({
        kind,
        outcome: 'refused',
        refusal: { code: answer.error.code },
        order: null,
        orders: [],
      });
      expect(await ask()).toEqual(answer);
    }
  });

  it('died with its object before its effect: there is no such command, and the same request has its effect once', async () => {
    const wallet = await Wallet.open(1_000n);
    const command = wallet.order({ orderType: 'limit', price: e8(100n) }, 'died');
    armFaults([{ name: 'command.begun', action: 'abort', subject: wallet.address, times: 1 }]);
    expect(await lost(() => wallet.account.placeOrder(command))).toBe(true);
    expect(await wallet.account.getCommand('died')).toBeNull();
    const placed = await wallet.account.placeOrder(command);
    expect(placed).toMatchObject({ ok: true, value: { stage: 'resting' } });
    expect(await wallet.account.placeOrder(command)).toEqual(placed);
  });
});
