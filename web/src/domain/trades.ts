import type { PublicTradeDto } from '#shared/protocol/market.ts';

/** Trades kept on the tape. */
export const tradesShownMax = 100;

/** The tape with what was heard, newest first, each trade once. */
export function joinTrades(known: readonly PublicTradeDto[], heard: readonly PublicTradeDto[]): PublicTradeDto[] {
  const ids = new Set(heard.map(({ id }) => id));
  return [...heard, ...known.filter(({ id }) => !ids.has(id))].slice(0, tradesShownMax);
}
