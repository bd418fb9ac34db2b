import { ComputeBudgetProgram, Transaction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { price, size as toSize } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { flip } from '#shared/perps/position.ts';
import { addresses } from '#support/program/addresses.ts';
import { type Sent, eventOf } from '#support/program/chain.ts';
import {
  BASE,
  type MarketConfig,
  TestExchange,
  type TradeOptions,
  type Trader,
  USDC,
  USD_PRICE,
  must,
} from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { heldOf, marketOf, oracleAt, tradeStateOf } from '#support/program/mirror.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

/** Impact, funding and borrow are on, and the spread is that of the confidence. */
const features: Partial<MarketConfig> = {
  skewScale: bn(2_000n * BASE),
  maxLongOi: bn(2_000n * BASE),
  maxShortOi: bn(1_000n * BASE),
  fundingSkewScale: bn(100n * BASE),
  maxFundingRate: bn(1_000_000n),
  borrowBase: bn(10_000n),
  borrowSlope: bn(1_000_000n),
};
const exchange = exchangePerTest({ config: features });
const transactionBytesMax = 1_232;
const tradeUnitsMax = 120_000;

/** Everything a trade of this trader could change, as it stands. */
const stateOf = (trader: Trader, on: TestExchange = exchange()) =>
  [on.market.key, addresses.user(trader.wallet.publicKey), addresses.insurance]
    .concat(addresses.position(trader.wallet.publicKey, on.market.key))
    .map((key) => Buffer.from(on.chain.data(key) ?? []).toString('hex'));

/** Long 10 units at 100 USD with 10× leverage. */
async function longTrader(on: TestExchange = exchange(), deposit = 10_000n * USDC): Promise<Trader> {
  const trader = await on.trader(deposit);
  must(await on.trade(trader));
  return trader;
}

const setMarket = (change: (market: { status: unknown }) => void) =>
  exchange().chain.rewrite('market', exchange().market.key, change as never);

describe('a trade', () => {
  it('opens from flat and increases as open_position, reduces and closes as close_position', async () => {
    const twin = await TestExchange.create({ config: features });
    const [own, other] = [await exchange().trader(), await twin.trader()];
    const both = async (net: TradeOptions, separate: (on: TestExchange, trader: Trader) => Promise<Sent>) => {
      for (const on of [exchange(), twin]) on.nextPrice(on.market, { price: 10_123_456_789n, conf: 1_234_567n });
      const [first, second] = [must(await exchange().trade(own, net)), must(await separate(twin, other))];
      expect(first.events.map(({ name }) => name)).toEqual(second.events.map(({ name }) => name));
      expect(heldOf(exchange().position(own).state)).toEqual(heldOf(twin.position(other).state));
      expect(exchange().account(own).collateral).toBe(twin.account(other).collateral);
      expect(marketOf(exchange().marketState())).toEqual(marketOf(twin.marketState()));
    };
    await both({ side: 'short' }, (on, trader) => on.open(trader, { side: 'short' }));
    await both({ side: 'short', size: 3n * BASE + 1n, leverageE2: 777 }, (on, trader) =>
      on.open(trader, { side: 'short', size: 3n * BASE + 1n, leverageE2: 777 }),
    );
    await both({ side: 'long', size: 5n * BASE + 7n }, (on, trader) => on.close(trader, { size: 5n * BASE + 7n }));
    const rest = exchange().position(own).state.size;
    await both({ side: 'long', size: rest }, (on, trader) => on.close(trader));
    expect(exchange().position(own).state.size).toBe(0n);
  });

  it('refuses a size of zero on either side', async () => {
    const trader = await longTrader();
    expect((await exchange().trade(trader, { size: 0n })).error).toBe('ZeroAmount');
    expect((await exchange().trade(trader, { side: 'short', size: 0n })).error).toBe('ZeroAmount');
  });
});

describe('a flip', () => {
  it('is exactly a close and an opening at one price, and one command', async () => {
    const twin = await TestExchange.create({ config: features });
    const [own, other] = [await longTrader(), await longTrader(twin)];
    for (const on of [exchange(), twin]) on.nextPrice(on.market, { price: 10_987_654_321n, conf: 7_654_321n });
    const command = { selfSigned: true };
    const order = { side: 'short', leverageE2: 1_234, command } as const;
    const flipped = must(await exchange().trade(own, { ...order, size: 10n * BASE + 1_234_567_891n }));
    const closed = must(await twin.close(other, { command }));
    const opened = must(await twin.open(other, { ...order, size: 1_234_567_891n }));
    expect(exchange().account(own).collateral).toBe(twin.account(other).collateral);
    expect(heldOf(exchange().position(own).state)).toEqual(heldOf(twin.position(other).state));
    expect(exchange().marketState()).toEqual({ ...twin.marketState(), oracle: exchange().marketState().oracle });
    const [reduced, increased] = [eventOf(flipped, 'positionReduced'), eventOf(flipped, 'positionIncreased')];
    const moved = ['fillPrice', 'fee', 'feeSplit', 'impact', 'before', 'after', 'collateral', 'marketAfter'] as const;
    for (const name of moved) {
      expect(reduced[name], name).toEqual(eventOf(closed, 'positionReduced')[name]);
      expect(increased[name], name).toEqual(eventOf(opened, 'positionIncreased')[name]);
    }
    expect(exchange().position(own).seq).toBe(2n);
    expect(twin.position(other).seq).toBe(3n);
  });

  it('does what the mathematics predicts: two fees, two impacts, funding and borrow of the close', async () => {
    const trader = await longTrader();
    must(await exchange().trade(await exchange().trader(), { side: 'short', size: 30n * BASE }));
    exchange().chain.advance(1_800n);
    exchange().price(exchange().market, { price: 11_000_000_000n, conf: 10_000_000n });
    const state = tradeStateOf(exchange(), trader);
    const accrued = accrue(state.market, price(11_000_000_000n), exchange().chain.now);
    const request = { side: 'short', size: toSize(7n * BASE), leverageE2: 500n, worstPrice: price(1n) } as const;
    const oracle = oracleAt(exchange(), 11_000_000_000n, 10_000_000n);
    const predicted = flip({ ...state, market: accrued }, oracle, request);
    const order = { side: 'short', size: 17n * BASE, leverageE2: 500 } as const;
    const sent = must(await exchange().trade(trader, order));
    const { closed, opened } = predicted;
    expect(eventOf(sent, 'positionReduced')).toMatchObject({
      ...{ fillPrice: 10_990_000_000n, realizedPnl: 99n * USDC, reason: { order: {} } },
      ...{ fee: closed.fee, impact: closed.impact, funding: closed.funding, borrow: closed.borrow },
    });
    expect(closed.funding).toBeLessThan(0n);
    expect(closed.borrow).toBeGreaterThan(0n);
    expect(closed.impact).toBeGreaterThan(0n);
    expect(opened.impact).toBeGreaterThan(0n);
    expect(eventOf(sent, 'positionIncreased')).toMatchObject({ fee: opened.fee, impact: opened.impact });
    expect(tradeStateOf(exchange(), trader)).toEqual({
      market: predicted.market,
      position: predicted.position,
      account: { collateral: predicted.account.collateral, seq: exchange().account(trader).seq },
    });
  });

  it('numbers its two events consecutively and calls them one command, which begins a new life', async () => {
    const trader = await longTrader();
    const before = [exchange().marketState().eventSeq, exchange().account(trader).seq, exchange().position(trader)];
    const [marketSeq, accountSeq] = before as [bigint, bigint];
    const orderId = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const sent = must(await exchange().trade(trader, { side: 'short', size: 15n * BASE, command: { orderId } }));
    const shared = { commandSeq: 2n, orderId: Array.from(orderId), delegated: true };
    expect(sent.events).toMatchObject([
      { name: 'positionReduced', data: { ...shared, openedSeq: 1n, positionSeq: 3n } },
      { name: 'positionIncreased', data: { ...shared, openedSeq: 2n, positionSeq: 4n } },
    ]);
    expect(sent.events).toMatchObject([
      { data: { marketSeq: marketSeq + 1n, accountSeq: accountSeq + 1n } },
      { data: { marketSeq: marketSeq + 2n, accountSeq: accountSeq + 2n } },
    ]);
    expect(exchange().position(trader)).toMatchObject({ seq: 2n, eventSeq: 4n, openedSeq: 2n });
    expect(exchange().account(trader).openPositions).toBe(1);
  });

  it.each<[string, TradeOptions, string]>([
    ['below the minimum notional', { size: 10n * BASE + 9_999_999n }, 'BelowMinNotional'],
    ['beyond the collateral', { size: 1_010n * BASE }, 'InsufficientCollateral'],
    ['beyond the open interest', { size: 1_010n * BASE + 1n }, 'OpenInterestExceeded'],
    ['at a forbidden leverage', { size: 15n * BASE, leverageE2: 2_001 }, 'LeverageOutOfBounds'],
    ['whose impact passes the worst price', { size: 500n * BASE, worstPrice: 9_900_000_000n }, 'SlippageExceeded'],
  ])('is refused as a whole where it would open %s', async (_what, order, error) => {
    const trader = await longTrader();
    const before = stateOf(trader);
    expect((await exchange().trade(trader, { side: 'short', ...order })).error).toBe(error);
    expect(stateOf(trader)).toEqual(before);
    must(await exchange().trade(trader, { side: 'short' }));
  });

  it.each<[string, () => Promise<void>, string]>([
    ['a reduce-only market', () => setMarket((market) => (market.status = { reduceOnly: {} })), 'MarketReduceOnly'],
    ['a halted market', () => setMarket((market) => (market.status = { halted: {} })), 'MarketHalted'],
    [
      'a pause of openings',
      () => exchange().chain.rewrite('exchange', addresses.exchange, (state) => (state.pausedOperations = 1)),
      'Paused',
    ],
    [
      'a pause of what keepers open alone',
      () => exchange().chain.rewrite('exchange', addresses.exchange, (state) => (state.pausedOperations = 16)),
      'Paused',
    ],
    [
      'a price far from its average',
      () => Promise.resolve(exchange().nextPrice(exchange().market, { price: 100n * USD_PRICE, ema: 80n * USD_PRICE })),
      'OracleDivergent',
    ],
  ])('is refused as a whole by %s, which a close passes', async (_what, hinder, error) => {
    const trader = await longTrader();
    await hinder();
    const before = stateOf(trader);
    expect((await exchange().trade(trader, { side: 'short', size: 10n * BASE + 1n })).error).toBe(error);
    expect(stateOf(trader)).toEqual(before);
    must(await exchange().trade(trader, { side: 'short' }));
    expect(exchange().position(trader).state.size).toBe(0n);
  });

  it('charges the delegation for what it opens alone, and bounds the price of each part', async () => {
    const trader = await exchange().trader();
    const owner = trader.wallet.publicKey;
    const limit = async (turnoverCap: bigint, maxSlippageBps: number) => {
      const args = { expiresAt: exchange().chain.now + 1_000n, turnoverCap, maxSlippageBps };
      must(exchange().send([await build.setDelegate(owner, args)], [trader.wallet]));
    };
    await limit(1_500n * USDC, 10_000);
    must(await exchange().trade(trader));
    must(await exchange().trade(trader, { side: 'short', size: 15n * BASE }));
    expect(exchange().account(trader).delegate.turnoverUsed).toBe(1_500n * USDC);
    expect((await exchange().trade(trader, { size: 5n * BASE + 1n })).error).toBe('BelowMinNotional');
    expect((await exchange().trade(trader, { size: 6n * BASE })).error).toBe('DelegateTurnoverExceeded');
    await limit(10n ** 15n, 100);
    // Closing 5 units of the only position costs no impact; opening 100 then costs 100 / (2 · 2,000) of their price.
    expect((await exchange().trade(trader, { size: 105n * BASE })).error).toBe('DelegateSlippageExceeded');
    must(await exchange().trade(trader, { size: 35n * BASE }));
  });

  it('covers the bad debt of its close from insurance, and needs it passed', async () => {
    const trader = await exchange().trader();
    must(await exchange().trade(trader, { leverageE2: 2_000 }));
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.treasuryAccrued = market.treasuryAccrued.add(market.insuranceAccrued);
      market.insuranceAccrued = bn(0n);
    });
    exchange().nextPrice(exchange().market, 94n * USD_PRICE);
    const order = { side: 'short', size: 15n * BASE } as const;
    expect((await exchange().trade(trader, order)).error).toBe('NeedsInsurance');
    const sent = must(await exchange().trade(trader, { ...order, withInsurance: true }));
    const reduced = eventOf(sent, 'positionReduced');
    expect(reduced.badDebt).toBeGreaterThanOrEqual(10n * USDC);
    expect(reduced).toMatchObject({ fee: 0n, marginReleased: 0n });
    expect(eventOf(sent, 'positionIncreased').size).toBe(5n * BASE);
  });

  it('makes an order prepared before it stale, and lands once', async () => {
    const trader = await longTrader();
    const args = { side: 'short', size: 15n * BASE, leverageE2: 1_000, worstPrice: 1n } as const;
    const attempt = await build.trade(exchange().command(trader), args);
    must(exchange().send([attempt], [exchange().keeper]));
    expect(exchange().send([attempt], [exchange().keeper]).error).toBe('StaleCommand');
  });

  it('fits a transaction with a compute budget, an opened position and both signatures, in 120,000 units', async () => {
    const trader = await longTrader();
    exchange().nextPrice(exchange().market, { price: 9_412_345_678n, conf: 1_234_567n });
    const command = exchange().command(trader, undefined, { selfSigned: true });
    const args = {
      side: 'short',
      size: 17n * BASE + 7n,
      leverageE2: 1_937,
      worstPrice: 1n,
      withInsurance: true,
    } as const;
    const owner = trader.wallet.publicKey;
    const payer = exchange().chain.feePayer;
    const other = await exchange().addMarket({ weightBps: 0 });
    const transaction = new Transaction({
      recentBlockhash: exchange().chain.freshBlockhash(),
      feePayer: payer.publicKey,
    });
    transaction.add(
      ComputeBudgetProgram.setComputeUnitLimit({ units: 200_000 }),
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_000n }),
      await build.createPosition(owner, other.key, payer.publicKey),
      await build.trade(command, args),
    );
    transaction.sign(payer, exchange().keeper, trader.wallet);
    expect(transaction.serialize().length).toBeLessThanOrEqual(transactionBytesMax);
    const sent = must(exchange().chain.run(transaction));
    expect(sent.events.map(({ name }) => name)).toEqual(['positionCreated', 'positionReduced', 'positionIncreased']);
    expect(sent.computeUnits).toBeLessThan(tradeUnitsMax);
  });
});
