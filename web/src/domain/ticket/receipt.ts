import { quote, type Price, type Quote, type Size } from '#shared/money/units.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';

import { hourlyCarry, type HourlyCarry } from '../carry.ts';
import type { TicketContext } from './context.ts';
import type { PreviewFigures } from './estimate.ts';
import type { TicketSummary } from './summary.ts';

/** What the order comes to, one source for the rows of the ticket and for what is said about collateral. Null: not known. */
export interface TicketReceipt {
  /** True while the exchange's own preview of this order is not there: displayed figures went into it, which are rounded and a tick old. */
  readonly estimated: boolean;
  readonly intent: PreviewDto['intent'] | null;
  readonly closes: Size | null;
  readonly opens: Size | null;
  readonly fillPrice: Price | null;
  readonly notional: Quote | null;
  readonly fee: Quote | null;
  readonly impact: Quote | null;
  /** Margin of the position before and after. */
  readonly marginBefore: Quote;
  readonly marginAfter: Quote | null;
  /** Collateral the order locks: 0 for one that only closes. */
  readonly marginAdded: Quote | null;
  /** Of what is closed; null for an order that closes nothing. */
  readonly realized: Realized | null;
  /** What holding the position after the order costs per hour; null where it leaves none. */
  readonly carry: HourlyCarry | null;
  /** margin + fee + impact of an order that only opens: exactly what free collateral loses. Null for one that closes something. */
  readonly taken: Quote | null;
  readonly liquidationPrice: Price | null;
  /** The position after the order is open, and can win nothing more at this price. */
  readonly cappedAfter: boolean;
  /** The order leaves no position. */
  readonly flatAfter: boolean;
  /** Free collateral after the order; negative by what is missing. */
  readonly freeAfter: Quote | null;
}

/** Profit and loss of what an order closes, what it owes, and what comes back. */
export interface Realized {
  readonly pnl: Quote;
  /** Positive is paid. */
  readonly funding: Quote;
  readonly borrow: Quote;
  /** Margin returned to collateral. */
  readonly released: Quote;
}

const none = quote(0n);

/** The receipt of the entered order. A given preview must be of this very order. */
export function ticketReceipt(
  context: TicketContext,
  summary: TicketSummary,
  preview: PreviewFigures | undefined,
): TicketReceipt {
  const marginBefore = context.position?.margin_used ?? none;
  const figures = preview ?? summary.estimate.figures;
  if (figures === null) return { ...emptyReceipt, marginBefore };
  const closesSomething = figures.closes > 0n;
  const taken = closesSomething ? null : quote(figures.margin_added + figures.fee + figures.impact);
  return {
    estimated: preview === undefined,
    intent: figures.intent,
    closes: figures.closes,
    opens: figures.opens,
    fillPrice: figures.fill_price,
    notional: figures.notional,
    fee: figures.fee,
    impact: figures.impact,
    marginBefore,
    marginAfter: figures.margin,
    marginAdded: figures.margin_added,
    realized: closesSomething ? realizedOf(figures) : null,
    carry: carryAfter(context, figures),
    taken,
    liquidationPrice: figures.liquidation_price,
    cappedAfter: figures.position_after?.capped ?? false,
    flatAfter: figures.position_after === null,
    freeAfter: freeAfter(context, figures, taken),
  };
}

const emptyReceipt: Omit<TicketReceipt, 'marginBefore'> = {
  estimated: true,
  intent: null,
  closes: null,
  opens: null,
  fillPrice: null,
  notional: null,
  fee: null,
  impact: null,
  marginAfter: null,
  marginAdded: null,
  realized: null,
  carry: null,
  taken: null,
  liquidationPrice: null,
  cappedAfter: false,
  flatAfter: false,
  freeAfter: null,
};

const realizedOf = (figures: PreviewFigures): Realized => ({
  pnl: figures.realized_pnl,
  funding: figures.funding,
  borrow: figures.borrow,
  released: figures.margin_released,
});

/** What an opening takes is counted from the collateral on screen, which is newer than the preview's. */
function freeAfter(context: TicketContext, figures: PreviewFigures, taken: Quote | null): Quote | null {
  if (context.available === undefined) return null;
  return taken === null ? figures.account_after.available_balance : quote(context.available - taken);
}

function carryAfter(context: TicketContext, { position_after: after, oracle_price: price }: PreviewFigures) {
  if (after === null) return null;
  return hourlyCarry(context, after, price);
}
