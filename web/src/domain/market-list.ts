import { divRound } from '#shared/money/divide.ts';
import { quote, size, type Price, type Quote } from '#shared/money/units.ts';
import { notional } from '#shared/perps/notional.ts';
import type { MarketDto, MarketStatsDto } from '#shared/protocol/market.ts';
import type { PriceData } from '#shared/protocol/ws.ts';

/** How a market stands for who thinks of trading it. `asleep`: it has no fresh price, so nothing executes. */
export type MarketStanding = 'open' | 'reduceOnly' | 'halted' | 'asleep' | 'unknown';

interface Known {
  readonly market: MarketDto | undefined;
  readonly price: Pick<PriceData, 'price' | 'state'> | undefined;
  readonly stats: MarketStatsDto | undefined;
  /** The market's stream has told all it knows: then a missing price is one that does not exist. */
  readonly heard: boolean;
}

/** One market in the list of markets. Null: not known. */
export interface MarketRow {
  readonly standing: MarketStanding;
  readonly price: Price | null;
  /** Price less that of 24 hours ago, and that price: what a percentage is of. */
  readonly change: bigint | null;
  readonly open: bigint | null;
  readonly volume: Quote | null;
  /** Long and short together, USDC at the price of now. */
  readonly openInterest: Quote | null;
}

export function standingOf({ market, price, heard }: Omit<Known, 'stats'>): MarketStanding {
  const status = market?.parameters?.status;
  if (status === 'halted' || price?.state === 'halted') return 'halted';
  if (price?.state === 'stale' || (price === undefined && heard)) return 'asleep';
  if (status === 'reduce_only') return 'reduceOnly';
  return price === undefined ? 'unknown' : 'open';
}

/** The figures of a row from what the stream and the list of markets say; a live figure is right where both have it. */
export function marketRow({ market, price, stats, heard }: Known): MarketRow {
  const now = price?.price ?? stats?.price ?? null;
  const open = stats?.open_24h ?? null;
  const long = stats?.long_open_interest ?? market?.long_open_interest ?? null;
  const short = stats?.short_open_interest ?? market?.short_open_interest ?? null;
  return {
    standing: standingOf({ market, price, heard }),
    price: now,
    change: now === null || open === null ? null : now - open,
    open,
    volume: stats?.volume_quote_24h ?? null,
    openInterest: now === null || long === null || short === null ? null : notional(size(long + short), now),
  };
}

/** Markets whose symbol contains what was typed, favourites first, otherwise in the exchange's order. */
export function findMarkets<M extends { readonly symbol: string }>(
  markets: readonly M[],
  typed: string,
  favourites: ReadonlySet<string>,
): M[] {
  const wanted = typed.trim().toLowerCase().replace(/[\s/]/g, '');
  const found = markets.filter(({ symbol }) => symbol.toLowerCase().replace('-', '').includes(wanted.replace('-', '')));
  return [
    ...found.filter(({ symbol }) => favourites.has(symbol)),
    ...found.filter(({ symbol }) => !favourites.has(symbol)),
  ];
}

/** One side's part of the whole open interest in whole percent; null where there is none. */
export const longShare = (long: bigint, short: bigint): number | null =>
  long + short === 0n ? null : Number(divRound(long * 100n, long + short));

/** A size at a price in USDC; null while one of them is unknown. */
export const worth = (held: bigint | null | undefined, price: Price | null | undefined): Quote | null =>
  held === null || held === undefined || price === null || price === undefined
    ? null
    : quote(notional(size(held), price));
