import type { Price } from '#shared/money/units.ts';

/** Lowest and highest price of the last 24 hours. */
export interface DayRange {
  readonly low: Price | null;
  readonly high: Price | null;
}

const least = (known: Price | null, live: Price): Price => (known === null || live < known ? live : known);
const most = (known: Price | null, live: Price): Price => (known === null || live > known ? live : known);

/** The range as it was last told, stretched by the live price, which is ahead of it by seconds. */
export function dayRangeWith(told: DayRange | undefined, live: Price | undefined): DayRange {
  const known = told ?? { low: null, high: null };
  if (told === undefined || live === undefined) return known;
  return { low: least(known.low, live), high: most(known.high, live) };
}
