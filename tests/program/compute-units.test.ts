import { mkdirSync, writeFileSync } from 'node:fs';
import { Keypair } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fundTrader, keepPool, marketsWithoutTable, mint, redeem } from './compute/funds.ts';
import { governAll, leaveTheVault } from './compute/governance.ts';
import { Costs, bytesMax } from './compute/measure.ts';
import { documentTable, documentedTable, tableOf } from './compute/table.ts';
import { TradingLife } from './compute/trading.ts';
import { WorstCase, marketsMax, seededKeys } from './compute/world.ts';

/** What a transaction may take; its compute-budget instruction may ask for more, but nothing that trades should have to. */
const unitsMax = 120_000;
/** Pool requests are executed with every market: for each that is not the first, at most this. */
const unitsPerMarketMax = 25_000;
const report = new URL('../../test-results/compute-units.json', import.meta.url);

let costs: Costs;
/** Markets that the largest redemption drew on. */
let drawnOn = 0;
let withoutTable = 0;
const unitsOf = (name: string): number => {
  const cost = costs.byName.get(name);
  if (cost === undefined) throw new Error(`${name} was not measured`);
  return cost.units;
};

beforeAll(async () => {
  vi.spyOn(Keypair, 'generate').mockImplementation(seededKeys());
  const world = await WorstCase.create();
  costs = new Costs(world.exchange);
  await world.addMarket();
  const provider = await world.provide();
  await mint(world, costs, provider, 10n ** 14n + 1n);
  await redeem(world, costs, provider, 3n);
  while (world.exchange.markets.length < marketsMax) await world.addMarket();
  await world.settleAll();
  await world.populate();
  world.move(86_400n, 10_003n);
  drawnOn = await redeem(world, costs, provider, 80n);
  await mint(world, costs, provider, 7n * 10n ** 16n + 1n);
  await world.settleAll();
  withoutTable = await marketsWithoutTable(world, costs, provider);
  await keepPool(world, costs, provider);
  for (const market of [world.longMarket, world.shortMarket]) {
    const life = new TradingLife(world, costs, market, await fundTrader(world, costs), await world.trader());
    await life.trade();
    await life.liquidate();
    await life.capped();
  }
  await leaveTheVault(world, costs, await fundTrader(world, costs));
  await governAll(world, costs);
});

afterAll(() => {
  vi.restoreAllMocks();
  mkdirSync(new URL('.', report), { recursive: true });
  writeFileSync(report, `${JSON.stringify(Object.fromEntries(costs.byName), null, 2)}\n`);
});

describe('with 16 markets, every feature switched on, large positions, insurance and a liquidator passed', () => {
  it('every transaction but the execution of a pool request takes fewer than 120,000 compute units', () => {
    const more = [...costs.byName].filter(
      ([name, { units }]) => !name.startsWith('execute_pool_request') && units >= unitsMax,
    );
    expect(more).toEqual([]);
  });

  it('executing a pool request, drawing on every market, takes at most 25,000 units for each further market', () => {
    expect(drawnOn).toBe(marketsMax);
    for (const kind of ['mint', 'redeem']) {
      const one = unitsOf(`execute_pool_request: ${kind}, markets: 1`);
      const all = unitsOf(`execute_pool_request: ${kind}, markets: ${marketsMax}`);
      expect(one).toBeLessThan(unitsMax);
      expect((all - one) / (marketsMax - 1), kind).toBeLessThan(unitsPerMarketMax);
    }
  });

  it('every transaction fits 1,232 bytes, compute budget, creation of the position and all signatures included', () => {
    expect([...costs.byName].filter(([, { bytes }]) => bytes > bytesMax)).toEqual([]);
  });

  it('docs/program.md has these numbers (npm run program:compute writes them)', async () => {
    const table = await tableOf(costs.byName, withoutTable);
    if (process.env.MODE === 'refresh') documentTable(table);
    expect(documentedTable()).toBe(table.trim());
  });
});
