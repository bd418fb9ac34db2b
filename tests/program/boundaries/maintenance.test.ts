import { describe, expect, it } from 'vitest';
import { bps, entryValue, fineValue, indexValue, price as toPrice, quote, size } from '#shared/money/units.ts';
import { equityQ, isLiquidatable, maintenanceMargin } from '#shared/perps/equity.ts';
import type { PositionState } from '#shared/perps/types.ts';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, type TestExchange, type Trader, USD_PRICE, defaultConfig, must } from '#support/program/exchange.ts';
import { addMargin } from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const maintenanceBps = bps(BigInt(defaultConfig().maintenanceMarginBps));

type Side = 'long' | 'short';

/** What a base unit has paid so far, 1e-18 USD: 3.21 USD of funding, 0.77 USD of borrow, and a digit at the far end. */
const indexes = [
  ['without funding and borrow', 0n, 0n],
  ['with funding and borrow', 3_210_000_000_000_000_001n, 770_000_000_000_000_003n],
  ['with funding received', -3_210_000_000_000_000_001n, 770_000_000_000_000_003n],
] as const;

/** The trader's position as the mathematics sees it. */
function positionOf(trader: Trader): PositionState {
  const { state, seq } = exchange().position(trader);
  return {
    side: 'long' in state.side ? 'long' : 'short',
    size: size(state.size),
    entryValue: entryValue(state.entryValue),
    margin: quote(state.margin),
    reserve: quote(state.reserve),
    fundingSum: fineValue(state.fundingSum),
    borrowSum: fineValue(state.borrowSum),
    seq,
    payoutOwed: quote(0n),
  };
}

/** Sets the market's indexes, and the sums of its only position. */
async function pay(on: TestExchange, trader: Trader, side: Side, funding: Sums, borrow: Sums): Promise<void> {
  const { key } = on.market;
  await on.chain.rewrite('market', key, (market) => {
    market.fundingIndex = bn(funding.index);
    market.borrowIndex = bn(borrow.index);
    market[side].fundingSum = bn(funding.sum);
    market[side].borrowSum = bn(borrow.sum);
  });
  await on.chain.rewrite('position', addresses.position(trader.wallet.publicKey, key), (position) => {
    position.state.fundingSum = bn(funding.sum);
    position.state.borrowSum = bn(borrow.sum);
  });
}

interface Sums {
  readonly index: bigint;
  /** Of the position, 1e-26 USD. */
  readonly sum: bigint;
}

/**
 * A position of 10 units opened at 100 USD, now at 96 USD (long) or 104 USD (short), whose equity is its maintenance margin and
 * `offset` (1e-26 USD) more: the sum at entry makes up for everything else.
 */
async function atMaintenance(side: Side, fundingIndex: bigint, borrowIndex: bigint, offset: bigint): Promise<Trader> {
  const on = exchange();
  const trader = await on.trader();
  must(await on.open(trader, { side, size: 10n * BASE, leverageE2: 1_500 }));
  const at = toPrice((side === 'long' ? 96n : 104n) * USD_PRICE);
  on.nextPrice(on.market, at);
  const position = positionOf(trader);
  const market = { fundingIndex: indexValue(fundingIndex), borrowIndex: indexValue(borrowIndex) };
  const wanted = maintenanceMargin(position.size, at, maintenanceBps) + offset;
  const borrowSum = fineValue(position.size * borrowIndex - 12_345n);
  const sign = side === 'long' ? 1n : -1n;
  const now = equityQ({ ...position, borrowSum, fundingSum: fineValue(position.size * fundingIndex) }, market, at);
  const fundingSum = fineValue(position.size * fundingIndex + sign * (wanted - now));
  await pay(on, trader, side, { index: fundingIndex, sum: fundingSum }, { index: borrowIndex, sum: borrowSum });
  const made = positionOf(trader);
  expect(equityQ(made, market, at)).toBe(wanted);
  expect(isLiquidatable(made, market, at, maintenanceBps)).toBe(offset < 0n);
  return trader;
}

describe.each(['long', 'short'] as const)('a %s', (side) => {
  describe.each(indexes)('%s', (_what, funding, borrow) => {
    it('with exactly its maintenance margin is safe', async () => {
      const trader = await atMaintenance(side, funding, borrow, 0n);
      expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
    });

    it('with 1e-26 USD less is liquidated, and the event shows the two sides of the inequality', async () => {
      const trader = await atMaintenance(side, funding, borrow, -1n);
      const liquidated = eventOf(must(await exchange().liquidate(trader)), 'positionLiquidated');
      expect(liquidated.maintenanceE26 - liquidated.equityE26).toBe(1n);
    });

    it('with exactly its maintenance margin is liquidated a price unit further', async () => {
      const trader = await atMaintenance(side, funding, borrow, 0n);
      const { price } = exchange().marketState().price;
      const worse = side === 'long' ? 96n * USD_PRICE - 1n : 104n * USD_PRICE + 1n;
      expect(price).toBe(100n * USD_PRICE);
      exchange().price(exchange().market, worse);
      must(await exchange().liquidate(trader));
    });

    it('with exactly its maintenance margin stays safe a price unit back', async () => {
      const trader = await atMaintenance(side, funding, borrow, 0n);
      exchange().price(exchange().market, side === 'long' ? 96n * USD_PRICE + 1n : 104n * USD_PRICE - 1n);
      expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
    });

    it('with a unit of margin more than one liquidatable is safe: margin saves at once', async () => {
      const trader = await atMaintenance(side, funding, borrow, -1n);
      const command = exchange().command(trader);
      must(exchange().send([await addMargin(command, 1n)], [exchange().keeper]));
      expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
    });
  });
});

describe('what accrued since anybody last looked counts before the decision', () => {
  /** 0.1 % an hour of borrow, and as much of funding where the shorts are more by 100 units. */
  const rates = { borrowBase: bn(1_000_000n), maxFundingRate: bn(100_000_000n), fundingSkewScale: bn(100n * BASE) };

  it('a position that is at its maintenance margin owes a second of borrow, and is liquidated', async () => {
    const trader = await atMaintenance('long', 0n, 0n, 0n);
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.borrowBase = rates.borrowBase;
      market.accruedAt = bn(exchange().chain.now);
    });
    expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
    exchange().nextPrice(exchange().market, 96n * USD_PRICE);
    must(await exchange().liquidate(trader));
  });

  it('a position below its maintenance margin receives a second of funding, and is safe', async () => {
    const other = await exchange().trader();
    must(await exchange().open(other, { side: 'short', size: 110n * BASE, leverageE2: 500 }));
    const trader = await atMaintenance('long', 0n, 0n, -1n);
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.maxFundingRate = rates.maxFundingRate;
      market.config.fundingSkewScale = rates.fundingSkewScale;
      market.accruedAt = bn(exchange().chain.now);
    });
    exchange().nextPrice(exchange().market, 96n * USD_PRICE);
    expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
  });
});
