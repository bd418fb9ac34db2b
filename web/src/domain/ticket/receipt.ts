import { divCeil } from '#shared/money/divide.ts';
import { BPS_SCALE, ENTRY_VALUE_PER_QUOTE, quote, type Price, type Quote, type Size } from '#shared/money/units.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';

import { hourlyCarry, type HourlyCarry } from '../carry.ts';
import { viewPosition, type PositionView } from '../position-view.ts';
import type { TicketContext } from './context.ts';
import type { PreviewFigures } from './estimate.ts';
import type { TicketSummary } from './summary.ts';

/** What the order comes to, one source for the rows of the ticket and for what is said about collateral. Null: not known. */
export interface TicketReceipt {
  /** True while the exchange's own preview of this order is not there: displayed figures went into it, which are rounded and a tick old. */
  readonly estimated: boolean;
  readonly intent: PreviewDto['intent'] | null;
  /** The order would be cancelled unfilled: there is nothing to show of it. */
  readonly misses: boolean;
  readonly closes: Size | null;
  readonly opens: Size | null;
  readonly fillPrice: Price | null;
  readonly notional: Quote | null;
  readonly fee: Quote | null;
  readonly impact: Quote | null;
  /** How far the fill is from the oracle price. */
  readonly spread: Price | null;
  /** Spread and price impact together: what trading this size costs beside the fee. */
  readonly cost: Quote | null;
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
  /** Of the position, hundredths; null where there is none. */
  readonly leverageBefore: bigint | null;
  readonly leverageAfter: bigint | null;
  /** Of the open position; null where no price liquidates it, or nothing is open. */
  readonly liquidationBefore: Price | null;
  readonly liquidationPrice: Price | null;
  /** Margins over equity of the whole account, basis points: how much of it is in use. */
  readonly marginUseBefore: bigint | null;
  readonly marginUseAfter: bigint | null;
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
  const held = heldView(context);
  const before = {
    marginBefore: context.position?.margin_used ?? none,
    leverageBefore: held?.leverageE2 ?? null,
    liquidationBefore: context.position?.liquidation_price ?? null,
    marginUseBefore: marginUseBefore(context, held),
  };
  const figures = preview ?? summary.estimate.figures;
  if (summary.misses) return { ...emptyReceipt, ...before, misses: true };
  if (figures === null) return { ...emptyReceipt, ...before };
  const closesSomething = figures.closes > 0n;
  const taken = closesSomething ? null : quote(figures.margin_added + figures.fee + figures.impact);
  return {
    ...before,
    estimated: preview === undefined,
    intent: figures.intent,
    misses: false,
    closes: figures.closes,
    opens: figures.opens,
    fillPrice: figures.fill_price,
    notional: figures.notional,
    fee: figures.fee,
    impact: figures.impact,
    spread: figures.spread,
    cost: costOf(figures),
    marginAfter: figures.margin,
    marginAdded: figures.margin_added,
    realized: closesSomething ? realizedOf(figures) : null,
    carry: carryAfter(context, figures),
    taken,
    leverageAfter: figures.position_after === null ? null : BigInt(figures.leverage),
    liquidationPrice: figures.liquidation_price,
    marginUseAfter: marginUseAfter(figures),
    cappedAfter: figures.position_after?.capped ?? false,
    flatAfter: figures.position_after === null,
    freeAfter: freeAfter(context, figures, taken),
  };
}

type Before = 'marginBefore' | 'leverageBefore' | 'liquidationBefore' | 'marginUseBefore';

const emptyReceipt: Omit<TicketReceipt, Before> = {
  estimated: true,
  intent: null,
  misses: false,
  closes: null,
  opens: null,
  fillPrice: null,
  notional: null,
  fee: null,
  impact: null,
  spread: null,
  cost: null,
  marginAfter: null,
  marginAdded: null,
  realized: null,
  carry: null,
  taken: null,
  leverageAfter: null,
  liquidationPrice: null,
  marginUseAfter: null,
  cappedAfter: false,
  flatAfter: false,
  freeAfter: null,
};

function costOf({ closes, opens, spread, impact }: PreviewFigures): Quote {
  return quote(divCeil((closes + opens) * spread, ENTRY_VALUE_PER_QUOTE) + impact);
}

/** The open position at the live price, as its row shows it. */
const heldView = ({ position, live, market }: TicketContext): PositionView | undefined =>
  position && viewPosition(position, live?.price, market.parameters?.payoff_cap_bps);

/** Null where the order asks for more than there is: no account looks like that. */
const marginUseAfter = ({ account_after: after }: PreviewFigures): bigint | null =>
  after.available_balance < 0n ? null : marginUse(after.margin_used, after.total_balance);

/** Margins over equity, rounded up; null without equity. */
const marginUse = (margin: bigint, equity: bigint): bigint | null =>
  equity <= 0n ? null : divCeil(margin * BPS_SCALE, equity);

/** The account as it stands: collateral, margins, and what all positions are worth now. */
function marginUseBefore(
  { available, position, others, market }: TicketContext,
  held: PositionView | undefined,
): bigint | null {
  if (available === undefined) return null;
  const margin = (position?.margin_used ?? 0n) + (others?.margin ?? 0n);
  const rest = available + margin + (others?.unrealizedPnl ?? 0n);
  if (held === undefined) return marginUse(margin, rest);
  return held.pnl === null || market.parameters === null ? null : marginUse(margin, rest + held.pnl);
}

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
