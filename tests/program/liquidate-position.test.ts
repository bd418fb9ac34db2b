import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();

/** 10 units long at 100 USD with 20× leverage: liquidatable below 97.4358… USD. */
async function thinTrader(): Promise<Trader> {
  const trader = await exchange().trader(1_000n * USDC);
  must(await exchange().open(trader, { leverageE2: 2_000 }));
  return trader;
}

describe('the test', () => {
  it('spares a position at equality and takes it one unit below', async () => {
    const trader = await thinTrader();
    // margin·1e20 + (s·P − entry)·1e10 = s·P·250·1e6 holds exactly at P = (1e9 − margin)·400/39, a whole price for this margin.
    const add = await build.addMargin({ ...exchange().command(trader), keeper: null, selfSigned: true }, 14n);
    must(exchange().send([add], [trader.wallet]));
    const boundary = ((1_000_000_000n - 50_000_014n) * 400n) / 39n;
    exchange().nextPrice(exchange().market, boundary);
    expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
    exchange().nextPrice(exchange().market, boundary - 1n);
    must(await exchange().liquidate(trader));
  });

  it('spares a healthy and a flat position', async () => {
    const trader = await thinTrader();
    expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
    must(await exchange().close(trader));
    expect((await exchange().liquidate(trader)).error).toBe('PositionFlat');
  });

  it('takes shorts as well', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader, { side: 'short', leverageE2: 2_000 }));
    exchange().nextPrice(exchange().market, 103n * USD_PRICE);
    const liquidated = eventOf(must(await exchange().liquidate(trader)), 'positionLiquidated');
    expect(liquidated).toMatchObject({ realizedPnl: -30n * USDC, badDebt: 0n });
  });

  it('goes on while the market is halted and everything is paused', async () => {
    const trader = await thinTrader();
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = { halted: {} } as never;
    });
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = 2 ** 32 - 1;
    });
    exchange().nextPrice(exchange().market, { price: 97n * USD_PRICE, ema: 50n * USD_PRICE });
    must(await exchange().liquidate(trader));
  });
});

describe('the money', () => {
  it('the fee is shared by keeper and insurance, the rest goes back to the trader', async () => {
    const [trader, liquidator] = [await thinTrader(), await exchange().trader(0n)];
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    const sent = must(await exchange().liquidate(trader, { liquidator: liquidator.wallet.publicKey }));
    const liquidated = eventOf(sent, 'positionLiquidated');
    expect(liquidated).toMatchObject({
      size: 10n * BASE,
      realizedPnl: -30n * USDC,
      liquidationFee: 9_700_000n,
      keeperShare: 1_940_000n,
      insuranceShare: 7_760_000n,
      keeperReward: 1_940_000n,
      marginReleased: 10_300_000n,
      equityE26: 20n * 10n ** 26n,
      maintenanceE26: 2_425n * 10n ** 24n,
      liquidator: liquidator.wallet.publicKey.toBase58(),
      insurance: null,
    });
    expect(exchange().account(liquidator).collateral).toBe(1_940_000n);
    const rewarded = eventOf(sent, 'liquidationRewarded');
    expect(rewarded).toMatchObject({ amount: 1_940_000n, liquidatedPositionSeq: liquidated.positionSeq });
    expect(rewarded.accountSeq).toBe(exchange().account(liquidator).seq);
    expect(exchange().marketState().insuranceAccrued).toBe(7_760_000n + 100_000n);
  });

  it('the keeper’s share stays with insurance where nobody takes it', async () => {
    const trader = await thinTrader();
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    const liquidated = eventOf(must(await exchange().liquidate(trader)), 'positionLiquidated');
    expect(liquidated).toMatchObject({ keeperShare: 0n, insuranceShare: 9_700_000n, keeperReward: 0n });
  });

  it('bad debt needs insurance, and what it lacks is recorded', async () => {
    const trader = await thinTrader();
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.treasuryAccrued = market.treasuryAccrued.add(market.insuranceAccrued);
      market.insuranceAccrued = bn(0n);
    });
    exchange().nextPrice(exchange().market, 94n * USD_PRICE);
    expect((await exchange().liquidate(trader, { withInsurance: false })).error).toBe('NeedsInsurance');
    const liquidated = eventOf(must(await exchange().liquidate(trader)), 'positionLiquidated');
    expect(liquidated).toMatchObject({ badDebt: 10n * USDC, liquidationFee: 0n, insurance: null });
    expect(exchange().marketState()).toMatchObject({ badDebt: 10n * USDC, badDebtUncovered: 10n * USDC });
  });

  it('insurance tops a reward up to its minimum, no more than its cap per hour', async () => {
    const liquidator = await exchange().trader(0n);
    const settled = await exchange().trader();
    for (let round = 0; round < 3; round += 1) {
      must(await exchange().open(settled, { size: 100n * BASE }));
      must(await exchange().close(settled));
    }
    must(await exchange().settle(exchange().market));
    await exchange().chain.rewrite('insurance', addresses.insurance, (insurance) => {
      insurance.topupCapPerHour = bn(7_000n);
    });
    const toppedUp = async () => {
      const trader = await exchange().trader();
      exchange().nextPrice(exchange().market, 100n * USD_PRICE);
      must(await exchange().open(trader, { leverageE2: 2_000 }));
      exchange().nextPrice(exchange().market, 95n * USD_PRICE);
      const sent = must(await exchange().liquidate(trader, { liquidator: liquidator.wallet.publicKey }));
      return eventOf(sent, 'positionLiquidated');
    };
    expect(await toppedUp()).toMatchObject({ keeperShare: 0n, keeperReward: 5_000n, insurance: { topup: 5_000n } });
    expect(await toppedUp()).toMatchObject({ keeperReward: 2_000n });
    expect(await toppedUp()).toMatchObject({ keeperReward: 0n, insurance: null });
    exchange().chain.advance(3_600n);
    expect(await toppedUp()).toMatchObject({ keeperReward: 5_000n });
    expect(exchange().account(liquidator).collateral).toBe(12_000n);
  });

  it('a payout neither backing nor insurance can make is owed to the trader', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    const remove = await build.removeMargin(exchange().command(trader), 100n * USDC);
    must(exchange().send([remove], [exchange().keeper]));
    const taken = exchange().marketState().backing - 5n * USDC;
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.backing = bn(5n * USDC);
    });
    await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
      pool.free = pool.free.add(bn(taken));
    });
    exchange().nextPrice(exchange().market, 102n * USD_PRICE);
    expect((await exchange().liquidate(trader, { withInsurance: false })).error).toBe('NeedsInsurance');
    const liquidated = eventOf(must(await exchange().liquidate(trader)), 'positionLiquidated');
    expect(liquidated).toMatchObject({ realizedPnl: 20n * USDC, payoutOwed: 15n * USDC, liquidationFee: 5n * USDC });
    expect(exchange().position(trader).payoutOwed).toBe(15n * USDC);
    expect(exchange().marketState().payoutsOwed).toBe(15n * USDC);
  });
});

