import { expect, test } from 'vitest';

import { findMarkets, longShare, marketRow, standingOf, worth } from './market-list.ts';
import { base, marketWith, usd, usdc } from './testing.ts';

const markets = [{ symbol: 'SOL-PERP' }, { symbol: 'BTC-PERP' }, { symbol: 'ETH-PERP' }];
const symbols = (found: readonly { symbol: string }[]) => found.map(({ symbol }) => symbol);

const price = { price: usd('150'), state: 'ok' as const };
const stats = {
  symbol: 'SOL-PERP' as const,
  price: usd('149'),
  open_24h: usd('120'),
  high_24h: usd('151'),
  low_24h: usd('119'),
  change_24h: 0n as never,
  volume_base_24h: base('10'),
  volume_quote_24h: usdc('1500'),
  long_open_interest: base('30'),
  short_open_interest: base('10'),
  skew: base('20'),
  funding_rate: null,
  borrow_rate: null,
  restrictions: [],
};

test('a market is found by any part of its symbol, however it is written', () => {
  const none = new Set<string>();
  expect(symbols(findMarkets(markets, ' btc', none))).toEqual(['BTC-PERP']);
  expect(symbols(findMarkets(markets, 'eth/perp', none))).toEqual(['ETH-PERP']);
  expect(symbols(findMarkets(markets, 'solperp', none))).toEqual(['SOL-PERP']);
  expect(symbols(findMarkets(markets, 'doge', none))).toEqual([]);
});

test('favourites stand first, and both groups keep the order of the exchange', () => {
  expect(symbols(findMarkets(markets, '', new Set(['ETH-PERP', 'BTC-PERP'])))).toEqual([
    'BTC-PERP',
    'ETH-PERP',
    'SOL-PERP',
  ]);
});

test('a row is figured from the live price: change, and open interest of both sides in USDC', () => {
  expect(marketRow({ market: marketWith(), price, stats, heard: true })).toEqual({
    standing: 'open',
    price: usd('150'),
    change: usd('30'),
    open: usd('120'),
    volume: usdc('1500'),
    openInterest: usdc('6000'),
  });
});

test('what is not known is null, never zero', () => {
  expect(marketRow({ market: undefined, price: undefined, stats: undefined, heard: false })).toEqual({
    standing: 'unknown',
    price: null,
    change: null,
    open: null,
    volume: null,
    openInterest: null,
  });
});

test('a market without a fresh price is asleep, but not one that was only not heard yet; a halted one is halted whatever its price', () => {
  const market = marketWith();
  expect(standingOf({ market, price: { ...price, state: 'stale' }, heard: true })).toBe('asleep');
  expect(standingOf({ market, price: undefined, heard: true })).toBe('asleep');
  expect(standingOf({ market, price: undefined, heard: false })).toBe('unknown');
  const halted = marketWith({ status: 'halted' });
  expect(standingOf({ market: halted, price: { ...price, state: 'stale' }, heard: true })).toBe('halted');
  expect(standingOf({ market: marketWith({ status: 'reduce_only' }), price, heard: true })).toBe('reduceOnly');
  expect(standingOf({ market: undefined, price, heard: true })).toBe('open');
});

test('the sides share the open interest in whole percent, and an empty market in halves', () => {
  expect(longShare(base('30'), base('10'))).toBe(75);
  expect(longShare(0n, 0n)).toBeNull();
});

test('a size is worth its notional at the price', () => {
  expect(worth(base('2'), usd('150'))).toBe(usdc('300'));
  expect(worth(null, usd('150'))).toBeNull();
});
