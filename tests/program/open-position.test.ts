import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();

describe('opening', () => {
  it('takes margin and fee from collateral, and reserves the whole possible profit', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    const opened = eventOf(must(await exchange().open(trader)), 'positionIncreased');
    expect(opened).toMatchObject({
      fillPrice: 100n * USD_PRICE,
      marginAdded: 100n * USDC,
      fee: 500_000n,
      feeSplit: { pool: 300_000n, insurance: 100_000n, treasury: 100_000n },
      collateral: 899_500_000n,
      commandSeq: 1n,
      openedSeq: 1n,
      delegated: true,
    });
    expect(exchange().position(trader).state).toEqual({
      side: { long: {} },
      size: 10n * BASE,
      entryValue: 10n ** 19n,
      margin: 100n * USDC,
      reserve: 1_000n * USDC,
      fundingSum: 0n,
      borrowSum: 0n,
    });
    expect(exchange().account(trader)).toMatchObject({ collateral: 899_500_000n, openPositions: 1 });
  });

  it('fills buys above and sells below the oracle by the spread, and charges the spread to margin', async () => {
    const [long, short] = [await exchange().trader(), await exchange().trader()];
    exchange().nextPrice(exchange().market, { price: 100n * USD_PRICE, conf: USD_PRICE / 10n });
    const bought = eventOf(must(await exchange().open(long)), 'positionIncreased');
    const sold = eventOf(must(await exchange().open(short, { side: 'short' })), 'positionIncreased');
    expect(bought).toMatchObject({ fillPrice: 10_010_000_000n, marginAdded: 101_100_000n, fee: 500_500n });
    expect(sold).toMatchObject({ fillPrice: 9_990_000_000n, marginAdded: 101_000_000n, fee: 499_500n });
  });

  it('works signed by the trader himself, without any delegation', async () => {
    const trader = await exchange().trader();
    must(exchange().send([await build.revokeDelegate(trader.wallet.publicKey)], [trader.wallet]));
    expect((await exchange().open(trader)).error).toBe('DelegateDisabled');
    const sent = must(await exchange().open(trader, { command: { selfSigned: true } }));
    expect(eventOf(sent, 'positionIncreased').delegated).toBe(false);
  });
});

describe('increasing', () => {
  it('adds to entry value, margin and reserve', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    const increased = eventOf(must(await exchange().open(trader, { size: 5n * BASE })), 'positionIncreased');
    expect(increased.before.size).toBe(10n * BASE);
    expect(increased.after).toMatchObject({ size: 15n * BASE, entryValue: 155n * 10n ** 17n, margin: 155n * USDC });
    expect(increased).toMatchObject({ commandSeq: 2n, openedSeq: 1n });
  });

  it('is refused for a position that can win nothing more', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, { price: 201n * USD_PRICE });
    expect((await exchange().open(trader)).error).toBe('Capped');
  });

  it('is refused on the other side', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    expect((await exchange().open(trader, { side: 'short' })).error).toBe('OppositeSide');
  });

  it('is refused for a position under its initial margin', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader, { leverageE2: 2_000 }));
    exchange().nextPrice(exchange().market, 99n * USD_PRICE);
    expect((await exchange().open(trader, { leverageE2: 100 })).error).toBe('MarginTooLow');
  });
});

describe('limits of an opening', () => {
  it.each([
    ['a size of nothing', { size: 0n }, 'ZeroAmount'],
    ['no leverage', { leverageE2: 0 }, 'LeverageOutOfBounds'],
    ['leverage above the market’s', { leverageE2: 2_001 }, 'LeverageOutOfBounds'],
    ['a position below the minimum notional', { size: BASE / 10n - 1n }, 'BelowMinNotional'],
    ['open interest above the limit', { size: 1_000_000n * BASE + 1n }, 'OpenInterestExceeded'],
    ['a reserve above 80 % of the backing', { size: 2_401n * BASE, leverageE2: 2_000 }, 'UtilisationExceeded'],
    ['a worst price below the fill', { worstPrice: 100n * USD_PRICE - 1n }, 'SlippageExceeded'],
    ['a short’s worst price above the fill', { side: 'short', worstPrice: 100n * USD_PRICE + 1n }, 'SlippageExceeded'],
  ] as const)('refuses %s', async (_what, options, error) => {
    const trader = await exchange().trader();
    expect((await exchange().open(trader, options)).error).toBe(error);
  });

  it('accepts the worst price exactly, and the minimum notional exactly', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader, { worstPrice: 100n * USD_PRICE, size: BASE / 10n }));
  });

  it('counts the whole side against the open-interest limit', async () => {
    const market = await exchange().addMarket({ maxShortOi: bn(15n * BASE), weightBps: 2_000 });
    exchange().price(market, USD_PRICE * 100n);
    must(await exchange().settle(market));
    const [first, second] = [await exchange().trader(), await exchange().trader()];
    must(await exchange().open(first, { side: 'short' }, market));
    expect((await exchange().open(second, { side: 'short' }, market)).error).toBe('OpenInterestExceeded');
    must(await exchange().open(second, { side: 'short', size: 5n * BASE }, market));
  });

  it('refuses a notional beyond the range of the mathematics', async () => {
    const market = await exchange().addMarket({ maxLongOi: bn(10n ** 18n), weightBps: 0 });
    exchange().price(market, 100n * USD_PRICE);
    const trader = await exchange().trader();
    const size = 1_000_000_001n * BASE;
    expect((await exchange().open(trader, { size }, market)).error).toBe('NotionalTooLarge');
  });

  it('refuses a fill at or below zero', async () => {
    const wide = { maxConfidenceBps: 5_000 };
    const market = await exchange().addMarket({ kBps: 19_999, weightBps: 0 }, wide);
    exchange().price(market, { price: 2n, conf: 1n });
    const trader = await exchange().trader();
    expect((await exchange().open(trader, { side: 'short' }, market)).error).toBe('InvalidFillPrice');
  });

  it('takes margin, fee and spread from collateral or not at all', async () => {
    const trader = await exchange().trader(100_499_999n);
    expect((await exchange().open(trader)).error).toBe('InsufficientCollateral');
    const other = await exchange().trader(100_500_000n);
    must(await exchange().open(other));
    expect(exchange().account(other).collateral).toBe(0n);
  });
});

describe('states of the market', () => {
  it.each([
    ['reduce-only', { reduceOnly: {} }, 'MarketReduceOnly'],
    ['halted', { halted: {} }, 'MarketHalted'],
  ] as const)('no opening while %s, closing all the same', async (_what, status, error) => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = status as typeof market.status;
    });
    expect((await exchange().open(trader)).error).toBe(error);
    must(await exchange().close(trader));
  });

  it('no opening while paused, closing all the same', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const pause = (bits: number) =>
      exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
        state.pausedOperations = bits;
      });
    await pause(1);
    expect((await exchange().open(trader)).error).toBe('Paused');
    await pause(16);
    expect((await exchange().open(trader)).error).toBe('Paused');
    must(await exchange().open(trader, { command: { selfSigned: true } }));
    await pause(1);
    must(await exchange().close(trader));
  });
});
