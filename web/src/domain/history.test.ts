import { expect, test } from 'vitest';

import { withHeard, withNewest, withOlder } from './history.ts';

interface Row {
  readonly id: string;
  readonly version: number;
}
const row = (id: string, version = 1): Row => ({ id, version });
const identity = { idOf: ({ id }: Row) => id, versionOf: ({ version }: Row) => version };
const ids = ({ rows }: { readonly rows: readonly Row[] }) => rows.map(({ id }) => id).join('');

test('new rows go before the known ones, and the place of the older ones stays', () => {
  const known = { rows: [row('c'), row('b'), row('a')], cursor: 'before-a' };
  const next = withNewest(known, { items: [row('d'), row('c')], nextCursor: 'before-c' }, identity);
  expect(ids(next)).toBe('dcba');
  expect(next.cursor).toBe('before-a');
});

test('where so much is new that rows in between are missing, it starts anew: no gap is silent', () => {
  const known = { rows: [row('b'), row('a')], cursor: undefined };
  const next = withNewest(known, { items: [row('f'), row('e')], nextCursor: 'before-e' }, identity);
  expect(ids(next)).toBe('fe');
  expect(next.cursor).toBe('before-e');
});

test('the page before is appended once', () => {
  const known = { rows: [row('d'), row('c')], cursor: 'before-c' };
  const next = withOlder(known, { items: [row('c'), row('b')], nextCursor: undefined }, identity);
  expect(ids(next)).toBe('dcb');
  expect(next.cursor).toBeUndefined();
});

test('a row that did not change stays the same object; a later version takes its place', () => {
  const known = { rows: [row('b', 1), row('a', 1)], cursor: undefined };
  const next = withNewest(known, { items: [row('b', 2), row('a', 1)], nextCursor: undefined }, identity);
  expect(next.rows[0]?.version).toBe(2);
  expect(next.rows[1]).toBe(known.rows[1]);
});

test('what was heard of a row is taken where it is later; without a time, an unknown row comes first', () => {
  const known = { rows: [row('b', 3), row('a', 1)], cursor: undefined };
  const next = withHeard(known, [row('c'), row('b', 2), row('a', 2)], identity);
  expect(next.rows).toEqual([row('c'), row('b', 3), row('a', 2)]);
  expect(withHeard(known, [row('a', 1)], identity)).toBe(known);
});

test('an unknown row takes its place by time; one older than what is read waits for its page', () => {
  const timed = { ...identity, timeOf: ({ id }: Row) => id };
  const known = { rows: [row('f'), row('d')], cursor: 'before-d' };
  expect(ids(withHeard(known, [row('e'), row('g'), row('b')], timed))).toBe('gfed');
  expect(ids(withHeard({ ...known, cursor: undefined }, [row('b')], timed))).toBe('fdb');
});
