import { describe, expect, it } from 'vitest';
import { eventOf } from '#support/program/chain.ts';
import { BASE, TestExchange, type Trader, USD_PRICE, defaultConfig, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';

/** Puts another payoff cap in force, by a proposal and its execution. */
async function changeCap(exchange: TestExchange, payoffCapBps: number): Promise<void> {
  const { admin } = exchange;
  const change = { marketConfig: { marketIndex: 0, config: { ...defaultConfig(), payoffCapBps } } };
  must(await exchange.settle(exchange.market));
  must(exchange.send([await build.proposeChange(admin.publicKey, admin.publicKey, 0n, change)], [admin]));
  must(exchange.send([await build.executeChange(0n, admin.publicKey, change)], []));
}

async function profitOf(exchange: TestExchange, trader: Trader, size?: bigint): Promise<bigint> {
  const closed = must(await exchange.close(trader, size === undefined ? {} : { size }));
  return eventOf(closed, 'positionReduced').realizedPnl;
}

describe('a payoff cap that changes while positions are open', () => {
  it.each([
    ['long', 'raised', 1_000, 10_000],
    ['short', 'raised', 1_000, 10_000],
    ['long', 'lowered', 10_000, 1_000],
    ['short', 'lowered', 10_000, 1_000],
    ['long', 'left as it is', 1_000, 1_000],
    ['short', 'left as it is', 1_000, 1_000],
  ] as const)('a %s wins as much in parts as at once where it was %s', async (side, _what, before, after) => {
    const exchange = await TestExchange.create({ config: { payoffCapBps: before } });
    const [whole, parts] = [await exchange.trader(), await exchange.trader()];
    for (const trader of [whole, parts]) must(await exchange.open(trader, { side, size: 10n * BASE, leverageE2: 500 }));
    exchange.nextPrice(exchange.market, (side === 'long' ? 105n : 95n) * USD_PRICE);
    if (before !== after) await changeCap(exchange, after);
    const atOnce = await profitOf(exchange, whole);
    expect(atOnce).toBe(50_000_000n);
    const inParts = [await profitOf(exchange, parts, 5n * BASE), await profitOf(exchange, parts, 3n * BASE)];
    inParts.push(await profitOf(exchange, parts));
    expect(inParts).toEqual([25_000_000n, 15_000_000n, 10_000_000n]);
  });
});
