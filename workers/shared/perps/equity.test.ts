import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { FINE_VALUE_PER_QUOTE, entryValue, price, quote, size } from '../money/units.ts';
import { equityQCapped, initialMargin, openingMargin } from './equity.ts';
import { positionReserve } from './reserve.ts';
import { FLAT_POSITION } from './side.ts';
import type { Side } from './types.ts';

test('an opening at any allowed leverage, spread and payoff cap meets the initial margin by construction', () => {
  const property = fc.property(
    fc.constantFrom<Side>('long', 'short'),
    fc.bigInt(1n, 10n ** 12n),
    fc.bigInt(10n ** 4n, 10n ** 13n),
    fc.bigInt(0n, 500n),
    fc.bigInt(1n, 100n),
    fc.bigInt(1n, 10_000n),
    fc.bigInt(1n, 10_000n),
    (side, sizeUnits, at, spreadBps, maxLeverage, leverageShare, payoffCapBps) => {
      const spread = (at * spreadBps) / 10_000n;
      const fill = price(side === 'long' ? at + spread : at - spread);
      const [opened, oracle] = [size(sizeUnits), price(at)];
      const leverageE2 = (maxLeverage * 100n * leverageShare) / 10_000n || 1n;
      const entry = entryValue(opened * fill);
      const reserve = positionReserve(entry, payoffCapBps as never);
      const margin = openingMargin({ side, size: opened, price: oracle, fillPrice: fill, reserve, leverageE2 });
      const position = { ...FLAT_POSITION, side, size: opened, entryValue: entry, margin, reserve };
      const indexes = { fundingIndex: 0n as never, borrowIndex: 0n as never };
      expect(equityQCapped(position, indexes, oracle) >= initialMargin(opened, oracle, maxLeverage)).toBe(true);
    },
  );
  fc.assert(property, search(500));
});

test('equity of margin alone is the margin', () => {
  const position = { ...FLAT_POSITION, margin: quote(7n) };
  const indexes = { fundingIndex: 5n as never, borrowIndex: 5n as never };
  expect(equityQCapped(position, indexes, price(1n))).toBe(7n * FINE_VALUE_PER_QUOTE);
});
