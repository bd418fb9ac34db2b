import { setTimeout as sleep } from 'node:timers/promises';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armFaults } from '../../../workers/platform/failpoint-faults.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

/** Longer than an order may look back. */
const heldMs = 5_000;

const knownSecond = async (): Promise<bigint> =>
  (await env.MARKETS.getByName('SOL-PERP').snapshot()).price?.publishTime ?? 0n;

describe('an order whose turn comes late', { timeout: 60_000 }, () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(async () => {
    armFaults([]);
    await resetHermes();
  });

  it('uses no price that was known long before: who holds up his own lane while the feed stands still gets the price after it', async () => {
    armFaults([{ name: 'outbox.taken', action: 'throw', subject: 'execute SOL-PERP', times: 1_000 }]);
    const { orderId, eligibleFrom } = await wallet.place({ orderType: 'limit', price: e8(151n), quantity: base(1n) });
    await until('a price it could use is known', async () => (await knownSecond()) >= BigInt(eligibleFrom));
    await controlHermes({ mode: 'silent' });
    await setPrice('155');
    await sleep(heldMs);
    armFaults([]);
    const turned = await until('its turn', async () => {
      const order = await wallet.account.getOrder(orderId);
      const isLeft = order?.status === 'pending' && order.attempts.length === 0 && order.eligibleFrom === eligibleFrom;
      return !isLeft && order;
    });
    expect(turned).toMatchObject({ status: 'pending', attempts: [] });
    expect(turned.eligibleFrom).toBeGreaterThan(eligibleFrom);
    await controlHermes({ mode: 'ok' });
    await setPrice('155');
    expect(await wallet.reached(orderId, 'resting', 'filled')).toMatchObject({ stage: 'resting', attempts: [] });
  });
});
