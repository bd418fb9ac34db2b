import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const owed = 15n * USDC;

/** Moves money between the books, which stay balanced: `amount` from the pool's free assets. */
async function fromFree(to: 'backing' | 'insurance', amount: bigint): Promise<void> {
  await exchange().chain.rewrite('pool', addresses.pool, (pool) => {
    pool.free = pool.free.sub(bn(amount));
  });
  if (to === 'backing')
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.backing = market.backing.add(bn(amount));
    });
  else
    await exchange().chain.rewrite('insurance', addresses.insurance, (insurance) => {
      insurance.balance = insurance.balance.add(bn(amount));
    });
}

/** A trader to whom a liquidation left 15 USDC owed: 20 USDC won, 5 USDC in the backing, which is empty since. */
async function owedTrader(): Promise<Trader> {
  const trader = await exchange().trader(1_000n * USDC);
  must(await exchange().open(trader));
  exchange().nextPrice(exchange().market, 110n * USD_PRICE);
  const remove = await build.removeMargin(exchange().command(trader), 100n * USDC);
  must(exchange().send([remove], [exchange().keeper]));
  await fromFree('backing', 5n * USDC - exchange().marketState().backing);
  exchange().nextPrice(exchange().market, 102n * USD_PRICE);
  expect(eventOf(must(await exchange().liquidate(trader)), 'positionLiquidated').payoutOwed).toBe(owed);
  return trader;
}

describe('pay_owed', () => {
  it('pays later what the pool could not pay at once, as soon as it has it, by anyone and without a price', async () => {
    const trader = await owedTrader();
    expect((await exchange().payOwed(trader)).error).toBe('PoolShort');
    must(await exchange().settle(exchange().market));
    const { backing } = exchange().marketState();
    const { collateral } = exchange().account(trader);
    exchange().chain.advance(100_000n);
    const paid = eventOf(must(await exchange().payOwed(trader)), 'payoutMade');
    expect(paid).toMatchObject({
      ...{ amount: owed, payoutOwed: 0n, fromInsurance: null, collateral: collateral + owed },
      ...{ owner: trader.wallet.publicKey.toBase58(), positionSeq: exchange().position(trader).eventSeq },
      ...{ accountSeq: exchange().account(trader).seq, marketSeq: exchange().marketState().eventSeq },
      marketAfter: { payoutsOwed: 0n, backing: backing - owed, insuranceDebt: 0n },
    });
    expect(exchange().account(trader).collateral).toBe(collateral + owed);
    expect(exchange().position(trader).payoutOwed).toBe(0n);
    expect((await exchange().payOwed(trader)).error).toBe('NothingOwed');
  });

  it('pays in part, from the pool first, then by a loan of insurance that the pool repays', async () => {
    const trader = await owedTrader();
    await fromFree('backing', 2n * USDC);
    await fromFree('insurance', 3n * USDC);
    const first = eventOf(must(await exchange().payOwed(trader, true)), 'payoutMade');
    expect(first).toMatchObject({ amount: 5n * USDC, payoutOwed: 10n * USDC });
    expect(first.fromInsurance).toMatchObject({ lent: 3n * USDC, covered: 0n, topup: 0n, balance: 0n });
    expect(first.fromInsurance?.insuranceSeq).toBe(exchange().chain.fetch('insurance', addresses.insurance).eventSeq);
    expect(exchange().marketState()).toMatchObject({ backing: 0n, insuranceDebt: 3n * USDC, payoutsOwed: 10n * USDC });
    expect((await exchange().payOwed(trader, true)).error).toBe('PoolShort');
  });

  it('touches no reserve: what other traders may win is not paid out', async () => {
    const trader = await owedTrader();
    must(await exchange().settle(exchange().market));
    must(await exchange().open(await exchange().trader()));
    const { backing, long } = exchange().marketState();
    await fromFree('backing', long.reserve + 1n - backing);
    expect(eventOf(must(await exchange().payOwed(trader)), 'payoutMade').amount).toBe(1n);
    expect((await exchange().payOwed(trader)).error).toBe('PoolShort');
  });

  it('waits for a position that was opened again, and is neither its command nor part of it', async () => {
    const trader = await owedTrader();
    must(await exchange().settle(exchange().market));
    must(await exchange().trade(trader, { side: 'short', size: 4n * BASE }));
    expect(exchange().position(trader).payoutOwed).toBe(owed);
    const { seq, state } = exchange().position(trader);
    const order = await build.closePosition(exchange().command(trader), { size: build.ALL, worstPrice: 2n ** 60n });
    must(await exchange().payOwed(trader));
    expect(exchange().position(trader)).toMatchObject({ seq, state, payoutOwed: 0n });
    must(exchange().send([order], [exchange().keeper]));
  });

  it('pays nobody else: account, position and market must belong together', async () => {
    const [trader, other] = [await owedTrader(), await exchange().trader()];
    must(await exchange().settle(exchange().market));
    const market = await exchange().addMarket({ weightBps: 0 });
    const swapped = async (from: { toBase58(): string }, to: typeof market.key) => {
      const instruction = await build.payOwed(trader.wallet.publicKey, exchange().market.key, true);
      for (const meta of instruction.keys) if (meta.pubkey.toBase58() === from.toBase58()) meta.pubkey = to;
      return exchange().send([instruction], []).error;
    };
    const own = addresses.user(trader.wallet.publicKey);
    expect(await swapped(own, addresses.user(other.wallet.publicKey))).toBe('NotOwner');
    expect(await swapped(exchange().market.key, market.key)).toBe('WrongMarket');
    expect(await swapped(addresses.insurance, addresses.treasury)).toMatch(/^Anchor /);
  });
});
