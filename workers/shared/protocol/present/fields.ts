import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';

/** Milliseconds since 1970 → RFC 3339 in UTC. */
export const timestampOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const timestampOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : timestampOf(milliseconds);

/** Narrows a symbol that comes from our own records. @throws RangeError: a record of a market that does not exist. */
export function marketSymbolOf(text: string): MarketSymbol {
  if (!isMarketSymbol(text)) throw new RangeError(`${text} is not a market`);
  return text;
}
