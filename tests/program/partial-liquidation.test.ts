import { describe, expect, it } from 'vitest';
import { price } from '#shared/money/units.ts';
import { readLiquidationEvidence } from '#shared/liquidation-evidence.ts';
import { equityQCapped, isLiquidatable } from '#shared/perps/equity.ts';
import { recomputeLiquidation } from '#shared/perps/liquidation-receipt.ts';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import type { EventOf } from '#support/program/events.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import { marketOf, positionOf } from '#support/program/mirror.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

/** Maintenance 2.5 %, liquidation fee 1 %, target 125 % of the maintenance margin; funding and borrow are on. */
const exchange = exchangePerTest({
  config: {
    ...{ minLiquidationBps: 100, keeperRewardMin: bn(5_000n) },
    ...{ fundingSkewScale: bn(1_000n * BASE), maxFundingRate: bn(100_000n), borrowBase: bn(10_000n) },
  },
});

/** 10 units at 100 USD with 20× leverage: liquidatable below about 97.43 USD. */
async function thinTrader(): Promise<Trader> {
  const trader = await exchange().trader(1_000n * USDC);
  must(await exchange().open(trader, { leverageE2: 2_000 }));
  return trader;
}

const liquidationAt = async (trader: Trader, at: bigint, liquidator: Trader | null = null) => {
  exchange().nextPrice(exchange().market, at);
  const sent = must(await exchange().liquidate(trader, { liquidator: liquidator?.wallet.publicKey ?? null }));
  return eventOf(sent, 'positionLiquidated');
};

/** The event's evidence, as anyone who only has the event reads it. */
const evidenceOf = (event: EventOf<'positionLiquidated'>) => {
  const side = 'long' in event.before.side ? 'long' : 'short';
  return readLiquidationEvidence({ ...event, before: { ...event.before, side } });
};

describe('a partial liquidation', () => {
  it('restores the target margin by the smallest part, keeps the position, and releases nothing', async () => {
    const [trader, liquidator] = [await thinTrader(), await exchange().trader(0n)];
    const { collateral } = exchange().account(trader);
    const event = await liquidationAt(trader, 97n * USD_PRICE, liquidator);
    expect(event.size).toBeGreaterThan(BASE);
    expect(event.after.size).toBe(10n * BASE - event.size);
    expect(event).toMatchObject({ marginReleased: 0n, badDebt: 0n, collateral, openedSeq: 1n, commandSeq: 2n });
    const market = marketOf(exchange().marketState());
    const position = positionOf(exchange().position(trader));
    const at = price(97n * USD_PRICE);
    const { maintenanceMarginBps, liquidationTargetBps, liquidationFeeBps } = market.config;
    expect(isLiquidatable(position, market, at, maintenanceMarginBps)).toBe(false);
    const targetOf = (size: bigint) => size * at * maintenanceMarginBps * liquidationTargetBps * 100n;
    const spare = equityQCapped(position, market, at) - targetOf(position.size);
    // At least the target, and no more than the roundings of the part add: ten units of quote.
    expect(spare).toBeGreaterThanOrEqual(0n);
    expect(spare).toBeLessThan(10n * 10n ** 20n);
    expect(event.liquidationFee).toBe((event.size * at * liquidationFeeBps + 10n ** 14n - 1n) / 10n ** 14n);
    expect(exchange().account(liquidator).collateral).toBe(event.keeperShare);
    expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
  });

  it('tops no reward up, unlike a full one of an underwater position, whose keeper gets his minimum', async () => {
    const [first, second, liquidator] = [await thinTrader(), await thinTrader(), await exchange().trader(0n)];
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.keeperShareBps = 0;
    });
    await exchange().chain.rewrite('insurance', addresses.insurance, (insurance) => {
      insurance.balance = bn(100n * USDC);
    });
    await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
      pool.free = pool.free.sub(bn(100n * USDC));
    });
    const partly = await liquidationAt(first, 97n * USD_PRICE, liquidator);
    expect(partly).toMatchObject({ keeperShare: 0n, keeperReward: 0n, insurance: null });
    const fully = await liquidationAt(second, 90n * USD_PRICE, liquidator);
    expect(fully).toMatchObject({ liquidationFee: 0n, keeperShare: 0n, keeperReward: 5_000n, after: { size: 0n } });
    expect(fully.badDebt).toBeGreaterThan(50n * USDC);
    expect(fully.insurance).toMatchObject({ topup: 5_000n });
    expect(exchange().account(liquidator).collateral).toBe(5_000n);
  });

  it.each([
    ['a part', 97n * USD_PRICE, 3_600n],
    ['another part', 9_612_345_678n, 7_200n],
    ['all, at what is left', 9_530_000_001n, 1n],
    ['all, underwater', 90n * USD_PRICE, 60n],
  ])('anyone recomputes it from the event alone: %s', async (_what, at, seconds) => {
    const [trader, liquidator] = [await thinTrader(), await exchange().trader(0n)];
    must(await exchange().open(await exchange().trader(), { side: 'short', size: 3n * BASE }));
    exchange().chain.advance(seconds);
    const event = await liquidationAt(trader, at, liquidator);
    // Parameters change later; the event still says by which ones it was decided.
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      Object.assign(market.config, { maintenanceMarginBps: 499, liquidationFeeBps: 1, liquidationTargetBps: 20_000 });
    });
    const decision = recomputeLiquidation(evidenceOf(event));
    const { isAllowed, marginAfter, ...figures } = decision;
    expect(isAllowed).toBe(true);
    expect(event).toMatchObject(figures);
    expect(event.after.margin).toBe(marginAfter);
  });

  it('takes all where the rest would be below the minimum notional, and at least the smallest part', async () => {
    const small = await exchange().trader(1_000n * USDC);
    must(await exchange().open(small, { size: (11n * BASE) / 100n, leverageE2: 2_000 }));
    expect((await liquidationAt(small, 97n * USD_PRICE)).after.size).toBe(0n);
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.minLiquidationBps = 9_000;
    });
    exchange().nextPrice(exchange().market, 100n * USD_PRICE);
    const trader = await thinTrader();
    expect((await liquidationAt(trader, 97n * USD_PRICE)).size).toBe(9n * BASE);
  });

  it('goes on with the next part when the price goes on, until nothing is left', async () => {
    const trader = await thinTrader();
    let parts = 0;
    for (let at = 9_740_000_000n; exchange().position(trader).state.size > 0n; at -= 30_000_000n) {
      exchange().nextPrice(exchange().market, at);
      const sent = await exchange().liquidate(trader);
      if (sent.error === 'NotLiquidatable') continue;
      expect(eventOf(must(sent), 'positionLiquidated').badDebt).toBe(0n);
      parts += 1;
    }
    expect(parts).toBeGreaterThan(3);
  });
});
