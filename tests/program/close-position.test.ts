import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();

describe('closing', () => {
  it('pays the profit from the backing and gives everything left back', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    must(await exchange().open(trader));
    const backing = exchange().marketState().backing;
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    const closed = eventOf(must(await exchange().close(trader)), 'positionReduced');
    expect(closed).toMatchObject({
      realizedPnl: 100n * USDC,
      fee: 550_000n,
      marginReleased: 199_450_000n,
      badDebt: 0n,
      insurance: null,
      collateral: 1_098_950_000n,
    });
    expect(exchange().marketState().backing).toBe(backing - 100n * USDC + 330_000n);
    expect(exchange().position(trader).state).toMatchObject({ size: 0n, margin: 0n, reserve: 0n, entryValue: 0n });
    expect(exchange().account(trader).openPositions).toBe(0);
  });

  it('credits a loss to the backing', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    must(await exchange().open(trader, { side: 'short' }));
    const backing = exchange().marketState().backing;
    exchange().nextPrice(exchange().market, 105n * USD_PRICE);
    const closed = eventOf(must(await exchange().close(trader)), 'positionReduced');
    expect(closed.realizedPnl).toBe(-50n * USDC);
    expect(exchange().marketState().backing).toBe(backing + 50n * USDC + closed.feeSplit.pool);
  });

  it('pays no more than the reserve, however far the price went', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, 500n * USD_PRICE);
    expect(eventOf(must(await exchange().close(trader)), 'positionReduced').realizedPnl).toBe(1_000n * USDC);
  });

  it('keeps the account and counts on: a second life has a higher opened_seq', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    must(await exchange().close(trader));
    const reopened = eventOf(must(await exchange().open(trader, { side: 'short' })), 'positionIncreased');
    expect(reopened).toMatchObject({ commandSeq: 3n, openedSeq: 3n, positionSeq: 4n });
  });
});

describe('reducing', () => {
  it('realises the share, keeps the rest exactly, and releases margin as far as the initial margin stays', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    must(await exchange().open(trader, { leverageE2: 500 }));
    exchange().nextPrice(exchange().market, 120n * USD_PRICE);
    const reduced = eventOf(must(await exchange().close(trader, { size: 4n * BASE })), 'positionReduced');
    expect(reduced).toMatchObject({ realizedPnl: 80n * USDC, fee: 240_000n, entryValue: 4n * 10n ** 18n });
    const marginLeft = 200n * USDC + 80n * USDC - 240_000n;
    expect(reduced.marginReleased).toBe((marginLeft * 4n) / 10n);
    expect(reduced.after).toMatchObject({ size: 6n * BASE, entryValue: 6n * 10n ** 18n, reserve: 600n * USDC });
    expect(reduced.after.margin).toBe(marginLeft - reduced.marginReleased);
  });

  it.each([
    ['nothing', { size: 0n }, 'ZeroAmount'],
    ['more than there is', { size: 10n * BASE + 1n }, 'SizeExceedsPosition'],
    ['to a rest below the minimum', { size: 10n * BASE - BASE / 10n + 1n }, 'BelowMinNotional'],
    ['at a worse price than allowed', { worstPrice: 100n * USD_PRICE + 1n }, 'SlippageExceeded'],
  ])('refuses %s', async (_what, options, error) => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    expect((await exchange().close(trader, options)).error).toBe(error);
  });

  it('refuses a flat position', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    must(await exchange().close(trader));
    expect((await exchange().close(trader)).error).toBe('PositionFlat');
  });

  it('an unhealthy position only in full', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader, { leverageE2: 2_000 }));
    exchange().nextPrice(exchange().market, 96n * USD_PRICE);
    expect((await exchange().close(trader, { size: 5n * BASE })).error).toBe('OnlyInFull');
    must(await exchange().close(trader));
  });

  it('not to a rest that could be liquidated', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader, { size: 20n * BASE, leverageE2: 2_000 }));
    exchange().nextPrice(exchange().market, { price: 9_760_000_000n, conf: 3n * USD_PRICE });
    expect((await exchange().close(trader, { size: 10n * BASE })).error).toBe('RemainderUnhealthy');
  });
});