describe('who and when', () => {
  it('anyone, at a price at most 5 seconds old; a keeper, at any acceptable price', async () => {
    const [first, second] = [await thinTrader(), await thinTrader()];
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    exchange().chain.advance(6n);
    expect((await exchange().liquidate(first, { keeper: null })).error).toBe('OracleStale');
    must(await exchange().liquidate(first));
    exchange().price(exchange().market, 97n * USD_PRICE);
    exchange().chain.advance(5n);
    must(await exchange().liquidate(second, { keeper: null }));
  });

  it('nobody who only claims to be a keeper', async () => {
    const trader = await thinTrader();
    const stranger = exchange().chain.wallet();
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    const input = {
      owner: trader.wallet.publicKey,
      market: exchange().market.key,
      priceUpdate: exchange().market.priceAccount,
      keeper: stranger.publicKey,
      withInsurance: true,
      liquidator: null,
    };
    expect(exchange().send([await build.liquidatePosition(input)], [stranger]).error).toBe('NotKeeper');
  });

  it('nobody rewards the account he liquidates', async () => {
    const trader = await thinTrader();
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    const sent = await exchange().liquidate(trader, { liquidator: trader.wallet.publicKey });
    expect(['SelfLiquidation', 'Anchor 2040']).toContain(sent.error);
  });

  it('accounts of another trader or market are refused', async () => {
    const [trader, other] = [await thinTrader(), await exchange().trader()];
    const market = await exchange().addMarket({ weightBps: 0 });
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    const input = {
      owner: trader.wallet.publicKey,
      market: exchange().market.key,
      priceUpdate: exchange().market.priceAccount,
      keeper: null,
      withInsurance: true,
      liquidator: null,
    };
    const swapped = async (from: { toBase58(): string }, to: typeof market.key) => {
      const instruction = await build.liquidatePosition(input);
      for (const meta of instruction.keys) if (meta.pubkey.toBase58() === from.toBase58()) meta.pubkey = to;
      return exchange().send([instruction], []).error;
    };
    const own = addresses.user(trader.wallet.publicKey);
    expect(await swapped(own, addresses.user(other.wallet.publicKey))).toBe('NotOwner');
    expect(await swapped(exchange().market.key, market.key)).toBe('WrongMarket');
    expect(await swapped(addresses.insurance, addresses.treasury)).toMatch(/^Anchor /);
  });

  it('a liquidation makes every command prepared before it stale', async () => {
    const trader = await thinTrader();
    const close = await build.closePosition(exchange().command(trader), { size: build.ALL, worstPrice: 1n });
    exchange().nextPrice(exchange().market, 97n * USD_PRICE);
    must(await exchange().liquidate(trader));
    expect(exchange().send([close], [exchange().keeper]).error).toBe('StaleCommand');
  });
});
