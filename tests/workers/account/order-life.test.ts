import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrdersMax, waitingOpeningsMax } from '../../../workers/account/order-room.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { resetHermes } from '../market/hermes-control.ts';
import { passTime } from './pass-time.ts';
import { base, e8, setPrice, untilPrice, usdc, Wallet } from './wallet.ts';

describe('the life of an order', () => {
  beforeAll(async () => {
    await setPrice('150');
    await untilPrice(150n);
  });
  afterAll(resetHermes);

  it('a market order is filled at a price of a later second than its acceptance', async () => {
    const wallet = await Wallet.open(1_000n);
    const order = await wallet.place({ quantity: base(2n) });
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled).toMatchObject({ stage: 'filled', status: 'filled', error: null, filledQuantity: base(2n) });
    expect(filled.attempts).toMatchObject([{ signature: filled.transactionHash, outcome: 'landed', expectedSeq: 0n }]);
    expect((await wallet.account.state()).positions).toMatchObject([
      { symbol: 'SOL-PERP', positionId: filled.positionId, position: { side: 'long', size: base(2n) } },
    ]);
    const events = await env.INDEXER.getByName('main').nudge(filled.transactionHash ?? '', 10_000);
    const opening = events.find(({ name }) => name === 'PositionIncreased') ?? expect.fail();
    const { publishTime } = opening.data.oracle as { publishTime: bigint };
    expect(publishTime).toBeGreaterThanOrEqual(BigInt(order.eligibleFrom));
    expect(publishTime).toBeGreaterThan(BigInt(Math.floor(order.createdAtMs / 1_000)));
  });

  it('closes, in part and in full, by reduce-only orders', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.reached((await wallet.place({ quantity: base(4n) })).orderId, 'filled');
    const [held] = (await wallet.account.state()).positions;
    const close = async (quantity: bigint | null) => {
      const { meta } = wallet.order();
      const { positionId } = held ?? expect.fail();
      const result = await wallet.account.closePosition({
        meta,
        userId: wallet.userId,
        positionId,
        quantity,
        maxSlippageBps: null,
      });
      if (!result.ok) throw new Error(result.error.message);
      return wallet.reached(result.value.orderId, 'filled', 'rejected');
    };
    expect(await close(base(1n))).toMatchObject({
      stage: 'filled',
      filledQuantity: base(1n),
      positionId: held?.positionId,
    });
    expect(await close(null)).toMatchObject({ stage: 'filled', filledQuantity: base(3n) });
    expect((await wallet.account.state()).positions).toEqual([]);
  });

  it('adds and removes margin by the same road', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    const [held] = (await wallet.account.state()).positions;
    const { positionId, position } = held ?? expect.fail();
    const change = async (amount: bigint) => {
      const result = await wallet.account.changeMargin({
        meta: wallet.order().meta,
        userId: wallet.userId,
        positionId,
        amount,
      });
      if (!result.ok) throw new Error(result.error.message);
      return wallet.reached(result.value.orderId, 'filled', 'rejected');
    };
    const added = await change(usdc(50n));
    expect(added).toMatchObject({ stage: 'filled', intent: 'add_margin', filledQuantity: usdc(50n) });
    expect(presentOrder(added).eligible_from).toBeNull();
    for (const { executedAtMs, createdAtMs, attempts } of [added, await wallet.account.getOrder(added.orderId)].flatMap(
      (each) => each ?? [],
    )) {
      expect(executedAtMs).toBeGreaterThanOrEqual(createdAtMs);
      for (const { signedAtMs, settledAtMs } of attempts) expect(settledAtMs).toBeGreaterThanOrEqual(signedAtMs);
    }
    expect(await change(usdc(-20n))).toMatchObject({ stage: 'filled', intent: 'remove_margin' });
    expect((await wallet.account.state()).positions[0]?.position.margin).toBe(position.margin + usdc(30n));
  });

  it('a limit order rests until its price comes, and is filled at its price or better', async () => {
    const wallet = await Wallet.open(1_000n);
    const order = await wallet.place({ orderType: 'limit', price: e8(145n), quantity: base(1n) });
    await wallet.reached(order.orderId, 'resting');
    await setPrice('144');
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled.stage).toBe('filled');
    expect(filled.averageFillPrice).toBeLessThanOrEqual(e8(145n));
    await setPrice('150');
    await untilPrice(150n);
  });

  it('a resting order can be cancelled and never executes afterwards', async () => {
    const wallet = await Wallet.open(1_000n);
    const order = await wallet.place({ orderType: 'limit', price: e8(145n) });
    await wallet.reached(order.orderId, 'resting');
    const cancelled = await wallet.account.cancelOrder(order.orderId, wallet.order().meta);
    expect(cancelled).toMatchObject({ ok: true, value: { stage: 'cancelled', error: { code: 'TRADING_030' } } });
    await setPrice('144');
    await untilPrice(144n);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await wallet.account.getOrder(order.orderId))?.stage).toBe('cancelled');
    await setPrice('150');
    await untilPrice(150n);
  });

  it('at most 200 orders can be open, the exits they bring included, and cancelling those of a market takes one request', async () => {
    const wallet = await Wallet.open(1_000n);
    const far = { orderType: 'limit', price: e8(100n), quantity: base(1n) } as const;
    const withExits = { ...far, takeProfit: e8(110n), stopLoss: e8(90n) };
    const plain = { ...far, symbol: 'BTC-PERP' };
    for (let i = 0; i < waitingOpeningsMax; i++) await Promise.all([wallet.place(withExits), wallet.place(plain)]);
    expect(openOrdersMax).toBe(4 * waitingOpeningsMax);
    const one = wallet.order({ ...far, symbol: 'ETH-PERP' });
    expect(await wallet.account.placeOrder(one)).toMatchObject({ error: { code: 'TRADING_011' } });
    const all = await wallet.account.cancelAll('SOL-PERP', wallet.order().meta);
    expect(all.ok && all.value.length).toBe(waitingOpeningsMax);
    expect((await wallet.place(withExits)).stage).toBe('resting');
  });

  it('a client_order_id names one order for good', async () => {
    const wallet = await Wallet.open(1_000n);
    const order = await wallet.place({ orderType: 'limit', price: e8(100n), clientOrderId: 'mine' });
    const twin = await wallet.account.placeOrder(wallet.order({ clientOrderId: 'mine' }));
    expect(twin).toMatchObject({ error: { code: 'TRADING_008' } });
    expect((await wallet.account.getOrderByClientId('mine'))?.orderId).toBe(order.orderId);
  });

  it('an order good till a time expires by itself', async () => {
    const wallet = await Wallet.open(1_000n);
    const lifeMs = 60_000;
    const gtt = { orderType: 'limit', price: e8(100n), timeInForce: 'gtt', expiresAtMs: Date.now() + lifeMs } as const;
    const order = await wallet.place(gtt);
    await passTime(wallet, lifeMs / 2);
    expect((await wallet.account.getOrder(order.orderId))?.stage).toBe('resting');
    await passTime(wallet, lifeMs / 2);
    const expired = await wallet.reached(order.orderId, 'expired');
    expect(expired).toMatchObject({ status: 'cancelled', stage: 'expired', error: { code: 'TRADING_031' } });
  });

  it('an immediate-or-cancel limit is filled at the first chance or ends', async () => {
    const wallet = await Wallet.open(1_000n);
    const missed = await wallet.place({ orderType: 'limit', price: e8(140n), timeInForce: 'ioc' });
    const hit = await wallet.place({ orderType: 'limit', price: e8(160n), timeInForce: 'ioc' });
    expect(await wallet.reached(missed.orderId, 'cancelled', 'filled', 'rejected')).toMatchObject({
      stage: 'cancelled',
      error: { code: 'TRADING_004' },
    });
    expect((await wallet.reached(hit.orderId, 'filled', 'rejected', 'cancelled')).stage).toBe('filled');
  });

  it('an immediate-or-cancel stop-limit waits for its stop, then is filled at the first chance or ends', async () => {
    const wallet = await Wallet.open(1_000n);
    const stop = { orderType: 'stop_limit', stopPrice: e8(152n), timeInForce: 'ioc' } as const;
    const hit = await wallet.place({ ...stop, price: e8(158n) });
    const missed = await wallet.place({ ...stop, price: e8(153n) });
    for (const { orderId } of [hit, missed]) await wallet.reached(orderId, 'resting');
    await setPrice('155');
    expect(await wallet.reached(missed.orderId, 'cancelled', 'filled', 'rejected')).toMatchObject({
      stage: 'cancelled',
      error: { code: 'TRADING_004' },
      attempts: [],
    });
    const filled = await wallet.reached(hit.orderId, 'filled', 'rejected', 'cancelled');
    expect(filled).toMatchObject({ stage: 'filled', filledQuantity: base(1n) });
    // The price comes back below the limit of the one that ended: it stays ended.
    await setPrice('150');
    await untilPrice(150n);
    expect((await wallet.account.getOrder(missed.orderId))?.stage).toBe('cancelled');
  });

  it('a stop order sells when the price falls through it', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.reached((await wallet.place({ quantity: base(1n) })).orderId, 'filled');
    const stop = await wallet.place({ orderType: 'stop', side: 'sell', stopPrice: e8(148n), reduceOnly: true });
    await wallet.reached(stop.orderId, 'resting');
    await setPrice('147');
    expect((await wallet.reached(stop.orderId, 'filled', 'rejected')).stage).toBe('filled');
    expect((await wallet.account.state()).positions).toEqual([]);
    await setPrice('150');
    await untilPrice(150n);
  });

  it('a cancel races the execution: the order is either cancelled without effect or follows its course', async () => {
    const wallet = await Wallet.open(1_000n);
    for (const delayMs of [0, 300, 900, 1_200]) {
      const before = (await wallet.account.state()).positions[0]?.position.size ?? 0n;
      const order = await wallet.place({ quantity: base(1n) });
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const answer = await wallet.account.cancelOrder(order.orderId, wallet.order().meta);
      const final = await wallet.reached(order.orderId, 'filled', 'rejected', 'cancelled');
      if (answer.ok) expect(final.stage).toBe('cancelled');
      else expect(answer.error.code).toBe('TRADING_007');
      const after = (await wallet.account.state()).positions[0]?.position.size ?? 0n;
      expect(after - before).toBe(final.stage === 'filled' ? base(1n) : 0n);
    }
  });

  it('a larger order against an open position turns it in one transaction, and is filled once with both parts', async () => {
    const wallet = await Wallet.open(1_000n);
    const first = await wallet.reached((await wallet.place({ quantity: base(1n) })).orderId, 'filled');
    const turned = await wallet.place({ side: 'sell', quantity: base(3n) });
    const filled = await wallet.reached(turned.orderId, 'filled', 'rejected');
    expect(filled).toMatchObject({ stage: 'filled', error: null, filledQuantity: base(3n), reduceOnly: false });
    const events = await env.INDEXER.getByName('main').nudge(filled.transactionHash ?? '', 10_000);
    expect(events.map(({ name, data }) => [name, data.size, data.commandSeq])).toEqual([
      ['PositionReduced', base(1n), 2n],
      ['PositionIncreased', base(2n), 2n],
    ]);
    expect(filled.fee).toBe(events.reduce((sum, { data }) => sum + (data.fee as bigint), 0n));
    expect(filled.averageFillPrice).toBe(events[0]?.data.fillPrice);
    expect(filled.attempts.filter(({ outcome }) => outcome === 'landed')).toHaveLength(1);
    const { positions } = await wallet.account.state();
    expect(positions).toMatchObject([
      { symbol: 'SOL-PERP', positionId: filled.positionId, position: { side: 'short', size: base(2n), seq: 2n } },
    ]);
    expect(filled.positionId).not.toBe(first.positionId);
  });

  it('a smaller order against an open position reduces it, and a reduce-only one never opens anything', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.reached((await wallet.place({ quantity: base(3n) })).orderId, 'filled');
    const part = await wallet.place({ side: 'sell', quantity: base(1n) });
    expect(await wallet.reached(part.orderId, 'filled', 'rejected')).toMatchObject({ filledQuantity: base(1n) });
    const all = await wallet.place({ side: 'sell', quantity: base(9n), reduceOnly: true });
    expect(await wallet.reached(all.orderId, 'filled', 'rejected')).toMatchObject({ filledQuantity: base(2n) });
    expect((await wallet.account.state()).positions).toEqual([]);
  });

  it('what the program would refuse is refused at once, by its code', async () => {
    const wallet = await Wallet.open(100n);
    const refusedWith = async (change: Parameters<Wallet['order']>[0]) => {
      const answer = await wallet.account.placeOrder(wallet.order(change));
      return answer.ok ? 'accepted' : answer.error.code;
    };
    expect(await refusedWith({ quantity: base(1_000n) })).toBe('TRADING_002');
    expect(await refusedWith({ leverageE2: 10_000 })).toBe('TRADING_003');
    expect(await refusedWith({ quantity: base(1n) / 100n })).toBe('TRADING_012');
    expect(await refusedWith({ reduceOnly: true })).toBe('TRADING_005');
    expect(await refusedWith({ symbol: 'DOGE-PERP' })).toBe('MARKET_001');
    const stranger = new Wallet();
    const answer = await stranger.account.placeOrder(stranger.order());
    expect(answer).toMatchObject({ error: { code: 'TRADING_014' } });
  });
});
