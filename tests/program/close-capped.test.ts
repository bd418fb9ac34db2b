import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

/** At most 10 % of the entry notional can be won; impact is on. */
const exchange = exchangePerTest({
  config: { payoffCapBps: 1_000, skewScale: bn(2_000_000n * BASE) },
});

/** 10 units at 100 USD with 10× leverage: capped beyond 110 USD (a short below 90). */
async function capTrader(side: build.Side = 'long'): Promise<Trader> {
  const trader = await exchange().trader(1_000n * USDC);
  must(await exchange().open(trader, { side }));
  return trader;
}

describe('close_capped', () => {
  it.each<[build.Side, bigint]>([
    ['long', 110n * USD_PRICE],
    ['short', 90n * USD_PRICE],
  ])('spares a %s at its cap and takes it one unit beyond', async (side, cap) => {
    const trader = await capTrader(side);
    exchange().nextPrice(exchange().market, cap);
    expect((await exchange().closeCapped(trader)).error).toBe('NotCapped');
    exchange().nextPrice(exchange().market, side === 'long' ? cap + 1n : cap - 1n);
    must(await exchange().closeCapped(trader));
    expect((await exchange().closeCapped(trader)).error).toBe('PositionFlat');
  });

  it('pays margin and reserve to the last unit, without spread, fee or impact, and frees the reserve', async () => {
    const trader = await capTrader();
    const { collateral } = exchange().account(trader);
    const { margin, reserve } = exchange().position(trader).state;
    exchange().nextPrice(exchange().market, { price: 130n * USD_PRICE, conf: 5n * USD_PRICE });
    const before = exchange().marketState();
    const closed = eventOf(must(await exchange().closeCapped(trader)), 'positionReduced');
    expect(closed).toMatchObject({
      ...{ reason: { capped: {} }, keeper: PublicKey.default.toBase58(), delegated: false, worstPrice: 0n },
      ...{ fillPrice: 130n * USD_PRICE, fee: 0n, impact: 0n, feeSplit: { pool: 0n, insurance: 0n, treasury: 0n } },
      ...{ size: 10n * BASE, realizedPnl: 100n * USDC, marginReleased: margin + reserve, commandSeq: 2n },
      ...{ orderId: Array<number>(16).fill(0), minPublishTime: exchange().chain.now - 5n },
    });
    expect(reserve).toBe(100n * USDC);
    expect(exchange().account(trader)).toMatchObject({ collateral: collateral + margin + reserve, openPositions: 0 });
    expect(exchange().marketState()).toMatchObject({
      backing: before.backing - 100n * USDC,
      feesCollected: before.feesCollected,
      long: { size: 0n, reserve: 0n },
    });
  });

  it('anyone cannot look back: only a price of the last 5 seconds, and none older than one accepted', async () => {
    const trader = await capTrader();
    exchange().nextPrice(exchange().market, 120n * USD_PRICE);
    const capped = exchange().chain.data(exchange().market.priceAccount);
    exchange().chain.advance(6n);
    expect((await exchange().closeCapped(trader)).error).toBe('OracleStale');
    exchange().price(exchange().market, 105n * USD_PRICE);
    expect((await exchange().closeCapped(trader)).error).toBe('NotCapped');
    must(exchange().send([await build.refreshMarket(exchange().market.key, exchange().market.priceAccount)], []));
    const owner = new PublicKey(exchange().marketState().oracle.receiverProgram);
    exchange().chain.setData(exchange().market.priceAccount, owner, capped ?? new Uint8Array());
    expect((await exchange().closeCapped(trader, { byKeeper: true })).error).toBe('OracleOutOfOrder');
  });

  it('a keeper may use any acceptable price, nobody who only claims to be one', async () => {
    const trader = await capTrader();
    exchange().nextPrice(exchange().market, 120n * USD_PRICE);
    exchange().chain.advance(59n);
    const stranger = exchange().chain.wallet();
    const input = {
      owner: trader.wallet.publicKey,
      market: exchange().market.key,
      priceUpdate: exchange().market.priceAccount,
      withInsurance: false,
      keeper: stranger.publicKey,
    };
    expect(exchange().send([await build.closeCapped(input)], [stranger]).error).toBe('NotKeeper');
    const closed = eventOf(must(await exchange().closeCapped(trader, { byKeeper: true })), 'positionReduced');
    expect(closed).toMatchObject({
      keeper: exchange().keeper.publicKey.toBase58(),
      delegated: false,
      minPublishTime: 0n,
    });
  });

  it('racing an order, it makes the order stale; an order that came first leaves it nothing', async () => {
    const [first, second] = [await capTrader(), await capTrader()];
    exchange().nextPrice(exchange().market, 120n * USD_PRICE);
    const flip = { side: 'short', size: 15n * BASE, leverageE2: 1_000, worstPrice: 1n } as const;
    const order = await build.trade(exchange().command(first), flip);
    must(await exchange().closeCapped(first));
    expect(exchange().send([order], [exchange().keeper]).error).toBe('StaleCommand');
    must(await exchange().trade(second, flip));
    expect((await exchange().closeCapped(second)).error).toBe('NotCapped');
  });

  it('goes on while the market is halted and everything is paused', async () => {
    const trader = await capTrader();
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = { halted: {} } as never;
    });
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = 2 ** 32 - 1;
    });
    exchange().nextPrice(exchange().market, { price: 120n * USD_PRICE, ema: 50n * USD_PRICE });
    must(await exchange().closeCapped(trader));
  });

  it('borrows from insurance what the backing lacks, and needs it passed', async () => {
    const trader = await capTrader();
    const shift = exchange().marketState().backing - 40n * USDC;
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.backing = bn(40n * USDC);
    });
    await exchange().chain.rewrite('insurance', addresses.insurance, (insurance) => {
      insurance.balance = insurance.balance.add(bn(shift));
    });
    exchange().nextPrice(exchange().market, 120n * USD_PRICE);
    expect((await exchange().closeCapped(trader)).error).toBe('NeedsInsurance');
    const closed = eventOf(must(await exchange().closeCapped(trader, { withInsurance: true })), 'positionReduced');
    expect(closed.insurance).toMatchObject({ lent: 60n * USDC, covered: 0n });
    expect(exchange().marketState()).toMatchObject({ backing: 0n, insuranceDebt: 60n * USDC });
  });
});
