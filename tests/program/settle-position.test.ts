import { describe, expect, it } from 'vitest';
import { indexValue, price } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { equityQ, equityQCapped, isLiquidatable } from '#shared/perps/equity.ts';
import { settle } from '#shared/perps/position.ts';
import type { PositionState } from '#shared/perps/types.ts';
import { addresses } from '#support/program/addresses.ts';
import { type Sent, eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { type HeldPosition, heldOf, marketOf, positionOf } from '#support/program/mirror.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';
import { Random } from '../parity/random.ts';

/** 1 % of the price per hour in funding at a skew of 20 units, 0.1 % in borrow, and more with use. */
const exchange = exchangePerTest({
  config: {
    ...{ fundingSkewScale: bn(20n * BASE), maxFundingRate: bn(10_000_000n), minSettleQuote: bn(1_000n) },
    ...{ borrowBase: bn(1_000_000n), borrowSlope: bn(1_000_000n) },
  },
});

/** A position as an event states it. */
const held = (state: HeldPosition): PositionState => ({ ...heldOf(state), seq: 0n, payoutOwed: 0n as never });

/** The equity before and after, exactly (1e-26 USD), from the event alone. */
function equities(sent: Sent) {
  const { before, after, oracle, marketAfter } = eventOf(sent, 'positionSettled');
  const indexes = {
    fundingIndex: indexValue(marketAfter.fundingIndex),
    borrowIndex: indexValue(marketAfter.borrowIndex),
  };
  return [equityQ, equityQCapped].map((equity) => ({
    before: equity(held(before), indexes, price(oracle.price)),
    after: equity(held(after), indexes, price(oracle.price)),
  }));
}

async function hoursLater(hours: bigint, at = 100n * USD_PRICE): Promise<void> {
  for (let hour = 0n; hour < hours; hour += 1n) {
    exchange().chain.advance(3_600n);
    exchange().price(exchange().market, at);
    must(exchange().send([await build.refreshMarket(exchange().market.key, exchange().market.priceAccount)], []));
  }
}

/** A long of 10 units and a short of 4, 10× each. */
async function pair(): Promise<[Trader, Trader]> {
  const traders: [Trader, Trader] = [await exchange().trader(), await exchange().trader()];
  must(await exchange().open(traders[0]));
  must(await exchange().open(traders[1], { side: 'short', size: 4n * BASE }));
  return traders;
}

describe('settle_position', () => {
  it('keeps equity exactly what it was, in any sequence of prices, times and trades', async () => {
    const random = new Random(7);
    const traders = await pair();
    let settled = 0;
    for (let step = 0; step < 60; step += 1) {
      exchange().chain.advance(random.big(1n, 3_600n));
      const at = random.big(97n, 103n) * USD_PRICE + random.big(0n, USD_PRICE);
      exchange().price(exchange().market, { price: at, conf: random.big(0n, USD_PRICE / 10n) });
      const trader = random.pick(traders);
      if (random.chance(0.2))
        must(
          await exchange().open(trader, {
            side: trader === traders[0] ? 'long' : 'short',
            size: random.big(BASE, 2n * BASE),
          }),
        );
      const sent = await exchange().settlePosition(trader);
      if (sent.error === 'NothingToSettle') continue;
      for (const { before, after } of equities(must(sent))) expect(after).toBe(before);
      settled += 1;
    }
    expect(settled).toBeGreaterThan(40);
  });

  it('moves the whole units funding and borrow come to, as the mathematics says, and nothing of the account', async () => {
    const [long, short] = await pair();
    for (const trader of [long, short]) {
      exchange().chain.advance(1_800n);
      exchange().price(exchange().market, 101n * USD_PRICE);
      const account = exchange().account(trader);
      const accrued = accrue(marketOf(exchange().marketState()), price(101n * USD_PRICE), exchange().chain.now);
      const predicted = settle(accrued, positionOf(exchange().position(trader)));
      const sent = must(await exchange().settlePosition(trader));
      const { funding, borrow } = predicted;
      expect(eventOf(sent, 'positionSettled')).toMatchObject({ funding, borrow });
      expect(marketOf(exchange().marketState())).toEqual(predicted.market);
      expect(positionOf(exchange().position(trader))).toEqual(predicted.position);
      expect(exchange().account(trader)).toEqual(account);
      expect(trader === long ? funding > 0n : funding < 0n).toBe(true);
      expect(borrow).toBeGreaterThan(0n);
    }
  });

  it('never changes seq: an order prepared before it lands', async () => {
    const [long] = await pair();
    const { seq, eventSeq } = exchange().position(long);
    const order = await build.closePosition(exchange().command(long), { size: build.ALL, worstPrice: 1n });
    await hoursLater(1n);
    expect(eventOf(must(await exchange().settlePosition(long)), 'positionSettled').positionSeq).toBe(eventSeq + 1n);
    expect(exchange().position(long).seq).toBe(seq);
    must(exchange().send([order], [exchange().keeper]));
  });

  it('a close pays what it would have paid without settlements, rounded against the trader by units', async () => {
    const [first] = await pair();
    const second = await exchange().trader();
    must(await exchange().open(second));
    for (let hour = 0; hour < 5; hour += 1) {
      await hoursLater(1n);
      must(await exchange().settlePosition(first));
    }
    must(await exchange().close(first));
    must(await exchange().close(second));
    const [settled, unsettled] = [exchange().account(first).collateral, exchange().account(second).collateral];
    const apart = settled - unsettled;
    // The second closes with a little other funding: the skew moved within the same second, so indexes did not.
    expect(apart <= 10n && apart >= -10n).toBe(true);
  });

  it('empties the margin of a position that cannot carry what it owes, which stays as liquidatable as it was', async () => {
    const trader = await exchange().trader(100n * USDC);
    must(await exchange().open(trader, { size: 16n * BASE, leverageE2: 2_000 }));
    await hoursLater(8n);
    const sent = must(await exchange().settlePosition(trader));
    for (const { before, after } of equities(sent)) expect(after).toBe(before);
    const { after, oracle } = eventOf(sent, 'positionSettled');
    expect(after.margin).toBe(0n);
    const { config, ...indexes } = marketOf(exchange().marketState());
    expect(isLiquidatable(held(after), indexes, price(oracle.price), config.maintenanceMarginBps)).toBe(true);
    expect((await exchange().settlePosition(trader)).error).toBe('NothingToSettle');
    must(await exchange().liquidate(trader));
  });

  it('pays a receipt only from what the backing has above the reserves', async () => {
    const [, short] = await pair();
    await hoursLater(2n);
    const { backing, long, short: shorts } = exchange().marketState();
    const spare = 1_234n;
    const shift = backing - (long.reserve + shorts.reserve) - spare;
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.backing = market.backing.sub(bn(shift));
      market.config.borrowBase = bn(0n);
    });
    await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
      pool.free = pool.free.add(bn(shift));
    });
    const settled = eventOf(must(await exchange().settlePosition(short)), 'positionSettled');
    expect(settled.funding).toBe(-spare);
    expect(settled.marketAfter).toMatchObject({ backing: settled.marketAfter.reserved + settled.borrow });
  });

  it('is refused below the smallest settlement, on a flat position, and with a position of another market', async () => {
    const [long] = await pair();
    exchange().nextPrice(exchange().market, 100n * USD_PRICE);
    const smallest = (least: bigint) =>
      exchange().chain.rewrite('market', exchange().market.key, (market) => {
        market.config.minSettleQuote = bn(least);
      });
    const position = positionOf(exchange().position(long));
    const accrued = accrue(marketOf(exchange().marketState()), price(100n * USD_PRICE), exchange().chain.now);
    const { funding, borrow } = settle(accrued, position);
    await smallest(funding + borrow + 1n);
    expect((await exchange().settlePosition(long)).error).toBe('NothingToSettle');
    await smallest(funding + borrow);
    must(await exchange().settlePosition(long));
    await hoursLater(1n);
    const market = await exchange().addMarket({ weightBps: 0 });
    exchange().price(market, 100n * USD_PRICE);
    const instruction = await build.settlePosition(long.wallet.publicKey, market.key, market.priceAccount);
    const own = addresses.position(long.wallet.publicKey, exchange().market.key);
    const missing = addresses.position(long.wallet.publicKey, market.key);
    for (const meta of instruction.keys) if (meta.pubkey.equals(missing)) meta.pubkey = own;
    expect(exchange().send([instruction], []).error).toBe('WrongMarket');
    must(await exchange().close(long));
    expect((await exchange().settlePosition(long)).error).toBe('PositionFlat');
  });

  it('goes on while the market is halted and everything is paused', async () => {
    const [long] = await pair();
    await hoursLater(1n);
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = { halted: {} } as never;
    });
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = 2 ** 32 - 1;
    });
    must(await exchange().settlePosition(long));
  });
});