describe('what insurance and pool pay', () => {
  /** Leaves the market this much backing; the rest goes to the pool's free assets, so that the books stay true. */
  async function leaveBacking(amount: bigint) {
    const taken = exchange().marketState().backing - amount;
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.backing = bn(amount);
    });
    await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
      pool.free = pool.free.add(bn(taken));
    });
  }

  /** Moves free assets of the pool to insurance. */
  async function insure(amount: bigint) {
    await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
      pool.free = pool.free.sub(bn(amount));
    });
    await exchange().chain.rewrite('insurance', addresses.insurance, (insurance) => {
      insurance.balance = insurance.balance.add(bn(amount));
    });
  }

  /** A trader with an open position in a market whose shares of fees are the treasury's alone. */
  async function uninsuredTrader() {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.treasuryAccrued = market.treasuryAccrued.add(market.insuranceAccrued);
      market.insuranceAccrued = bn(0n);
    });
    return trader;
  }

  it('a loss beyond the margin takes insurance’s shares still in the market first, and nothing else where they suffice', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.insuranceAccrued = market.insuranceAccrued.add(bn(25n * USDC));
    });
    await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
      pool.free = pool.free.sub(bn(25n * USDC));
    });
    const backing = exchange().marketState().backing;
    exchange().nextPrice(exchange().market, 88n * USD_PRICE);
    const closed = eventOf(must(await exchange().close(trader)), 'positionReduced');
    expect(closed).toMatchObject({ badDebt: 20n * USDC, insurance: null });
    expect(closed.marketAfter).toMatchObject({
      insuranceAccrued: 5n * USDC + 100_000n,
      backing: backing + 120n * USDC,
    });
    expect(exchange().marketState()).toMatchObject({ badDebt: 20n * USDC, badDebtUncovered: 0n });
  });

  it('a loss beyond the margin needs insurance, which pays it into the pool', async () => {
    const trader = await uninsuredTrader();
    await insure(50n * USDC);
    const backing = exchange().marketState().backing;
    exchange().nextPrice(exchange().market, 88n * USD_PRICE);
    expect((await exchange().close(trader)).error).toBe('NeedsInsurance');
    const closed = eventOf(must(await exchange().close(trader, { withInsurance: true })), 'positionReduced');
    expect(closed).toMatchObject({ badDebt: 20n * USDC, fee: 0n, marginReleased: 0n });
    expect(closed.insurance).toMatchObject({ covered: 20n * USDC, lent: 0n, balance: 30n * USDC, insuranceSeq: 1n });
    const market = exchange().marketState();
    expect(market).toMatchObject({ backing: backing + 120n * USDC, badDebt: 20n * USDC, badDebtUncovered: 0n });
  });

  it('what insurance lacks is recorded and not taken from the pool again', async () => {
    const trader = await uninsuredTrader();
    await insure(5n * USDC);
    const backing = exchange().marketState().backing;
    exchange().nextPrice(exchange().market, 88n * USD_PRICE);
    must(await exchange().close(trader, { withInsurance: true }));
    const market = exchange().marketState();
    expect(market).toMatchObject({ backing: backing + 105n * USDC, badDebtUncovered: 15n * USDC });
    expect(exchange().chain.fetch('insurance', addresses.insurance).balance).toBe(0n);
  });

  it('a profit beyond the backing is lent by insurance, and the first claim on what the pool receives', async () => {
    const [winner, loser] = [await exchange().trader(), await exchange().trader()];
    must(await exchange().open(winner));
    must(await exchange().open(loser));
    await leaveBacking(10n * USDC);
    await insure(200n * USDC);
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    expect((await exchange().close(winner)).error).toBe('NeedsInsurance');
    const closed = eventOf(must(await exchange().close(winner, { withInsurance: true })), 'positionReduced');
    expect(closed.insurance).toMatchObject({ lent: 90n * USDC, balance: 110n * USDC });
    const debt = 90n * USDC - closed.feeSplit.pool;
    expect(closed.marketAfter).toMatchObject({ backing: 0n, insuranceDebt: debt });
    exchange().nextPrice(exchange().market, 95n * USD_PRICE);
    const lost = eventOf(must(await exchange().close(loser)), 'positionReduced');
    expect(lost.marketAfter.insuranceDebt).toBe(debt - 50n * USDC - lost.feeSplit.pool);
    expect(lost.marketAfter.backing).toBe(0n);
  });

  it('a profit that neither backing nor insurance can pay waits, though a part that fits goes on', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    await leaveBacking(50n * USDC);
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    expect((await exchange().close(trader, { withInsurance: true })).error).toBe('PoolShort');
    must(await exchange().close(trader, { size: 5n * BASE, withInsurance: true }));
  });
});
