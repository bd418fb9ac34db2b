import { expect, test } from 'vitest';

import { lastIdOf, noticesOf, ownersMax, withNotices, type OwnedNotices } from './kept-notices.ts';

const told = (owner: string, id: number): OwnedNotices => ({
  owner,
  seenId: 0,
  records: [{ id, at: id, count: 1, tone: 'neutral', title: owner, text: '' }],
});

test('a wallet finds what it was told, and nothing that another was told', () => {
  const all = withNotices([told('first', 1)], told('second', 2));
  expect(noticesOf(all, 'first').records.map(({ title }) => title)).toEqual(['first']);
  expect(noticesOf(all, 'second').records.map(({ title }) => title)).toEqual(['second']);
  expect(noticesOf(all, 'third').records).toEqual([]);
});

test('no more wallets are kept than the bound, and the one longest out of use goes', () => {
  let all: readonly OwnedNotices[] = [];
  for (let wallet = 0; wallet <= ownersMax; wallet += 1) all = withNotices(all, told(`wallet ${wallet}`, wallet));
  expect(all).toHaveLength(ownersMax);
  expect(noticesOf(all, 'wallet 0').records).toEqual([]);
  expect(noticesOf(all, 'wallet 1').records).toHaveLength(1);
});

test('no id is given twice, whichever wallet had it', () => {
  expect(lastIdOf([])).toBe(0);
  expect(lastIdOf([told('first', 3), { ...told('second', 1), seenId: 7 }])).toBe(7);
});
