import { evictDurableObject } from 'cloudflare:test';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { env } from 'cloudflare:workers';
import { chainOf, tradeComputeUnitsMax } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { armFaults, faultsHappened } from '../../../workers/platform/failpoint-faults.ts';
import { until } from '../market/hermes-control.ts';
import { base, Wallet } from './wallet.ts';

const chain = () => chainOf(readSettings(env));

const confirmMsMax = 30_000;

async function positionSize(wallet: Wallet): Promise<bigint> {
  const trader = await chain().readTrader(wallet.address);
  return trader.positions.get('SOL-PERP')?.size ?? 0n;
}

describe('an order has exactly one effect', () => {
  let wallet: Wallet;
  afterEach(() => armFaults([]));

  it.each(['order.priced', 'order.signed', 'order.stored', 'order.sent', 'order.confirmed'] as const)(
    'when its execution dies at %s',
    async (name) => {
      wallet = await Wallet.open(1_000n);
      armFaults([{ name, action: 'throw', subject: wallet.address, times: 2 }]);
      const order = await wallet.place({ quantity: base(3n) });
      const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
      expect(filled.stage).toBe('filled');
      expect(faultsHappened()).toBeGreaterThan(0);
      expect(await positionSize(wallet)).toBe(base(3n));
      expect(filled.attempts.filter((attempt) => attempt.outcome === 'landed')).toHaveLength(1);
    },
  );

  it('when the object is evicted while it is under way', async () => {
    wallet = await Wallet.open(1_000n);
    const order = await wallet.place({ quantity: base(2n) });
    await evictDurableObject(wallet.account as never);
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled.stage).toBe('filled');
    expect(await positionSize(wallet)).toBe(base(2n));
  });

  it('when the object is evicted and nobody asks for it: its alarm goes on', async () => {
    wallet = await Wallet.open(1_000n);
    await wallet.place({ quantity: base(2n) });
    await evictDurableObject(wallet.account as never);
    await until('the position is on chain', async () => (await positionSize(wallet)) === base(2n), 20_000);
  });

  it('when two attempts with different blockhashes are sent', async () => {
    wallet = await Wallet.open(1_000n);
    const first = await wallet.place({ quantity: base(1n) });
    await wallet.reached(first.orderId, 'filled');
    const owner = new PublicKey(wallet.address);
    const { instructions, keeper, rpc } = chain();
    const { seq } = (await chain().readTrader(wallet.address)).positions.get('SOL-PERP') ?? expect.fail();
    const trade = instructions.openPosition(
      owner,
      'SOL-PERP',
      { keeper, ownerSigner: null },
      {
        side: 'long',
        size: base(1n),
        leverageE2: 1_000,
        worstPrice: 2n ** 62n,
        orderId: crypto.randomUUID(),
        expectedSeq: seq,
        minPublishTime: Math.floor(Date.now() / 1000) - 5,
      },
    );
    const before = await rpc.getLatestBlockhash();
    const after = await until('another blockhash', async () => {
      const latest = await rpc.getLatestBlockhash();
      return latest.blockhash !== before.blockhash && latest;
    });
    const [one, two] = await Promise.all(
      [before, after].map((blockhash) => chain().sign(owner, [trade], tradeComputeUnitsMax, blockhash)),
    );
    if (one === undefined || two === undefined) return expect.fail();
    expect(one.signature).not.toBe(two.signature);
    await Promise.all([rpc.sendTransaction(one.wire), rpc.sendTransaction(two.wire)]);
    const outcomes = await Promise.all([chain().confirm(one, confirmMsMax), chain().confirm(two, confirmMsMax)]);
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['failed', 'landed']);
    expect(await positionSize(wallet)).toBe(base(2n));
  });

  it('when the request is sent three times with one idempotency key', async () => {
    wallet = await Wallet.open(1_000n);
    const command = wallet.order({ quantity: base(2n) }, 'key-1');
    const [first, twin] = await Promise.all([wallet.account.placeOrder(command), wallet.account.placeOrder(command)]);
    if (!first.ok) return expect.fail(first.error.message);
    expect(twin).toMatchObject({ ok: false, error: { code: 'TRADING_010' } });
    await wallet.reached(first.value.orderId, 'filled');
    const again = await wallet.account.placeOrder(command);
    expect(again).toMatchObject({ ok: true, value: { orderId: first.value.orderId, stage: 'filled' } });
    expect(await wallet.account.placeOrder({ ...command, meta: { ...command.meta, bodyHash: 'b' } })).toMatchObject({
      error: { code: 'TRADING_009' },
    });
    expect(await wallet.account.getCommand('key-1')).toMatchObject({ outcome: 'done', orderId: first.value.orderId });
    expect(await positionSize(wallet)).toBe(base(2n));
  });

  it('when another order takes its command number first: it is planned again', async () => {
    wallet = await Wallet.open(2_000n);
    const orders = await Promise.all([1n, 2n, 3n].map((size) => wallet.place({ quantity: base(size) })));
    await Promise.all(orders.map((order) => wallet.reached(order.orderId, 'filled')));
    expect(await positionSize(wallet)).toBe(base(6n));
  });
});
