import { describe, expect, test } from 'vitest';

import { fuzzyMatch, rankItems } from './fuzzy.ts';

describe('matching', () => {
  test('finds the characters in their order and nothing else', () => {
    expect(fuzzyMatch('btc', 'BTC-PERP')?.at).toEqual([0, 1, 2]);
    expect(fuzzyMatch('bp', 'BTC-PERP')?.at).toEqual([0, 4]);
    expect(fuzzyMatch('pb', 'BTC-PERP')).toBeUndefined();
    expect(fuzzyMatch('btcc', 'BTC-PERP')).toBeUndefined();
  });

  test('marks the best of several ways: the start of a word before the middle of one', () => {
    expect(fuzzyMatch('ca', 'Place order, cancel all')?.at).toEqual([13, 14]);
    expect(fuzzyMatch('call', 'Cancel all')?.at).toEqual([0, 7, 8, 9]);
  });

  test('blanks and case in the query do not matter', () => {
    expect(fuzzyMatch(' Close ALL ', 'Close all positions')?.at).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
  });

  test('a very long query ends at its bound', () => {
    expect(fuzzyMatch('a'.repeat(10_000), 'a'.repeat(100))?.at).toHaveLength(64);
  });
});

describe('ranking', () => {
  const items = [
    { id: 'risk', title: 'Risk' },
    { id: 'sol', title: 'SOL-PERP', keywords: 'solana market' },
    { id: 'settings', title: 'Settings', keywords: 'preferences options' },
    { id: 'sell', title: 'Sell' },
  ];
  const ids = (query: string, recent: string[] = []) => rankItems(query, items, recent).map(({ item }) => item.id);

  test('the title counts more than a keyword', () => {
    expect(ids('s')[0]).not.toBe('risk');
    expect(ids('pref')).toEqual(['settings']);
    expect(ids('rences')).toEqual([]);
    expect(ids('sol')[0]).toBe('sol');
  });

  test('without a query, what was used lately comes first', () => {
    expect(ids('', ['sell', 'gone', 'risk'])).toEqual(['sell', 'risk', 'sol', 'settings']);
  });

  test('among equal matches, what was used lately comes first', () => {
    expect(ids('se', ['sell']).slice(0, 2)).toEqual(['sell', 'settings']);
    expect(ids('se', ['settings']).slice(0, 2)).toEqual(['settings', 'sell']);
  });
});
