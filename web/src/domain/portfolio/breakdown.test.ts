import { expect, test } from 'vitest';

import { base, usd, usdc } from '../testing.ts';
import { breakDown, type ReadList } from './breakdown.ts';
import { fillWith, fundingWith, liquidationWith } from './testing.ts';

const whole = <Row>(...rows: Row[]): ReadList<Row> => ({ rows, complete: true });
const cut = <Row>(...rows: Row[]): ReadList<Row> => ({ rows, complete: false });

test('each market adds up what its executions say, and the total adds up the markets', () => {
  const { markets, total, since } = breakDown({
    fills: whole(
      fillWith({ realized_pnl: usdc('12'), quantity: base('3'), price: usd('151') }),
      fillWith(),
      fillWith({ symbol: 'BTC-PERP', quantity: base('0.01'), price: usd('100000') }),
    ),
    liquidations: whole(liquidationWith()),
    funding: whole(fundingWith(), fundingWith({ symbol: 'BTC-PERP', funding: usdc('-0.5') })),
  });
  expect(markets.map(({ symbol }) => symbol)).toEqual(['SOL-PERP', 'BTC-PERP']);
  expect(markets[0]?.sum).toEqual({
    trades: 3,
    volume: usdc('893'),
    realized: usdc('2'),
    fees: usdc('1.06'),
    impact: usdc('0.04'),
    funding: usdc('0.3'),
    borrow: usdc('0.1'),
    covered: 0n,
    net: usdc('0.5'),
  });
  expect(markets[1]?.sum).toMatchObject({ volume: usdc('1000'), funding: usdc('-0.5'), net: usdc('0.2') });
  expect(total).toMatchObject({ trades: 4, volume: usdc('1893'), net: usdc('0.7') });
  expect(since).toBeNull();
});

test('funding that a trade realised is counted once: the list of payments has it too', () => {
  const fills = whole(fillWith({ funding: usdc('0.3'), borrow: usdc('0.1') }));
  const { total } = breakDown({ fills, liquidations: whole(), funding: whole(fundingWith()) });
  expect(total).toMatchObject({ funding: usdc('0.3'), borrow: usdc('0.1'), net: usdc('-0.6') });
});

test('a loss that others bore is not the trader’s', () => {
  const liquidations = whole(liquidationWith({ bad_debt: usdc('4') }));
  const { total } = breakDown({ fills: whole(), liquidations, funding: whole() });
  expect(total).toMatchObject({ realized: usdc('-10'), covered: usdc('4'), net: usdc('-6.7') });
});

test('where a list was not read to its end, all count from the youngest of the ends', () => {
  const { total, since } = breakDown({
    fills: cut(
      fillWith({ created_at: '2026-01-05T00:00:00.000Z' }),
      fillWith({ created_at: '2026-01-04T00:00:00.000Z' }),
    ),
    liquidations: whole(liquidationWith()),
    funding: cut(fundingWith({ created_at: '2026-01-04T00:00:00.000Z' }), fundingWith()),
  });
  expect(since).toBe('2026-01-04T00:00:00.000Z');
  expect(total).toMatchObject({ trades: 2, funding: usdc('0.3') });
});

test('a sum of volumes is rounded once, not row by row', () => {
  const small = fillWith({ quantity: base('0.00000001'), price: usd('50') });
  const { total } = breakDown({ fills: whole(small, small), liquidations: whole(), funding: whole() });
  expect(total.volume).toBe(usdc('0.000001'));
});

test('without a trade there is no market', () => {
  const { markets, total } = breakDown({ fills: whole(), liquidations: whole(), funding: whole() });
  expect(markets).toEqual([]);
  expect(total.net).toBe(0n);
});
