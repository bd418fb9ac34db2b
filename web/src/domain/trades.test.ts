import type { PublicTradeDto } from '#shared/protocol/market.ts';
import { expect, test } from 'vitest';

import { joinTrades, tradesShownMax } from './trades.ts';
import { base, usd } from './testing.ts';

const trade = (id: string): PublicTradeDto => ({
  id,
  symbol: 'SOL-PERP',
  side: 'buy',
  quantity: base('1'),
  price: usd('150'),
  liquidation: false,
  publish_time: 1,
  transaction_hash: 'hash',
  created_at: '2026-01-01T00:00:00.000Z',
});
const ids = (trades: readonly PublicTradeDto[]) => trades.map(({ id }) => id);

test('the newest trade is on top, and one that is told again is there once', () => {
  expect(ids(joinTrades([trade('b'), trade('a')], [trade('c')]))).toEqual(['c', 'b', 'a']);
  expect(ids(joinTrades([trade('b'), trade('a')], [trade('b')]))).toEqual(['b', 'a']);
});

test('the tape is bounded, and the oldest go', () => {
  const many = Array.from({ length: tradesShownMax }, (_, index) => trade(String(index)));
  const joined = joinTrades(many, [trade('new')]);
  expect(joined).toHaveLength(tradesShownMax);
  expect([joined[0]?.id, joined.at(-1)?.id]).toEqual(['new', String(tradesShownMax - 2)]);
});
