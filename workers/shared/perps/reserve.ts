/** What the market keeps back to pay a winner in full (docs/mathematics.md, 7). */
import { mulDivCeil } from '../money/divide.ts';
import { BPS_SCALE, ENTRY_VALUE_PER_QUOTE, type Bps, type EntryValue, type Quote, quote } from '../money/units.ts';
import { u64 } from './checked.ts';
import { requireThat } from './errors.ts';
import type { MarketState } from './types.ts';

/** ceil(entry_value · payoff_cap_bps / 1e14), in quote. */
export const positionReserve = (entryValue: EntryValue, payoffCapBps: Bps): Quote =>
  quote(u64(mulDivCeil(entryValue, payoffCapBps, BPS_SCALE * ENTRY_VALUE_PER_QUOTE)));

/** Σ reserve of both sides. */
export const reserved = (market: Pick<MarketState, 'long' | 'short'>): Quote =>
  quote(market.long.reserve + market.short.reserve);

/** Errors: UtilisationExceeded where the reserves after an opening pass `maxUtilisationBps` of the backing. */
export function checkReserve(reservedAfter: Quote, backing: Quote, maxUtilisationBps: Bps): void {
  requireThat(reservedAfter * BPS_SCALE <= backing * maxUtilisationBps, 'UtilisationExceeded');
}
