import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { billedNames, billedOf, noneBilled } from '../load/billed.ts';
import { readMeasured, scalePage, scaleText } from '../load/cost-pages.ts';
import { behaviour, billOf, type Measured } from '../load/cost-model.ts';
import { difference, percentile, saturation } from '../load/figures.ts';
import { sumsOf } from '../load/gauges.ts';
import { chosen, mix, requestsPerSecond, requestsPerTraderMinute } from '../load/mix.ts';
import { lineUsd, planUsd } from '../load/prices.ts';

describe('docs/scale.md', () => {
  it('has the tables of the mix, the measurement, the prices and the model as they are (npm run docs)', async () => {
    expect(await scaleText()).toBe(readFileSync(scalePage, 'utf8'));
  });
});

describe('the mix of a trader', () => {
  it('draws every operation as often as its table says', () => {
    const draws = requestsPerTraderMinute * 100;
    const drawn = Array.from({ length: draws }, (_, index) => chosen((index + 0.5) / draws));
    for (const { operation, perMinute } of mix)
      expect([operation, drawn.filter((name) => name === operation).length]).toEqual([operation, perMinute * 100]);
    expect(requestsPerSecond(60)).toBe(requestsPerTraderMinute);
  });
});

describe('the figures of a run', () => {
  it('take the percentile by nearest rank, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.95, 0.99, 1].map((at) => percentile(values, at))).toEqual([50, 95, 99, 100]);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('name what a step was too much for', () => {
    const calm = { offered: 100, answered: 99, readP95Ms: 50, failedShare: 0 };
    expect(saturation(calm)).toBeNull();
    expect(saturation({ ...calm, failedShare: 0.02 })).toBe('2.0 % failed');
    expect(saturation({ ...calm, readP95Ms: 1_001 })).toBe('reads take 1001 ms (p95)');
    expect(saturation({ ...calm, answered: 79 })).toBe('79 % of the offered requests');
  });

  it('add up the series of a gauge, and tell what grew', () => {
    expect(sumsOf('# HELP a b\na{m="1"} 2\na{m="2"} 3\nb 4\n')).toEqual({ a: 5, b: 4 });
    expect(difference({ a: 1, b: 2 }, { a: 4, b: 2, c: 1 })).toEqual({ a: 3, c: 1 });
  });
});

describe('the cost model', () => {
  const measured: Measured = {
    restPerSecond: noneBilled(),
    actions: Object.fromEntries(behaviour.map(({ action }) => [action, { ...noneBilled(), rowsWritten: 10 }])),
  };

  it('charges what is above the part that a plan includes', () => {
    expect(lineUsd('workerRequests', 10_000_000)).toBe(0);
    expect(lineUsd('workerRequests', 12_000_000)).toBeCloseTo(0.6);
  });

  it('sums what users do, by their behaviour and the measurement of each action', () => {
    const rows = behaviour.reduce((sum, { perMonth }) => sum + perMonth * 10, 0);
    const { lines, cloudflare, neon, solana, total } = billOf(1_000_000, measured);
    expect(lines.find(({ name }) => name === 'rowsWritten')?.quantity).toBeCloseTo(rows * 1_000_000);
    expect(total).toBeCloseTo(lines.reduce((sum, { usd }) => sum + usd, planUsd));
    expect(cloudflare + neon + solana).toBeCloseTo(total);
  });

  it('refuses a measurement that lacks an action of the behaviour, and has one of each', () => {
    expect(() => billOf(1, { ...measured, actions: {} })).toThrow('was not measured');
    const { actions } = readMeasured();
    expect(behaviour.map(({ action }) => action).filter((action) => !(action in actions))).toEqual([]);
  });

  it('counts calls of objects, their alarms, and a twentieth of what sockets send', () => {
    const billed = billedOf({ 'object MARKETS.snapshot': 3, 'alarm INDEXER': 2, 'webSocketMessage MARKETS': 20 });
    expect(billed.objectRequests).toBe(6);
    expect(billedNames.filter((name) => name !== 'objectRequests' && billed[name] !== 0)).toEqual([]);
  });
});
