import { expect, test } from 'vitest';

import { usd } from '../testing.ts';
import { citationTarget, nameOfFigure } from './citation-target.ts';

const target = (id: string, unit = '', value = '1') => citationTarget(id, 'SOL-PERP', { value, unit }, 'L');

test('a cited price is drawn across the chart, to the digit', () => {
  expect(target('long_liquidation_price', 'USD', '142.375')).toEqual({
    ...{ kind: 'price', symbol: 'SOL-PERP', price: usd('142.375'), label: 'L' },
  });
});

test('a figure of the own position leads to the position, also where it is a price', () => {
  expect(target('margin_ratio', '%').kind).toBe('position');
  expect(target('liquidation_price', 'USD', '99').kind).toBe('position');
});

test('what others hold and pay leads to the sides of the market, the rest to its chart', () => {
  expect(target('skew', '%').kind).toBe('depth');
  expect(target('long_liquidation_notional', 'USDC').kind).toBe('depth');
  expect(target('rsi').kind).toBe('chart');
  expect(citationTarget('unheard_of', 'BTC-PERP', null, '')).toEqual({ kind: 'chart', symbol: 'BTC-PERP' });
});

test('a price that is none is looked for in the chart', () => {
  for (const value of ['0', '-5', '1e400', 'NaN']) expect(target('price', 'USD', value).kind).toBe('chart');
});

test('an id is a name where there is no other', () => {
  expect(nameOfFigure('long_interest')).toBe('Long interest');
});
