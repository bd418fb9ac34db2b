import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, TestExchange, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const hundred = 100n * USD_PRICE;

const pool = () => exchange().chain.fetch('pool', addresses.pool);

describe('settle_market', () => {
  it('brings the backing to its weight, and the shares of fees to insurance and treasury', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    must(await exchange().close(trader));
    const sent = must(await exchange().settle(exchange().market));
    expect(sent.events.map(({ name }) => name)).toEqual(['marketRefreshed', 'marketSettled']);
    // Fees of 1 USDC: 0.6 to the pool, of which 70 % is above the weight of 30 %.
    expect(eventOf(sent, 'marketSettled')).toMatchObject({
      toFree: 420_000n,
      toInsurance: 200_000n,
      toTreasury: 200_000n,
      backing: 300_000n * USDC + 180_000n,
      free: 700_000n * USDC + 420_000n,
      insuranceBalance: 200_000n,
      treasuryBalance: 200_000n,
    });
    expect(pool().backing[0]).toBe(300_000n * USDC + 180_000n);
  });

  it('never takes what the reserves need', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader, { size: 2_400n * BASE, leverageE2: 2_000 }));
    const backing = exchange().marketState().backing;
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.weightBps = 0;
    });
    must(await exchange().settle(exchange().market));
    expect(exchange().marketState().backing).toBe(300_000n * USDC);
    expect(backing).toBeGreaterThan(300_000n * USDC);
  });

  it('gives a market below its weight what there is, and no more', async () => {
    await exchange().chain.rewrite('pool', addresses.pool, (state) => {
      state.free = bn(10n * USDC);
    });
    await exchange().chain.rewrite('insurance', addresses.insurance, (state) => {
      state.balance = state.balance.add(bn(699_990n * USDC));
    });
    const market = await exchange().addMarket({ weightBps: 5_000 });
    exchange().price(market, hundred);
    must(await exchange().settle(market));
    expect(exchange().marketState(market).backing).toBe(10n * USDC);
    expect(pool().free).toBe(0n);
  });

  it('says nothing of insurance and treasury where it moved nothing to them', async () => {
    const settled = eventOf(must(await exchange().settle(exchange().market)), 'marketSettled');
    expect(settled).toMatchObject({ insuranceSeq: 0n, treasurySeq: 0n, insuranceBalance: 0n, treasuryBalance: 0n });
  });

  it('needs an acceptable price', async () => {
    exchange().chain.advance(61n);
    expect((await exchange().settle(exchange().market)).error).toBe('OracleStale');
  });
});

describe('donate', () => {
  it('raises the free assets and no shares', async () => {
    const donor = exchange().holder();
    const before = pool();
    const instruction = await build.donate(donor.wallet.publicKey, donor.tokens, 9n * USDC);
    const sent = must(exchange().send([instruction], [donor.wallet]));
    expect(eventOf(sent, 'donated')).toMatchObject({ amount: 9n * USDC, free: before.free + 9n * USDC });
    expect(pool().supply).toBe(before.supply);
  });

  it('is refused while nobody holds a share: the first to mint would take it', async () => {
    const own = await TestExchange.create({ liquidity: 0n });
    const donor = own.holder();
    const gift = await build.donate(donor.wallet.publicKey, donor.tokens, USDC);
    expect(own.send([gift], [donor.wallet]).error).toBe('PoolWithoutShares');
  });

  it('refuses nothing', async () => {
    const donor = exchange().holder();
    const instruction = await build.donate(donor.wallet.publicKey, donor.tokens, 0n);
    expect(exchange().send([instruction], [donor.wallet]).error).toBe('ZeroAmount');
  });
});
