import type { Price, Quote } from '#shared/money/units.ts';
import type { MarketDto, MarketStatsDto } from '#shared/protocol/market.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import type { PriceData } from '#shared/protocol/ws.ts';

/** How far the visitor is on the way to trading. `ended`: the exchange has ended the session; `loading`: whether there is an account is not known yet. */
export type TraderStage = 'visitor' | 'signing' | 'ended' | 'loading' | 'signedIn' | 'ready';

/** What the ticket has to know besides what was entered. */
export interface TicketContext {
  readonly market: MarketDto;
  /** The live price; undefined before the first one. */
  readonly live: Pick<PriceData, 'price' | 'confidence' | 'ema' | 'state'> | undefined;
  /** No price was heard for some seconds: `live` is old. */
  readonly silent?: boolean;
  /** Open interest as of now; undefined before the stream told it. */
  readonly stats: Pick<MarketStatsDto, 'long_open_interest' | 'short_open_interest'> | undefined;
  /** The open position of this market, if any. */
  readonly position: PositionDto | undefined;
  /** Free collateral; undefined while it is not known. */
  readonly available: Quote | undefined;
  readonly stage: TraderStage;
  /** Margin and unrealised profit of the trader's positions in other markets; none without it. */
  readonly others?: { readonly margin: Quote; readonly unrealizedPnl: Quote };
  /** The clock of the exchange, milliseconds since 1970: what an expiry counts from. Without it no expiry can be read. */
  readonly nowMs?: number;
}

/** The oracle price, or undefined before the first one. */
export const oraclePriceOf = (context: TicketContext): Price | undefined => context.live?.price;
