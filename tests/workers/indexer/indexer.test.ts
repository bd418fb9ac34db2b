import { Buffer } from 'node:buffer';
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../market/hermes-control.ts';
import { Trader } from './trader.ts';

const indexer = () => env.INDEXER.getByName('main');
const nudgeMsMax = 10_000;

/** An instruction of the memo program: all it does is write to the log. */
const memo = (text: string): TransactionInstruction =>
  new TransactionInstruction({
    programId: new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr'),
    keys: [],
    data: Buffer.from(text),
  });

describe('IndexerObject on the real local chain', () => {
  // Loading the worker takes seconds on a busy machine; no test should pay for it.
  beforeAll(() => indexer().status());

  it('a nudge answers the events of a transaction once its objects have them', async () => {
    const trader = await Trader.open(1_000n);
    const signature = await trader.deposit(25n);
    const events = await indexer().nudge(signature, nudgeMsMax);
    expect(events.map((event) => event.name)).toEqual(['CollateralDeposited']);
    expect(events[0]).toMatchObject({
      signature,
      data: { owner: trader.wallet, amount: 25_000_000n, collateral: 1_025_000_000n },
      streams: { account: { owner: trader.wallet, seq: 3n } },
    });
    const account = await env.ACCOUNTS.getByName(trader.wallet).state();
    expect(account.account?.collateral).toBe(1_025_000_000n);
  });

  it('a trade reaches its market: index, open interest and tape', async () => {
    const trader = await Trader.open(1_000n);
    const market = env.MARKETS.getByName('SOL-PERP');
    await until('the market is known', async () => (await market.snapshot()).market !== null);
    const signature = await trader.trade('SOL-PERP', 'long', 10n * 10n ** 8n, 500);
    const events = await indexer().nudge(signature, nudgeMsMax);
    expect(events.map((event) => event.name)).toEqual(['PositionCreated', 'PositionIncreased']);
    expect(events[1]?.data.orderId).toMatch(/^[0-9a-f]{8}-/);
    // Others' positions come and go: only this one is looked at.
    const indexed = await runInDurableObject(market as never, (_instance: unknown, { storage }: DurableObjectState) =>
      storage.sql.exec('SELECT command_seq FROM open_positions WHERE owner = ?', trader.wallet).toArray(),
    );
    expect(indexed).toEqual([{ command_seq: '1' }]);
    expect((await market.sweep()).nextMarketSeq).toBeGreaterThan(events[1]?.streams.market?.seq ?? 0n);
  });

  it('the database receives every event, and nothing is left behind', async () => {
    const trader = await Trader.open(50n);
    await indexer().nudge(await trader.deposit(1n), nudgeMsMax);
    await until('the backlog is worked off, without holes or errors', async () => {
      const { databaseBacklog, holes, lastError } = await indexer().status();
      return databaseBacklog === 0 && holes.length === 0 && lastError === null;
    });
  });

  it('an event behind 40 instructions that flood the log is indexed all the same', async () => {
    const trader = await Trader.open(20n);
    const { instructions } = trader.chain;
    const flood = Array.from({ length: 40 }, (_, number) => memo(`flood ${number}`));
    const signature = await trader.send([...flood, instructions.deposit(trader.keypair.publicKey, 7n)]);
    const events = await indexer().nudge(signature, nudgeMsMax);
    expect(events).toMatchObject([{ name: 'CollateralDeposited', data: { amount: 7n } }]);
  });

  it('a failed transaction changes nothing and is answered with no events', async () => {
    const trader = await Trader.open(20n);
    const { instructions, rpc } = trader.chain;
    const owner = trader.keypair.publicKey;
    const signed = await trader.sign([instructions.withdraw(owner, 10n ** 12n)]);
    await rpc.sendTransaction(signed.wire);
    await until('it is on chain', async () => (await rpc.getSignatureStatuses([signed.signature]))[0] ?? null);
    expect(await indexer().nudge(signed.signature, nudgeMsMax)).toEqual([]);
  });
});
