import { describe, expect, it } from 'vitest';
import { type Price, price, size as toSize } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { type TradeState, open, reduce } from '#shared/perps/position.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import { oracleAt, tradeStateOf } from '#support/program/mirror.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

/** 0.1 % per hour in funding at a skew of 10 units, 0.05 % in borrow, impact over 1,000 units. */
const exchange = exchangePerTest({
  config: {
    ...{ fundingSkewScale: bn(10n * BASE), maxFundingRate: bn(1_000_000n), borrowBase: bn(500_000n) },
    ...{ skewScale: bn(1_000n * BASE), maxLongOi: bn(1_000n * BASE), maxShortOi: bn(1_000n * BASE) },
  },
});

/** The state as the next instruction sees it: accrued at the price it will accept. */
function accruedState(trader: Trader, at: Price): TradeState {
  const state = tradeStateOf(exchange(), trader);
  return { ...state, market: accrue(state.market, at, exchange().chain.now) };
}

describe('funding, borrow and impact', () => {
  it('come to the figures of the formulas', async () => {
    const [long, short] = [await exchange().trader(), await exchange().trader()];
    // Impact of 10 from 0: 10 · 100 USD · (0 + 10) / (2 · 1,000).
    expect(eventOf(must(await exchange().open(long)), 'positionIncreased').impact).toBe(5n * USDC);
    exchange().chain.advance(3_600n);
    exchange().price(exchange().market, 100n * USD_PRICE);
    // Towards balance nothing is charged: from +10 to +6.
    const opened = eventOf(must(await exchange().open(short, { side: 'short', size: 4n * BASE })), 'positionIncreased');
    expect(opened.impact).toBe(0n);
    exchange().chain.advance(3_600n);
    exchange().price(exchange().market, 100n * USD_PRICE);
    // The long owes 1,000 USD · (0.1 % + 0.06 %) in funding and 1,000 USD · 0.05 % · 2 h in borrow.
    const closed = eventOf(must(await exchange().close(long)), 'positionReduced');
    expect(closed).toMatchObject({ funding: 1_600_000n, borrow: 1_000_000n });
    // It leaves a skew of −4: 10 · 100 USD would be charged over |−4| alone, b − a = 4, (a + b) / 2K = 4 / 2,000.
    expect(closed.impact).toBe(800_000n);
    // The short receives its share of one hour, 400 USD · 0.06 %, and owes borrow.
    const received = eventOf(must(await exchange().close(short)), 'positionReduced');
    expect(received).toMatchObject({ funding: -240_000n, borrow: 200_000n, impact: 0n });
  });

  it('count at most max_accrual_seconds between two uses, whatever the clock did', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    exchange().chain.advance(1_000_000n);
    exchange().price(exchange().market, 100n * USD_PRICE);
    const closed = eventOf(must(await exchange().close(trader)), 'positionReduced');
    expect(closed).toMatchObject({ funding: 1_000_000n, borrow: 500_000n });
  });

  it('follow the mathematics to the last unit through a sequence of trades at odd prices and times', async () => {
    const traders = [await exchange().trader(), await exchange().trader(), await exchange().trader()] as const;
    const steps = [
      [0, 'long', 10n * BASE + 7n, 137n, 10_012_345_679n],
      [1, 'short', 3_333_333_333n, 3_599n, 9_987_654_321n],
      [2, 'long', 777_777_777n, 61n, 10_111_111_111n],
      [1, 'long', 1_111_111_111n, 1_800n, 9_900_000_001n],
      [0, 'long', 123_456_789n, 7_201n, 10_050_505_050n],
      [0, 'short', 987_654_321n, 900n, 10_203_040_506n],
    ] as const;
    for (const [index, side, size, seconds, at] of steps) {
      const trader = traders[index];
      exchange().chain.advance(seconds);
      const conf = at / 4_321n;
      exchange().price(exchange().market, { price: at, conf });
      const oracle = oracleAt(exchange(), at, conf);
      const order = { side, size, leverageE2: 1_937 };
      const isNew = exchange().account(trader).openPositions === 0;
      if (isNew) must(await exchange().trade(trader, { ...order, worstPrice: side === 'long' ? 2n ** 62n : 1n }));
      else {
        const state = accruedState(trader, price(at));
        const predicted =
          state.position.side === side
            ? open(state, oracle, {
                side,
                size: toSize(size),
                leverageE2: 1_937n,
                worstPrice: price(side === 'long' ? 2n ** 62n : 1n),
              })
            : reduce(state, oracle, { size: toSize(size), worstPrice: null });
        must(await exchange().trade(trader, order));
        const { market, position, account } = tradeStateOf(exchange(), trader);
        expect(market).toEqual(predicted.market);
        expect(position).toEqual(predicted.position);
        expect(account.collateral).toBe(predicted.account.collateral);
      }
    }
  });
});
