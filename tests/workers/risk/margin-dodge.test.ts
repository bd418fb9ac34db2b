import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainOf } from '../../../workers/chain/chain.ts';
import { signTransaction } from '../../../workers/chain/transactions.ts';
import { readSettings } from '../../../workers/env.ts';
import { liquidationIndexLimits } from '../../../workers/market/liquidation-index.ts';
import { sleep } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { attendCandidate } from '../../../workers/risk/candidate.ts';
import type { Wallet } from '../account/wallet.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { longAt20, marketObject, setSolPrice, solPriceIs } from './market-control.ts';

const chain = chainOf(readSettings(env));
/** Several in the time a check takes, so that each check finds another command than its candidate's. */
const pauseMs = 100;
const resyncEvery = 10;
const switched = (off: boolean) =>
  marketObject().setSwitch({ operation: 'liquidate', by: 'operator', reason: 'a test', off });

const onChain = async ({ address }: Wallet) =>
  (await chain.readTrader(address)).positions.get('SOL-PERP') ?? expect.fail();

/** Moves 1e-6 USDC into the margin, as a wallet that never heard of our API. */
async function addMargin({ keypair }: Wallet, expectedSeq: bigint): Promise<void> {
  const owner = keypair.publicKey;
  const input = { amount: 1n, orderId: null, expectedSeq };
  const instruction = chain.instructions.addMargin(owner, 'SOL-PERP', { keeper: null, ownerSigner: owner }, input);
  const signed = signTransaction([instruction], keypair, [], await chain.rpc.getLatestBlockhash());
  await chain.rpc.sendTransaction(signed.wire);
}

/** Adds margin again and again until stopped; answers how often it was sent. */
async function keepAdding(wallet: Wallet, signal: AbortSignal): Promise<number> {
  let sent = 0;
  let seq = (await onChain(wallet)).seq;
  while (!signal.aborted) {
    if (sent % resyncEvery === 0) seq = (await onChain(wallet)).seq;
    await addMargin(wallet, seq).catch(() => undefined);
    sent += 1;
    seq += 1n;
    await sleep(pauseMs);
  }
  return sent;
}

describe('an owner who adds margin at every slot', () => {
  beforeAll(() => solPriceIs(150n));
  afterAll(async () => {
    await switched(false);
    await resetHermes();
  });

  it('is liquidated at a candidate of an older command, by what the position is now', async () => {
    const wallet = await longAt20();
    await switched(true);
    await addMargin(wallet, 1n);
    await until('the margin is there', async () => (await onChain(wallet)).seq === 2n);
    await solPriceIs(142n);
    const price = (await marketObject().snapshot()).price ?? expect.fail();
    const message = {
      ...({
        kind: 'liquidation',
        symbol: 'SOL-PERP',
        owner: wallet.address,
        commandSeq: '1',
        requestId: 'test',
      } as const),
      ...{ price: String(price.price), publishTime: Number(price.publishTime) },
    };
    const outcome = await attendCandidate(chain, chain.oracle, message, true, silentLogger);
    expect(outcome).toMatchObject({ kind: 'done', what: 'liquidated', outcome: { kind: 'landed' } });
    expect((await onChain(wallet)).size).toBe(0n);
    await switched(false);
    await solPriceIs(150n);
  });

  it('is liquidated all the same within seconds, and the pool waits no longer than that', async () => {
    const wallet = await longAt20();
    const stop = new AbortController();
    const adding = keepAdding(wallet, stop.signal);
    try {
      await until('the attack runs', async () => (await onChain(wallet)).seq > 3n);
      const since = Date.now();
      await setSolPrice('142');
      await until('liquidated', async () => (await onChain(wallet)).size === 0n);
      // By its first candidate: had the attack cost that one, the next would have come when its lease was over.
      expect(Date.now() - since).toBeLessThan(liquidationIndexLimits.leaseMs);
    } finally {
      stop.abort();
    }
    await adding;
    await until('nothing is urgent', async () => !(await marketObject().hasUrgent()));
    await solPriceIs(150n);
  });
});
