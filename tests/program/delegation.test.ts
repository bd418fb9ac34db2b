import { describe, expect, it } from 'vitest';
import { Random } from '../parity/random.ts';
import { addresses } from '#support/program/addresses.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const hour = 3_600n;

async function limit(trader: Trader, limits: { turnoverCap?: bigint; maxSlippageBps?: number; lifetime?: bigint }) {
  const args = {
    expiresAt: exchange().chain.now + (limits.lifetime ?? 1_000n * hour),
    turnoverCap: limits.turnoverCap ?? 10n ** 15n,
    maxSlippageBps: limits.maxSlippageBps ?? 100,
  };
  must(exchange().send([await build.setDelegate(trader.wallet.publicKey, args)], [trader.wallet]));
}

describe('a delegation', () => {
  it('ends with its expiry, to the second', async () => {
    const trader = await exchange().trader();
    await limit(trader, { lifetime: 10n });
    exchange().chain.advance(9n);
    exchange().price(exchange().market, 100n * USD_PRICE);
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, 100n * USD_PRICE);
    expect((await exchange().open(trader)).error).toBe('DelegateExpired');
    expect((await exchange().close(trader)).error).toBe('DelegateExpired');
  });

  it('opens no more than its turnover in any 24 hours, wherever they start', async () => {
    const cap = 1_500n * USDC;
    const trader = await exchange().trader();
    await limit(trader, { turnoverCap: cap });
    const random = new Random(24);
    const opened: { at: bigint; notional: bigint }[] = [];
    let refused = 0;
    for (let attempt = 0; attempt < 150; attempt += 1) {
      exchange().chain.advance(random.big(1n, 5n * hour));
      exchange().price(exchange().market, 100n * USD_PRICE);
      const units = random.big(1n, 8n);
      const sent = await exchange().open(trader, { size: units * BASE });
      if (sent.error === null) {
        opened.push({ at: exchange().chain.now, notional: units * 100n * USDC });
        must(await exchange().close(trader));
      } else {
        expect(sent.error).toBe('DelegateTurnoverExceeded');
        refused += 1;
      }
    }
    for (const { at } of opened) {
      const within = opened.filter((other) => other.at >= at && other.at < at + 24n * hour);
      expect(within.reduce((sum, { notional }) => sum + notional, 0n)).toBeLessThanOrEqual(cap);
    }
    expect(opened.length).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(10);
  });

  it('counts an opening for 24 to 30 hours, and reductions not at all', async () => {
    const trader = await exchange().trader();
    await limit(trader, { turnoverCap: 1_500n * USDC });
    must(await exchange().open(trader));
    must(await exchange().close(trader));
    expect((await exchange().open(trader, { size: 5n * BASE + 1n })).error).toBe('DelegateTurnoverExceeded');
    must(await exchange().open(trader, { size: 5n * BASE }));
    exchange().chain.advance(24n * hour - 1n);
    exchange().price(exchange().market, 100n * USD_PRICE);
    expect((await exchange().open(trader)).error).toBe('DelegateTurnoverExceeded');
    exchange().chain.advance(6n * hour + 1n);
    exchange().price(exchange().market, 100n * USD_PRICE);
    must(await exchange().open(trader));
    const account = exchange().account(trader);
    expect(account.delegate.turnoverUsed).toBe(1_000n * USDC);
    expect(account.turnoverEarlier).toEqual([0n, 0n, 0n, 0n]);
  });

  it('executes no further from the oracle than it allows, in either direction', async () => {
    const trader = await exchange().trader();
    await limit(trader, { maxSlippageBps: 100 });
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, { price: 100n * USD_PRICE, conf: USD_PRICE + 1n });
    expect((await exchange().open(trader)).error).toBe('DelegateSlippageExceeded');
    expect((await exchange().close(trader)).error).toBe('DelegateSlippageExceeded');
    must(await exchange().close(trader, { command: { selfSigned: true } }));
    exchange().nextPrice(exchange().market, { price: 100n * USD_PRICE, conf: USD_PRICE });
    must(await exchange().open(trader));
    must(await exchange().close(trader));
  });
});

describe('who may trade', () => {
  it('nobody without the keeper role, not even the owner alone', async () => {
    const trader = await exchange().trader();
    const owner = trader.wallet.publicKey;
    must(exchange().send([await build.createPosition(owner, exchange().market.key, owner)], [trader.wallet]));
    const command = exchange().command(trader, undefined, { keeper: owner, selfSigned: true });
    const order = { side: 'long', size: BASE, leverageE2: 100, worstPrice: 2n ** 60n } as const;
    const open = await build.openPosition(command, order);
    expect(exchange().send([open], [trader.wallet]).error).toBe('NotKeeper');
  });

  it('no keeper before its time lock has passed, none after its removal', async () => {
    const trader = await exchange().trader();
    const key = exchange().keeper.publicKey;
    const keeperFrom = (activeFrom: bigint, present = key) =>
      exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
        const [first] = state.keepers;
        if (first === undefined) throw new Error('no keeper');
        first.key = present;
        first.activeFrom = bn(activeFrom);
      });
    await keeperFrom(exchange().chain.now + 1n);
    expect((await exchange().open(trader)).error).toBe('NotKeeper');
    await keeperFrom(exchange().chain.now);
    must(await exchange().open(trader));
    await keeperFrom(0n, exchange().admin.publicKey);
    expect((await exchange().close(trader)).error).toBe('NotKeeper');
  });

  it('no stranger who signs as the owner', async () => {
    const [trader, stranger] = [await exchange().trader(), await exchange().trader()];
    must(await exchange().open(trader));
    const command = exchange().command(trader, undefined, { selfSigned: true });
    const close = await build.closePosition(command, { size: build.ALL, worstPrice: 1n });
    for (const meta of close.keys) {
      if (meta.pubkey.equals(trader.wallet.publicKey)) meta.pubkey = stranger.wallet.publicKey;
    }
    expect(exchange().send([close], [exchange().keeper, stranger.wallet]).error).toBe('NotOwner');
  });

  it('no trade whose accounts do not belong together', async () => {
    const [trader, other] = [await exchange().trader(), await exchange().trader()];
    const market = await exchange().addMarket({ weightBps: 0 });
    exchange().price(market, 100n * USD_PRICE);
    must(await exchange().open(trader));
    const command = exchange().command(trader);
    const swapped = async (from: { toBase58(): string }, to: typeof market.key) => {
      const close = await build.closePosition(command, { size: build.ALL, worstPrice: 1n });
      for (const meta of close.keys) if (meta.pubkey.toBase58() === from.toBase58()) meta.pubkey = to;
      return exchange().send([close], [exchange().keeper]).error;
    };
    const { wallet } = trader;
    expect(await swapped(addresses.user(wallet.publicKey), addresses.user(other.wallet.publicKey))).toBe('NotOwner');
    expect(await swapped(exchange().market.key, market.key)).toBe('WrongMarket');
    expect(await swapped(exchange().market.priceAccount, market.priceAccount)).toBe('OracleWrongAccount');
    const position = addresses.position(wallet.publicKey, exchange().market.key);
    expect(await swapped(position, addresses.user(wallet.publicKey))).toMatch(/^Anchor /);
    expect(await swapped(addresses.exchange, exchange().market.key)).toMatch(/^Anchor /);
  });
});
