import { quote, type Price, type Quote } from '#shared/money/units.ts';
import { openingMargin } from '#shared/perps/equity.ts';
import { sideOf } from '#shared/perps/side.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';

import type { TicketContext } from './context.ts';
import type { TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

/** What the order takes, one source for the rows of the ticket and for what is said about collateral. Null: not known. */
export interface TicketReceipt {
  /** True while the exchange's own preview of this order is not there: spread and impact are then not exact. */
  readonly estimated: boolean;
  readonly fillPrice: Price | null;
  readonly notional: Quote | null;
  /** Collateral this order locks, without what an open position already holds. */
  readonly margin: Quote | null;
  readonly fee: Quote | null;
  readonly impact: Quote;
  /** margin + fee + impact of an order that opens: exactly what free collateral loses. Null for an order that only reduces. */
  readonly taken: Quote | null;
  readonly liquidationPrice: Price | null;
  /** Free collateral after the order; negative by what is missing. */
  readonly freeAfter: Quote | null;
}

/** The receipt of the entered order. A given preview must be of this very order. */
export function ticketReceipt(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
  preview: PreviewDto | undefined,
): TicketReceipt {
  const opens = !summary.reduces && !state.reduceOnly;
  const { fillPrice, notional, fee, margin, liquidationPrice } = summary;
  const figures =
    preview === undefined
      ? { estimated: true, fillPrice, notional, fee, margin, liquidationPrice, impact: quote(0n) }
      : {
          estimated: false,
          fillPrice: preview.fill_price,
          notional: preview.notional,
          fee: preview.fee,
          margin: opens ? previewMargin(state, summary, preview) : quote(0n),
          liquidationPrice: preview.liquidation_price,
          impact: preview.impact,
        };
  if (!opens) return { ...figures, taken: null, freeAfter: preview?.account_after.available_balance ?? null };
  const taken =
    figures.margin === null || figures.fee === null ? null : quote(figures.margin + figures.fee + figures.impact);
  const free = context.available;
  return { ...figures, taken, freeAfter: taken === null || free === undefined ? null : quote(free - taken) };
}

/**
 * What the order adds to the margin, at the preview's prices. The preview itself tells the margin of the whole position, with what was
 * there before.
 */
function previewMargin(state: TicketState, summary: TicketSummary, preview: PreviewDto): Quote | null {
  const { size, leverageE2 } = summary;
  if (size === null || leverageE2 === null || leverageE2 === 0n) return null;
  return openingMargin({
    side: sideOf(state.side),
    size,
    price: preview.oracle_price,
    fillPrice: preview.fill_price,
    // The reserve bounds a profit; the spread only ever causes a loss.
    reserve: quote(0n),
    leverageE2,
  });
}
