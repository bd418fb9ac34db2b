import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlaceOrderCommand } from '../../../workers/account/contract.ts';
import { marketOrderLifeMs } from '../../../workers/account/order-draft.ts';
import { armFaults } from '../../../workers/platform/failpoint-faults.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, usdc, Wallet } from './wallet.ts';

/** From a price that calls for it to the end of what it closes: before an order that waits for others would be given up. */
const protectionMsMax = marketOrderLifeMs - 5_000;

/** So far from its average that the program lets nothing be opened. */
const fall = () => controlHermes({ price: { base: 'SOL', usd: '139', ema: '170', conf: '0.01' } });
const confirm = () => setPrice('139');

const positionOf = async (wallet: Wallet) => (await wallet.account.state()).positions[0] ?? expect.fail('no position');

async function close(wallet: Wallet) {
  const { positionId } = await positionOf(wallet);
  const { meta, userId } = wallet.order();
  const closed = await wallet.account.closePosition({ meta, userId, positionId, quantity: null, maxSlippageBps: null });
  return closed.ok ? closed.value.orderId : expect.fail(JSON.stringify(closed.error));
}

async function addMargin(wallet: Wallet) {
  const { positionId } = await positionOf(wallet);
  const { meta, userId } = wallet.order();
  const added = await wallet.account.changeMargin({ meta, userId, positionId, amount: usdc(5n) });
  return added.ok ? added.value.orderId : expect.fail(JSON.stringify(added.error));
}

const sizeIs = (wallet: Wallet, size: bigint) => async (): Promise<boolean> =>
  ((await wallet.account.state()).positions[0]?.position.size ?? 0n) === size;

describe('what protects a position', { timeout: 60_000 }, () => {
  let wallet: Wallet;
  const filled = async (change: Partial<PlaceOrderCommand>) =>
    expect(await wallet.reached((await wallet.place(change)).orderId, 'filled', 'rejected')).toMatchObject({
      stage: 'filled',
    });
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(() => armFaults([]));
  afterAll(resetHermes);

  it('is executed within seconds while entries in the same market fail again and again, and these wait unsent for a price that opens', async () => {
    await filled({ quantity: base(2n), stopLoss: e8(140n) });
    const buys = await Promise.all(
      [145n, 144n, 143n].map((usd) => wallet.place({ orderType: 'limit', price: e8(usd), quantity: base(1n) })),
    );
    await fall();
    await until('the stop-loss is executed', sizeIs(wallet, 0n), protectionMsMax);
    for (const { orderId } of buys)
      expect(await wallet.account.getOrder(orderId)).toMatchObject({ status: 'pending', attempts: [] });
    await confirm();
    for (const { orderId } of buys) {
      const order = await wallet.reached(orderId, 'filled', 'rejected');
      expect(order.stage).toBe('filled');
      // One more where the chain learned the new average a moment after the exchange.
      expect(order.attempts.length).toBeLessThanOrEqual(2);
    }
  });

  it('is taken and executed at a price that lets nothing be opened: a plain stop, a close and added margin', async () => {
    await filled({ quantity: base(3n) });
    const stop = { side: 'sell', orderType: 'stop', stopPrice: e8(140n), reduceOnly: true } as const;
    await wallet.place({ ...stop, quantity: base(1n) });
    await wallet.place({ orderType: 'limit', price: e8(145n), quantity: base(1n) });
    await fall();
    await until('the stop is executed', sizeIs(wallet, base(2n)), protectionMsMax);
    const margin = await addMargin(wallet);
    expect(await wallet.reached(margin, 'filled', 'rejected')).toMatchObject({ stage: 'filled' });
    await close(wallet);
    await until('the position is closed', sizeIs(wallet, 0n), protectionMsMax);
  });

  it('waits for nothing that opens: neither a close nor added margin is held up by an entry that does not come through', async () => {
    await filled({ quantity: base(2n) });
    armFaults([{ name: 'outbox.taken', action: 'throw', subject: 'execute SOL-PERP', times: 1_000 }]);
    const entry = await wallet.place({ quantity: base(1n) });
    const margin = await addMargin(wallet);
    await close(wallet);
    await until('the position is closed', sizeIs(wallet, 0n), protectionMsMax);
    expect(await wallet.account.getOrder(margin)).toMatchObject({ stage: 'filled' });
    expect(await wallet.account.getOrder(entry.orderId)).toMatchObject({ status: 'pending', attempts: [] });
    // Nothing goes on once the faults are gone.
    expect(await wallet.account.cancelOrder(entry.orderId, wallet.order().meta)).toMatchObject({ ok: true });
  });
});
