import { describe, expect, it } from 'vitest';
import { eventOf } from '#support/program/chain.ts';
import { BASE, type Trader, USDC, must } from '#support/program/exchange.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const i64Max = 2n ** 63n - 1n;

/** A long and a short of 10 units at 100 USD, then this price a second later. */
async function move(price: bigint): Promise<Record<'long' | 'short', Trader>> {
  const [long, short] = [await exchange().trader(), await exchange().trader()];
  must(await exchange().open(long, { size: 10n * BASE }));
  must(await exchange().open(short, { side: 'short', size: 10n * BASE }));
  exchange().nextPrice(exchange().market, price);
  return { long, short };
}

describe.each([
  ['falls to the smallest there is', 1n, 'long'],
  ['rises to the largest there is', i64Max, 'short'],
] as const)('where the price %s', (_what, price, loser) => {
  const winner = loser === 'long' ? 'short' : 'long';

  it('the loser is liquidated, and what he cannot pay is bad debt', async () => {
    const traders = await move(price);
    const liquidated = eventOf(must(await exchange().liquidate(traders[loser])), 'positionLiquidated');
    expect(liquidated.after.size).toBe(0n);
    expect(liquidated.badDebt).toBeGreaterThan(0n);
    expect(liquidated.before.margin).toBe(100n * USDC);
  });

  it('the winner can win no more than his reserve: a long is closed there by anyone, a short is a unit of price short of it', async () => {
    const traders = await move(price);
    const closed = await exchange().closeCapped(traders[winner]);
    if (winner === 'short') expect(closed.error).toBe('NotCapped');
    const won = eventOf(
      winner === 'long' ? must(closed) : must(await exchange().close(traders.short)),
      'positionReduced',
    );
    expect(won.before.reserve).toBe(1_000n * USDC);
    expect(won.realizedPnl).toBe(winner === 'long' ? 1_000n * USDC : 1_000n * USDC - 1n);
  });

  it('each of them can close', async () => {
    const traders = await move(price);
    must(await exchange().close(traders[winner], { withInsurance: true }));
    must(await exchange().close(traders[loser], { withInsurance: true }));
  });

  it('each of them can close on request, and by a trade', async () => {
    const traders = await move(price);
    must(await exchange().requestClose(traders[loser]));
    exchange().chain.advance(5n);
    exchange().nextPrice(exchange().market, price);
    must(await exchange().executeCloseRequest(traders[loser], true));
    const side = winner === 'long' ? 'short' : 'long';
    must(await exchange().trade(traders[winner], { side, size: 10n * BASE, withInsurance: true }));
  });

  it('the market still settles', async () => {
    await move(price);
    must(await exchange().settle(exchange().market));
  });
});

it('at the smallest price a trade of any size is refused by name', async () => {
  exchange().nextPrice(exchange().market, 1n);
  const trader = await exchange().trader();
  expect((await exchange().open(trader, { size: 1n })).error).toBe('BelowMinNotional');
  expect((await exchange().open(trader, { size: 10n ** 17n })).error).toBe('OpenInterestExceeded');
});

it('at the largest price a trade of any size is refused by name', async () => {
  exchange().nextPrice(exchange().market, i64Max);
  const trader = await exchange().trader();
  expect((await exchange().open(trader, { size: BASE })).error).toBe('UtilisationExceeded');
  expect((await exchange().open(trader, { size: 100n * BASE })).error).toBe('NotionalTooLarge');
});
