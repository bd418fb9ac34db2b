import type { Price, Quote } from '#shared/money/units.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import type { PriceData } from '#shared/protocol/ws.ts';

/** How far the visitor is on the way to trading. */
export type TraderStage = 'visitor' | 'signing' | 'signedIn' | 'ready';

/** What the ticket has to know besides what was entered. */
export interface TicketContext {
  readonly market: MarketDto;
  /** The live price; undefined before the first one. */
  readonly live: Pick<PriceData, 'price' | 'confidence' | 'state'> | undefined;
  /** How far a fill was from the oracle price when the exchange last told; undefined before it did. */
  readonly spread: Price | undefined;
  /** The open position of this market, if any. */
  readonly position: PositionDto | undefined;
  /** Free collateral; undefined while it is not known. */
  readonly available: Quote | undefined;
  readonly stage: TraderStage;
}

/** The oracle price, or undefined before the first one. */
export const oraclePriceOf = (context: TicketContext): Price | undefined => context.live?.price;
