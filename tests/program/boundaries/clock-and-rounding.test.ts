import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { BASE, TestExchange, type Trader, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const hundred = 100n * USD_PRICE;
const cycles = 60;

describe('a clock that goes backwards', () => {
  const exchange = exchangePerTest({
    config: { borrowBase: bn(1_000_000n), maxFundingRate: bn(1_000_000n), fundingSkewScale: bn(10n * BASE) },
  });
  const indexes = () => {
    const { fundingIndex, borrowIndex, accruedAt } = exchange().marketState();
    return { fundingIndex, borrowIndex, accruedAt };
  };

  it('accrues nothing, then goes on from there', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, hundred);
    must(await exchange().settle(exchange().market));
    const before = indexes();
    exchange().chain.advance(-4n);
    must(await exchange().settle(exchange().market));
    expect(indexes()).toEqual({ ...before, accruedAt: before.accruedAt - 4n });
    exchange().chain.advance(2n);
    must(await exchange().settle(exchange().market));
    expect(indexes().borrowIndex).toBeGreaterThan(before.borrowIndex);
  });

  it('makes a price that lies more than five seconds ahead wait', async () => {
    must(await exchange().settle(exchange().market));
    exchange().chain.advance(-5n);
    must(await exchange().settle(exchange().market));
    exchange().chain.advance(-1n);
    expect((await exchange().settle(exchange().market)).error).toBe('OracleFuture');
  });

  it('neither opens a second window of a delegation nor ends it early', async () => {
    const trader = await exchange().trader();
    const limits = { expiresAt: exchange().chain.now + 100n, turnoverCap: 1_000n * USDC, maxSlippageBps: 10_000 };
    must(exchange().send([await build.setDelegate(trader.wallet.publicKey, limits)], [trader.wallet]));
    exchange().nextPrice(exchange().market, hundred);
    exchange().chain.advance(5n);
    must(await exchange().open(trader, { size: 10n * BASE }));
    exchange().chain.advance(-5n);
    expect((await exchange().open(trader, { size: BASE })).error).toBe('DelegateTurnoverExceeded');
  });

  it('does not unblock the next request to close', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    must(await exchange().requestClose(trader));
    exchange().chain.advance(-5n);
    expect((await exchange().requestClose(trader)).error).toBe('CloseRequestBlocked');
  });
});

/** All that a trader could take home, 1e-6 USDC. */
function wealth(exchange: TestExchange, trader: Trader): bigint {
  const { margin } = exchange.position(trader).state;
  return exchange.account(trader).collateral + margin;
}

describe('rounding', () => {
  /** A market in which everything rounds: odd price, spread, impact, and positions of the smallest size. */
  const rounding = {
    minPositionNotional: bn(1n),
    keeperRewardMin: bn(0n),
    skewScale: bn(1_000_003n * BASE),
    maxLongOi: bn(1_000_003n * BASE),
    maxShortOi: bn(1_000_003n * BASE),
  };
  const odd = { price: 99_999_999_999n, conf: 1n };

  it.each([
    ['long', 'one unit worth a thousandth of a cent', 1n],
    ['short', 'one unit worth a thousandth of a cent', 1n],
    ['long', 'a few odd units', 13n],
    ['short', 'a few odd units', 13n],
    ['long', 'an odd size', 1_234_567n],
    ['short', 'an odd size', 1_234_567n],
  ] as const)('a %s of %s, opened and closed again and again at one price, never gains', async (side, _what, size) => {
    const exchange = await TestExchange.create({ config: rounding });
    const trader = await exchange.trader();
    exchange.nextPrice(exchange.market, odd);
    const start = exchange.account(trader).collateral;
    let last = start;
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      must(await exchange.trade(trader, { side, size, leverageE2: 2_000 }));
      must(await exchange.trade(trader, { side: side === 'long' ? 'short' : 'long', size }));
      const now = wealth(exchange, trader);
      expect(now, `after ${cycle + 1}`).toBeLessThan(last);
      last = now;
    }
    // Each trade pays at least a unit of fee.
    expect(start - last).toBeGreaterThanOrEqual(BigInt(2 * cycles));
  });

  it('taking a position off unit by unit gives no more than taking it off at once', async () => {
    const ends = await Promise.all(
      [1n, 37n].map(async (size) => {
        const exchange = await TestExchange.create({ config: rounding });
        const trader = await exchange.trader();
        exchange.nextPrice(exchange.market, odd);
        must(await exchange.trade(trader, { size: 37n, leverageE2: 100 }));
        while (exchange.position(trader).state.size > 0n) {
          must(await exchange.trade(trader, { side: 'short', size }));
        }
        return exchange.account(trader).collateral;
      }),
    );
    const [byUnits, atOnce] = ends;
    expect(byUnits).toBeLessThan(atOnce ?? 0n);
  });

  it('flipping to and fro at one price never gains', async () => {
    const exchange = await TestExchange.create({ config: rounding });
    const trader = await exchange.trader();
    exchange.nextPrice(exchange.market, odd);
    must(await exchange.trade(trader, { size: 7n, leverageE2: 2_000 }));
    let last = wealth(exchange, trader);
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      must(await exchange.trade(trader, { side: cycle % 2 === 0 ? 'short' : 'long', size: 14n, leverageE2: 2_000 }));
      const now = wealth(exchange, trader);
      expect(now, `after ${cycle + 1}`).toBeLessThan(last);
      last = now;
    }
  });

  it('depositing and withdrawing a unit moves a unit', async () => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader(USDC);
    const owner = trader.wallet.publicKey;
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      must(exchange.send([await build.depositCollateral(owner, trader.tokens, 1n)], [trader.wallet]));
      must(exchange.send([await build.withdrawCollateral(owner, trader.tokens, 1n)], [trader.wallet]));
    }
    expect(exchange.account(trader).collateral).toBe(USDC);
  });

  it('margin added and removed by the unit comes to what it was', async () => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    must(await exchange.open(trader, { leverageE2: 500 }));
    const before = [exchange.account(trader).collateral, exchange.position(trader).state.margin];
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      must(exchange.send([await build.addMargin(exchange.command(trader), 1n)], [exchange.keeper]));
      must(exchange.send([await build.removeMargin(exchange.command(trader), 1n)], [exchange.keeper]));
    }
    expect([exchange.account(trader).collateral, exchange.position(trader).state.margin]).toEqual(before);
  });

  it('minting and redeeming pool shares of a few units never gains, whatever the share is worth', async () => {
    const exchange = await TestExchange.create({ liquidity: 3n * USDC });
    const owner = exchange.holder();
    // A share is worth an odd fraction more than a unit.
    const donor = exchange.holder();
    must(exchange.send([await build.donate(donor.wallet.publicKey, donor.tokens, 1_234_567n)], [donor.wallet]));
    must(await exchange.settle(exchange.market));
    const shares = () => exchange.chain.fetch('lpAccount', addresses.lp(owner.wallet.publicKey)).shares;
    const tokens = () => exchange.chain.data(owner.tokens);
    const balance = () => Buffer.from(tokens() ?? []).readBigUInt64LE(64);
    const start = balance();
    for (let cycle = 0; cycle < 20; cycle += 1) {
      const mint = await build.requestMint(owner.wallet.publicKey, owner.tokens, 11n);
      must(exchange.send([mint], [owner.wallet]));
      must(await exchange.executePoolRequest(owner));
      const redeem = await build.requestRedeem(owner.wallet.publicKey, shares());
      must(exchange.send([redeem], [owner.wallet]));
      must(await exchange.executePoolRequest(owner));
    }
    expect(balance()).toBeLessThan(start);
  });
});
