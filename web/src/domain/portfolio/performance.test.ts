import { expect, test } from 'vitest';

import { usdc } from '../testing.ts';
import { changeOver, isFunded, performanceCurve, resultOver, totalsOf } from './performance.ts';
import { pointAt } from './testing.ts';

const newestFirst = [
  pointAt('2026-01-03T00:00:00.000Z', { total_balance: usdc('1010') }),
  pointAt('2026-01-02T12:00:00.000Z'),
  pointAt('2025-11-01T00:00:00.000Z', { total_balance: usdc('500') }),
];
const nowMs = Date.parse('2026-01-03T00:02:00.000Z');
const curveOf = (metric: 'equity' | 'realized' | 'drawdown', range: 'day' | 'all', equity = usdc('1020')) =>
  performanceCurve({ rows: newestFirst, complete: false }, { metric, range, nowMs, equity }).map(({ value }) => value);

test('a curve runs from old to new within its range, and the equity of now closes it', () => {
  expect(curveOf('equity', 'day')).toEqual([usdc('1000'), usdc('1010'), usdc('1020')]);
  expect(curveOf('equity', 'all')).toHaveLength(4);
});

test('the realised result is after fees, and a drawdown lies below zero', () => {
  expect(curveOf('realized', 'day')).toEqual([usdc('17'), usdc('17')]);
  expect(curveOf('drawdown', 'day')).toEqual([usdc('-5'), usdc('-5')]);
});

test('an equity that is not known, or without a point before it, closes nothing', () => {
  const options = { metric: 'equity', range: 'day', nowMs, equity: undefined } as const;
  expect(performanceCurve({ rows: newestFirst, complete: false }, options)).toHaveLength(2);
  expect(performanceCurve({ rows: [], complete: true }, { ...options, equity: usdc('5') })).toEqual([]);
});

test('an account that began within the range begins with nothing won or lost, however late its first point is', () => {
  const rows = [pointAt('2026-01-03T00:00:00.000Z', { total_balance: usdc('4525'), net_realized_pnl: usdc('-470') })];
  const points = { rows, complete: true };
  const options = { range: 'day', nowMs, equity: undefined } as const;
  const valuesOf = (metric: 'equity' | 'realized') =>
    performanceCurve(points, { ...options, metric }).map(({ value }) => value);
  expect(valuesOf('equity')).toEqual([usdc('4998'), usdc('4525')]);
  expect(valuesOf('realized')).toEqual([0n, usdc('-473')]);
  expect(resultOver(points, options)).toEqual({ change: usdc('-473'), from: usdc('4998') });
});

test('what was won or lost over a range leaves deposits out', () => {
  const before = pointAt('2025-12-30T00:00:00.000Z', { total_balance: usdc('1000'), net_realized_pnl: usdc('20') });
  const deposited = pointAt('2026-01-03T00:00:00.000Z', { total_balance: usdc('3010'), net_realized_pnl: usdc('30') });
  const points = { rows: [deposited, before], complete: true };
  expect(resultOver(points, { range: 'day', nowMs })).toEqual({ change: usdc('10'), from: usdc('3000') });
  expect(resultOver({ rows: [before], complete: true }, { range: 'day', nowMs })).toBeNull();
});

test('a change needs two figures', () => {
  const curve = performanceCurve(
    { rows: newestFirst, complete: false },
    { metric: 'equity', range: 'day', nowMs, equity: usdc('990') },
  );
  expect(changeOver(curve)).toEqual({ change: usdc('-10'), from: usdc('1000') });
  expect(changeOver(curve.slice(0, 1))).toBeNull();
});

test('totals are those of the newest point', () => {
  expect(totalsOf(newestFirst)).toEqual({
    realizedNet: usdc('17'),
    fees: usdc('3'),
    drawdown: usdc('5'),
    drawdownBps: 50,
  });
  expect(totalsOf([])).toBeUndefined();
});

test('an account without money has nothing to value', () => {
  const balance = {
    ...{ account_open: true, total_balance: usdc('1'), available_balance: usdc('1'), margin_used: usdc('0') },
    ...{ unrealized_pnl: usdc('0'), realized_pnl: usdc('0'), leverage: 0 },
  };
  expect(isFunded(balance)).toBe(true);
  expect(isFunded({ ...balance, available_balance: usdc('0') })).toBe(false);
  expect(isFunded({ ...balance, account_open: false })).toBe(false);
  expect(isFunded(undefined)).toBe(false);
});
