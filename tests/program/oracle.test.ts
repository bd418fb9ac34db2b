import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import type { PriceUpdate } from '#shared/perps/price-update.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { RECEIVER, priceUpdateBytes } from '#support/program/prices.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest({ liquidity: 0n });
const hundred = 100n * USD_PRICE;

async function refresh(market = exchange().market, account = market.priceAccount) {
  return exchange().send([await build.refreshMarket(market.key, account)], []);
}

describe('refresh_market', () => {
  it('accepts a price and stores it', async () => {
    exchange().price(exchange().market, { price: hundred, conf: 7n, ema: hundred + 1n });
    const refreshed = eventOf(must(await refresh()), 'marketRefreshed');
    const now = exchange().chain.now;
    const expected = { publishTime: now, prevPublishTime: now - 1n, price: hundred, conf: 7n, ema: hundred + 1n };
    expect(refreshed.oracle).toMatchObject(expected);
    expect(exchange().marketState()).toMatchObject({ price: expected, refreshedAt: now, accruedAt: now });
  });
});

describe('normalisation to 1e-8', () => {
  it.each([
    [
      'price and average down, confidence up',
      { exponent: -10, price: 10_099n, emaPrice: 10_199n, conf: 1n },
      [100n, 101n, 1n],
    ],
    ['a coarse exponent up', { exponent: 0, price: 3n, emaPrice: 2n, conf: 0n }, [300_000_000n, 200_000_000n, 0n]],
    ['the finest exponent', { exponent: -18, price: 10n ** 12n, emaPrice: 10n ** 12n, conf: 1n }, [100n, 100n, 1n]],
  ] as const)('%s', async (_what, changes, [price, ema, conf]) => {
    exchange().price(exchange().market, hundred, changes);
    must(await refresh());
    expect(exchange().marketState().price).toMatchObject({ price, ema, conf });
  });
});

describe('what is refused', () => {
  const now = () => exchange().chain.now;
  const cases: [string, () => Partial<PriceUpdate>, string | null][] = [
    ['another feed', () => ({ feedId: '9'.repeat(64) }), 'OracleWrongFeed'],
    ['too few signatures', () => ({ verification: { kind: 'partial', signatures: 4 } }), 'OracleUnverified'],
    ['enough signatures not', () => ({ verification: { kind: 'partial', signatures: 5 } }), null],
    ['an exponent above 0', () => ({ exponent: 1 }), 'OracleExponent'],
    ['an exponent below −18', () => ({ exponent: -19 }), 'OracleExponent'],
    ['a negative price', () => ({ price: -1n }), 'OraclePriceOutOfRange'],
    ['a price of zero', () => ({ price: 0n }), 'OraclePriceOutOfRange'],
    ['an average of zero', () => ({ emaPrice: 0n }), 'OraclePriceOutOfRange'],
    [
      'a price that is zero at 1e-8',
      () => ({ exponent: -18, price: 1n, emaPrice: 10n ** 12n }),
      'OraclePriceOutOfRange',
    ],
    ['a price beyond u64', () => ({ exponent: 0, price: 2n ** 40n, emaPrice: 1n }), 'OraclePriceOutOfRange'],
    [
      'a confidence beyond u64',
      () => ({ exponent: 0, price: 1n, emaPrice: 1n, conf: 2n ** 40n }),
      'OraclePriceOutOfRange',
    ],
    ['61 seconds of age', () => ({ publishTime: now() - 61n }), 'OracleStale'],
    ['60 seconds of age not', () => ({ publishTime: now() - 60n }), null],
    ['6 seconds ahead', () => ({ publishTime: now() + 6n }), 'OracleFuture'],
    ['5 seconds ahead not', () => ({ publishTime: now() + 5n }), null],
    ['confidence above 5 %', () => ({ conf: hundred / 20n + 1n }), 'OracleUncertain'],
    ['confidence of 5 % not', () => ({ conf: hundred / 20n }), null],
  ];
  it.each(cases)('%s', async (_what, changes, error) => {
    exchange().price(exchange().market, hundred, changes());
    expect((await refresh()).error).toBe(error);
  });

  it('another account, or the right one under another program', async () => {
    const { market, chain } = exchange();
    const bytes = priceUpdateBytes(market.feedId, { price: hundred, publishTime: chain.now });
    const copy = chain.wallet().publicKey;
    chain.setData(copy, RECEIVER, bytes);
    expect((await refresh(market, copy)).error).toBe('OracleWrongAccount');
    chain.setData(market.priceAccount, new PublicKey('11111111111111111111111111111111'), bytes);
    expect((await refresh()).error).toBe('OracleWrongAccount');
  });

  it.each([
    ['another discriminator', (bytes: Uint8Array) => bytes.fill(0, 0, 8)],
    ['an unknown verification level', (bytes: Uint8Array) => bytes.fill(2, 40, 41)],
    ['too few bytes', (bytes: Uint8Array) => bytes.subarray(0, 132)],
  ])('%s', async (_what, change) => {
    const { market, chain } = exchange();
    const bytes = priceUpdateBytes(market.feedId, { price: hundred, publishTime: chain.now });
    chain.setData(market.priceAccount, RECEIVER, change(bytes));
    expect((await refresh()).error).toBe('OracleMalformed');
  });

  it('a price older than one already accepted', async () => {
    must(await refresh());
    exchange().price(exchange().market, { price: hundred }, { publishTime: now() - 1n });
    expect((await refresh()).error).toBe('OracleOutOfOrder');
  });
});

describe('one price per market and second', () => {
  it('an equal publish_time keeps the stored values, whatever the account says now', async () => {
    must(await refresh());
    exchange().price(exchange().market, 55n * USD_PRICE);
    must(await refresh());
    expect(exchange().marketState().price.price).toBe(hundred);
  });

  it('and is tested for age again', async () => {
    must(await refresh());
    exchange().chain.advance(61n);
    expect((await refresh()).error).toBe('OracleStale');
  });
});

describe('what a trade demands of the price', () => {
  it('no smaller publish_time than the order allows', async () => {
    await exchange().provide(1_000_000n * 1_000_000n);
    const trader = await exchange().trader();
    const later = { minPublishTime: exchange().chain.now + 1n };
    expect((await exchange().open(trader, { command: later })).error).toBe('PriceTooEarly');
    exchange().nextPrice(exchange().market, hundred);
    must(await exchange().open(trader, { command: later }));
    const evenLater = { minPublishTime: exchange().chain.now + 1n };
    expect((await exchange().close(trader, { command: evenLater })).error).toBe('PriceTooEarly');
  });

  it('no distance from the average where risk is added; closing and liquidation go on', async () => {
    await exchange().provide(1_000_000n * 1_000_000n);
    const [closing, liquidated] = [await exchange().trader(), await exchange().trader()];
    must(await exchange().open(closing, { size: BASE }));
    must(await exchange().open(liquidated, { leverageE2: 2_000 }));
    exchange().nextPrice(exchange().market, { price: 97n * USD_PRICE, ema: 120n * USD_PRICE });
    expect((await exchange().open(closing)).error).toBe('OracleDivergent');
    must(await exchange().close(closing));
    must(await exchange().liquidate(liquidated));
  });

  it('accepts exactly the allowed distance', async () => {
    await exchange().provide(1_000_000n * 1_000_000n);
    const trader = await exchange().trader();
    exchange().nextPrice(exchange().market, { price: 110n * USD_PRICE, ema: hundred });
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, { price: 110n * USD_PRICE + 1n, ema: hundred });
    expect((await exchange().open(trader)).error).toBe('OracleDivergent');
  });
});
