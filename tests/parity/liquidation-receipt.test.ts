/** What anyone can recompute of a liquidation from its event: the same figures the liquidation had, in every state. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { price, quote } from '#shared/money/units.ts';
import { recomputeLiquidation } from '#shared/perps/liquidation-receipt.ts';
import { type ParityCase, answer } from './functions.ts';
import { Random } from './random.ts';
import { type JsonRecord, big, child, flag, readMarket, readPosition } from './records.ts';
import { World } from './world.ts';

const worlds = 150;
const commandsPerWorld = 150;

/** Recomputes a liquidation that was done from what its event would say, and compares every figure. Answers what kind it was. */
function check({ input }: ParityCase, output: JsonRecord): 'part' | 'full' | 'owed' {
  const [before, after] = [readPosition(child(input, 'position')), readPosition(child(output, 'position'))];
  const market = readMarket(child(input, 'market'));
  const figures = (name: string): bigint => big(output, name);
  const decision = recomputeLiquidation({
    before,
    price: price(big(child(input, 'oracle'), 'price')),
    indexes: market,
    parameters: market.config,
    payoutOwed: quote(figures('payout_owed')),
    rewardTaken: input['reward_taken'] === undefined || flag(input, 'reward_taken'),
  });
  expect(decision).toMatchObject({
    isAllowed: true,
    size: figures('size'),
    realizedPnl: figures('realized_pnl'),
    funding: figures('funding'),
    borrow: figures('borrow'),
    liquidationFee: figures('liquidation_fee'),
    keeperShare: figures('keeper_share'),
    insuranceShare: figures('liquidation_fee') - figures('keeper_share'),
    marginReleased: figures('margin_released'),
    badDebt: figures('bad_debt'),
    entryValue: before.entryValue - after.entryValue,
    marginAfter: after.margin,
  });
  if (figures('payout_owed') > 0n) return 'owed';
  return after.size > 0n ? 'part' : 'full';
}

test('a liquidation recomputed from its evidence has the size, fee and shares it had', () => {
  const kinds = { part: 0, full: 0, owed: 0 };
  for (let seed = 1; seed <= worlds; seed += 1) {
    const world = new World(new Random(seed), 'complete');
    for (let i = 0; i < commandsPerWorld; i += 1) {
      if (world.random.chance(0.4)) world.tick();
      const { item, done } = world.step();
      if (item.fn === 'liquidate' && 'output' in done) kinds[check(item, done.output)] += 1;
    }
  }
  expect(kinds.part).toBeGreaterThan(100);
  expect(kinds.full).toBeGreaterThan(100);
});

test('so has every golden vector of a liquidation, payouts that stay owed among them', () => {
  const text = readFileSync(new URL('./vectors/position.json', import.meta.url), 'utf8');
  const { cases } = JSON.parse(text) as { cases: ParityCase[] };
  const kinds = cases.flatMap((item) => {
    const done = item.fn === 'liquidate' ? answer(item) : { error: '' };
    return 'output' in done ? [check(item, done.output)] : [];
  });
  expect(kinds).toContain('owed');
  expect(kinds).toContain('part');
});
