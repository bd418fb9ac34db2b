import { feeds } from '../tape/feeds.ts';
import type { BarHistory } from './bar-history.ts';
import { BadQuery } from './update-query.ts';

/** Minutes of the resolutions that the Benchmarks history knows. */
const resolutionMinutes: ReadonlyMap<string, number> = new Map([
  ...[1, 2, 5, 15, 30, 60, 120, 240, 360, 720].map((minutes): [string, number] => [String(minutes), minutes]),
  ['D', 1_440],
  ['1D', 1_440],
]);

/**
 * Answers `/v1/shims/tradingview/history` as Pyth Benchmarks does: parallel arrays of bar times (Unix seconds, starts)
 * and prices in USD, oldest first, `s` saying `ok`, `no_data` or `error`. Volumes are zero: an oracle has none.
 */
export function chartHistory(parameters: URLSearchParams, bars: (feedId: string) => BarHistory | undefined): unknown {
  const symbol = parameters.get('symbol') ?? '';
  const feed = feeds.find((candidate) => candidate.symbol.toLowerCase() === symbol.toLowerCase());
  const history = feed === undefined ? undefined : bars(feed.id);
  if (history === undefined) return { s: 'error', errmsg: 'Symbol not found' };
  const minutes = resolutionMinutes.get(parameters.get('resolution') ?? '');
  if (minutes === undefined) return { s: 'error', errmsg: 'Resolution not supported' };
  const found = history.bars(minutes, seconds(parameters, 'from'), seconds(parameters, 'to'));
  return {
    s: found.length === 0 ? 'no_data' : 'ok',
    t: found.map((bar) => bar.time),
    o: found.map((bar) => bar.open),
    h: found.map((bar) => bar.high),
    l: found.map((bar) => bar.low),
    c: found.map((bar) => bar.close),
    v: found.map(() => 0),
  };
}

function seconds(parameters: URLSearchParams, name: string): number {
  const value = parameters.get(name) ?? '';
  if (!/^\d{1,12}$/.test(value)) throw new BadQuery(422, `${name} must be Unix seconds`);
  return Number(value);
}
