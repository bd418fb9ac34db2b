import { expect, test } from 'vitest';

import { createUnsettled, unsettledMax, unsettledMsMax } from './unsettled.ts';

test('a wish whose outcome is unknown sends the same again until its time is over, counted from the first time', () => {
  const unsettled = createUnsettled<{ readonly name: string }>();
  const first = { name: 'first' };
  unsettled.keep('deposit 100', first, 0);
  expect(unsettled.find('deposit 100', 1)).toBe(first);
  expect(unsettled.find('deposit 200', 1)).toBeUndefined();
  unsettled.keep('deposit 100', first, unsettledMsMax - 1);
  expect(unsettled.find('deposit 100', unsettledMsMax - 1)).toBe(first);
  expect(unsettled.find('deposit 100', unsettledMsMax)).toBeUndefined();
});

test('a settled wish sends something new', () => {
  const unsettled = createUnsettled<string>();
  unsettled.keep('deposit 100', 'first', 0);
  unsettled.forget('deposit 100');
  expect(unsettled.find('deposit 100', 1)).toBeUndefined();
});

test('no more wishes are kept than the bound; the oldest goes', () => {
  const unsettled = createUnsettled<number>();
  for (let wish = 0; wish <= unsettledMax; wish++) unsettled.keep(String(wish), wish, wish);
  expect(unsettled.find('0', unsettledMax)).toBeUndefined();
  expect(unsettled.find('1', unsettledMax)).toBe(1);
});
