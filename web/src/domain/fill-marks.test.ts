import { expect, test } from 'vitest';

import { fillMarks } from './fill-marks.ts';
import { base, usd } from './testing.ts';

const bars = [{ time: 600 }, { time: 660 }, { time: 720 }];
const fill = (side: 'buy' | 'sell', at: number, quantity: string, price: string) => ({
  symbol: 'SOL-PERP' as const,
  side,
  quantity: base(quantity),
  price: usd(price),
  publish_time: at,
});

test('executions of one direction in one bar are one mark at their average price', () => {
  const fills = [fill('buy', 665, '1', '150'), fill('buy', 700, '3', '154'), fill('sell', 719, '2', '155')];
  expect(fillMarks(fills, 'SOL-PERP', bars)).toEqual([
    { time: 660, side: 'buy', size: base('4'), price: usd('153') },
    { time: 660, side: 'sell', size: base('2'), price: usd('155') },
  ]);
});

test('marks are in the order of time, of this market, and on bars that are there', () => {
  const fills = [
    fill('sell', 730, '1', '150'),
    fill('buy', 600, '1', '150'),
    fill('buy', 599, '1', '150'),
    { ...fill('buy', 660, '1', '150'), symbol: 'BTC-PERP' as const },
  ];
  expect(fillMarks(fills, 'SOL-PERP', bars).map(({ time, side }) => [time, side])).toEqual([
    [600, 'buy'],
    [720, 'sell'],
  ]);
});
