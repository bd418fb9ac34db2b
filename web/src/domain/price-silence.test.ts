import { expect, test } from 'vitest';

import { isPriceSilent, priceSilenceMsMax } from './price-silence.ts';

test('a price is silent after its time without another, and not before the first', () => {
  expect(isPriceSilent(undefined, 1_000_000)).toBe(false);
  expect(isPriceSilent(1_000, 1_000 + priceSilenceMsMax)).toBe(false);
  expect(isPriceSilent(1_000, 1_001 + priceSilenceMsMax)).toBe(true);
});
