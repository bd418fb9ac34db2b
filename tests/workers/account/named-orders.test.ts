import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderRecord } from '../../../workers/account/contract.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { signTransaction } from '../../../workers/chain/transactions.ts';
import { readSettings } from '../../../workers/env.ts';
import { armFaults, faultsHappened } from '../../../workers/platform/failpoint-faults.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

const chain = chainOf(readSettings(env));

const confirmMsMax = 30_000;

const onChain = async ({ address }: Wallet) =>
  (await chain.readTrader(address)).positions.get('SOL-PERP') ?? expect.fail('no position');

/** Adds 1e-6 USDC of margin under an order's id, signed and paid for by the trader and sent past the exchange. */
async function addMarginNaming(wallet: Wallet, orderId: string): Promise<string> {
  const { keypair } = wallet;
  const owner = keypair.publicKey;
  const { seq: expectedSeq } = await onChain(wallet);
  const input = { amount: 1n, orderId, expectedSeq };
  const instruction = chain.instructions.addMargin(owner, 'SOL-PERP', { keeper: null, ownerSigner: owner }, input);
  const signed = signTransaction([instruction], keypair, [], await chain.rpc.getLatestBlockhash());
  await chain.rpc.sendTransaction(signed.wire);
  const confirmation = await chain.confirm(signed, confirmMsMax);
  expect(confirmation.kind).toBe('landed');
  return signed.signature;
}

/** Until the account knows the position as it is on chain. */
const untilTold = (wallet: Wallet): Promise<unknown> =>
  until('the account knows of it', async () => {
    const { seq } = await onChain(wallet);
    const held = (await wallet.account.state()).positions.find(({ symbol }) => symbol === 'SOL-PERP');
    return held?.position.seq === seq;
  });

const ordersOf = async (wallet: Wallet): Promise<readonly OrderRecord[]> =>
  (await wallet.account.listOrders({ status: null, symbol: null, limit: 200, cursor: null })).orders;

describe('an order whose id its trader writes into an instruction of his own', () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(() => armFaults([]));
  afterAll(resetHermes);

  it('is not filled by it, whether it trades or changes margin, nor are its siblings withdrawn', async () => {
    const entry = await wallet.place({ quantity: base(2n), takeProfit: e8(160n), stopLoss: e8(130n) });
    await wallet.reached(entry.orderId, 'filled');
    const limit = await wallet.place({ orderType: 'limit', price: e8(140n), quantity: base(1n) });
    const waiting = (await ordersOf(wallet)).filter(({ status }) => status === 'pending');
    expect(waiting.map(({ exitKind }) => String(exitKind)).toSorted()).toEqual(['null', 'stop_loss', 'take_profit']);
    for (const { orderId } of waiting) {
      await addMarginNaming(wallet, orderId);
      await untilTold(wallet);
    }
    for (const { orderId } of waiting) {
      const nothing = { stage: 'resting', filledQuantity: 0n, transactionHash: null, error: null };
      expect(await wallet.account.getOrder(orderId)).toMatchObject(nothing);
    }
    await setPrice('139');
    const outcome = await wallet.reached(limit.orderId, 'filled', 'rejected', 'cancelled');
    expect([outcome.stage, outcome.filledQuantity]).toEqual(['filled', base(1n)]);
  });

  it('that is to add margin is not done by it: the trader adds both', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    // It is held until the trader's own addition is there.
    armFaults([{ name: 'order.signed', action: 'throw', subject: wallet.address, times: 1_000 }]);
    const [held] = (await wallet.account.state()).positions;
    const { meta, userId } = wallet.order();
    const positionId = held?.positionId ?? '';
    const asked = await wallet.account.changeMargin({ meta, userId, positionId, amount: 50_000_000n });
    const order = asked.ok ? asked.value : expect.fail(JSON.stringify(asked.error));
    await until('it is under way', async () => faultsHappened() > 0);
    const own = await addMarginNaming(wallet, order.orderId);
    armFaults([]);
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled).toMatchObject({ stage: 'filled', filledQuantity: 50_000_000n });
    expect(filled.transactionHash).not.toBe(own);
    expect((await onChain(wallet)).margin).toBe((held?.position.margin ?? 0n) + 50_000_001n);
  });

  it('while an attempt of it is under way, is planned again: its own execution counts, once', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    // Its first attempt is stored and not sent, so that the trader takes its command number.
    armFaults([{ name: 'order.stored', action: 'throw', subject: wallet.address, times: 1 }]);
    const order = await wallet.place({ quantity: base(1n) });
    await until('its attempt is stored', async () => faultsHappened() === 1);
    // And none follows before he did.
    armFaults([{ name: 'order.priced', action: 'throw', subject: wallet.address, times: 1_000 }]);
    const own = await addMarginNaming(wallet, order.orderId);
    armFaults([]);
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled).toMatchObject({ stage: 'filled', filledQuantity: base(1n), error: null });
    expect(filled.transactionHash).not.toBe(own);
    expect(filled.attempts.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['failed', 'StaleCommand'],
      ['landed', null],
    ]);
    expect((await onChain(wallet)).size).toBe(base(3n));
  });
});
