import { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { type Sent, eventOf } from '#support/program/chain.ts';
import type { ProgramEvent } from '#support/program/events.ts';
import { BASE, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const memoProgram = new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr');
const order = { side: 'long', size: 10n * BASE, leverageE2: 1_000, worstPrice: 2n ** 60n } as const;

describe('exactly once', () => {
  it('two attempts of one order with different blockhashes: one lands', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const orderId = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const attempt = await build.openPosition(exchange().command(trader, undefined, { orderId }), order);
    const first = must(exchange().send([attempt], [exchange().keeper]));
    const second = exchange().send([attempt], [exchange().keeper]);
    expect(second.error).toBe('StaleCommand');
    expect(eventOf(first, 'positionIncreased').orderId).toEqual(Array.from(orderId));
    expect(exchange().position(trader)).toMatchObject({ seq: 2n, lastOrderId: Array.from(orderId) });
    expect(exchange().position(trader).state.size).toBe(20n * BASE);
  });

  it('two attempts of a first order, each creating the position: one lands', async () => {
    const trader = await exchange().trader();
    const owner = trader.wallet.publicKey;
    const create = await build.createPosition(owner, exchange().market.key, exchange().chain.feePayer.publicKey);
    const open = await build.openPosition(exchange().command(trader), order);
    must(exchange().send([create, open], [exchange().keeper]));
    expect(exchange().send([create, open], [exchange().keeper]).error).not.toBeNull();
    expect(exchange().send([open], [exchange().keeper]).error).toBe('StaleCommand');
    expect(exchange().position(trader).state.size).toBe(10n * BASE);
  });

  it('a failed attempt uses nothing up', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const before = exchange().account(trader);
    expect((await exchange().open(trader, { worstPrice: 1n })).error).toBe('SlippageExceeded');
    expect(exchange().account(trader)).toEqual(before);
    expect(exchange().position(trader).seq).toBe(1n);
  });

  it('what one trader does leaves the account and position of another as they were', async () => {
    const [quiet, busy] = [await exchange().trader(), await exchange().trader()];
    must(await exchange().open(quiet));
    const before = [exchange().account(quiet), exchange().position(quiet)];
    must(await exchange().open(busy, { side: 'short', size: 50n * BASE, leverageE2: 2_000 }));
    exchange().nextPrice(exchange().market, 101n * USD_PRICE);
    must(await exchange().close(busy, { size: 20n * BASE }));
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    must(await exchange().liquidate(busy));
    expect([exchange().account(quiet), exchange().position(quiet)]).toEqual(before);
  });
});

describe('events', () => {
  it('are read behind forty instructions that flood the logs', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const noise = Array.from(
      { length: 40 },
      (_, i) => new TransactionInstruction({ programId: memoProgram, keys: [], data: Buffer.from(`flood ${i}`) }),
    );
    const open = await build.openPosition(exchange().command(trader), order);
    const sent = must(exchange().send([...noise, open], [exchange().keeper]));
    expect(
      sent.logs.some((line) => line.includes('Instruction: OpenPosition')),
      'the logs are flooded',
    ).toBe(false);
    expect(eventOf(sent, 'positionIncreased').after.size).toBe(20n * BASE);
  });

  it('cannot be forged by calling the event instruction from outside', async () => {
    const stranger = exchange().chain.wallet();
    const trader = await exchange().trader();
    const genuine = await build.openUserAccount(stranger.publicKey, stranger.publicKey);
    const forged = new TransactionInstruction({
      programId: genuine.programId,
      keys: [{ pubkey: addresses.eventAuthority, isSigner: false, isWritable: false }],
      data: Buffer.concat([Buffer.from('e445a52e51cb9a1d', 'hex'), Buffer.alloc(64)]),
    });
    expect(exchange().send([forged], []).error).not.toBeNull();
    expect(exchange().account(trader).seq).toBeGreaterThan(0n);
  });

  it('number every stream without a hole', async () => {
    const seen = new Map<string, bigint[]>();
    const note = (stream: string, seq: bigint | undefined) => {
      if (seq !== undefined && seq > 0n) seen.set(stream, [...(seen.get(stream) ?? []), seq]);
    };
    const record = (sent: Sent) => must(sent).events.forEach((event) => noteStreams(event, note));
    const [trader, liquidator] = [await exchange().trader(), await exchange().trader(0n)];
    const provider = exchange().holder();
    const start = snapshot();
    record(await exchange().open(trader, { leverageE2: 2_000, size: 20n * BASE }));
    record(await exchange().close(trader, { size: 5n * BASE }));
    const command = { ...exchange().command(trader), keeper: null, selfSigned: true };
    record(exchange().send([await build.addMargin(command, USDC)], [trader.wallet]));
    exchange().nextPrice(exchange().market, 101n * USD_PRICE);
    record(exchange().send([await build.removeMargin(exchange().command(trader), 1n)], [exchange().keeper]));
    record(await exchange().settle(exchange().market));
    const mint = await build.requestMint(provider.wallet.publicKey, provider.tokens, 50n * USDC);
    record(exchange().send([mint], [provider.wallet]));
    record(await exchange().executePoolRequest(provider));
    exchange().nextPrice(exchange().market, 95n * USD_PRICE);
    record(await exchange().liquidate(trader, { liquidator: liquidator.wallet.publicKey }));
    record(await exchange().open(trader, { side: 'short' }));
    record(await exchange().settle(exchange().market));
    const end = snapshot();
    for (const [stream, numbers] of seen) {
      const from = start.get(stream) ?? 0n;
      expect(numbers, stream).toEqual(numbers.map((_, i) => from + BigInt(i) + 1n));
      if (end.has(stream)) expect(numbers.at(-1), stream).toBe(end.get(stream));
    }
    expect([...seen.keys()].map((key) => key.split(' ')[0])).toEqual(
      expect.arrayContaining(['market', 'account', 'position', 'pool', 'insurance', 'treasury', 'lp']),
    );
  });
});

/** Every stream's newest number, by the account that counts it. */
function snapshot(): Map<string, bigint> {
  const { chain } = exchange();
  return new Map([
    ...chain.all('market').map(({ content }) => [`market ${content.index}`, content.eventSeq] as const),
    ...chain.all('userAccount').map(({ content }) => [`account ${content.owner}`, content.seq] as const),
    ...chain.all('position').map(({ content }) => [`position ${content.owner}`, content.eventSeq] as const),
    ['pool', chain.fetch('pool', addresses.pool).eventSeq] as const,
    ['insurance', chain.fetch('insurance', addresses.insurance).eventSeq] as const,
    ['treasury', chain.fetch('treasury', addresses.treasury).eventSeq] as const,
  ]);
}

function noteStreams(event: ProgramEvent, note: (stream: string, seq: bigint | undefined) => void): void {
  const data = event.data as unknown as {
    owner?: string;
    marketIndex?: number;
    insurance?: { insuranceSeq: bigint } | null;
  } & Record<string, bigint | undefined>;
  note(`market ${data.marketIndex}`, data['marketSeq']);
  note(`account ${data.owner}`, data['accountSeq']);
  note(`position ${data.owner}`, data['positionSeq']);
  note(`lp ${data.owner}`, data['lpSeq']);
  note('pool', data['poolSeq']);
  note('treasury', data['treasurySeq']);
  note('insurance', data['insuranceSeq'] ?? data.insurance?.insuranceSeq);
}
