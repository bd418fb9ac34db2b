import { BPS_SCALE } from '#shared/money/units.ts';
import { abs } from '#shared/money/divide.ts';
import type { MarketDto } from '#shared/protocol/market.ts';

import { texts } from '../../i18n/index.ts';
import type { TicketContext } from './context.ts';
import { blocking, warning, type TicketIssue } from './issue.ts';
import type { TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

type Parameters = NonNullable<MarketDto['parameters']>;
type Live = NonNullable<TicketContext['live']>;

/** The market and its price, as far as they decide which orders are taken. */
export type MarketCondition = Pick<TicketContext, 'market' | 'live' | 'silent'>;
type OrderKind = Pick<TicketState, 'orderType'>;
type OrderEffect = Pick<TicketSummary, 'opens' | 'against'>;

/** What closes the ticket, or a part of it: the state of the market and of its price, and what operators switched off. */
export function marketIssues(state: OrderKind, context: MarketCondition, summary: OrderEffect): TicketIssue[] {
  const t = texts.ticket.issues;
  const { parameters } = context.market;
  if (parameters === null || context.live === undefined) return [blocking('noPrice', t.noPrice)];
  const closingGoesOn = summary.against ? { text: t.closingGoesOn } : {};
  if (summary.opens && parameters.status === 'halted') return [blocking('halted', t.halted, closingGoesOn)];
  if (summary.opens && parameters.status === 'reduce_only')
    return [blocking('marketReduceOnly', t.marketReduceOnly, closingGoesOn)];
  return [...restrictionIssues(state, context, summary), ...priceIssues(state, context, context.live, summary)];
}

/** What the exchange itself does not do in this market now, in its words. */
function restrictionIssues({ orderType }: OrderKind, { market }: MarketCondition, summary: OrderEffect): TicketIssue[] {
  const t = texts.ticket.issues;
  const of = (operation: 'open' | 'close' | 'trigger') =>
    market.restrictions.find((held) => held.operation === operation);
  const opening = summary.opens ? of('open') : undefined;
  if (opening !== undefined) return [blocking('openingOff', t.openingOff, { text: opening.message })];
  const closing = summary.against ? of('close') : undefined;
  if (closing !== undefined) return [blocking('closingOff', t.closingOff, { text: closing.message })];
  const trigger = orderType === 'market' ? undefined : of('trigger');
  return trigger === undefined ? [] : [warning('triggerOff', t.triggerOff, { text: trigger.message })];
}

/** An order that can wait is taken whatever the price is like: it executes at a price that counts. One that cannot needs one now. */
function priceIssues(
  state: OrderKind,
  { market, silent }: MarketCondition,
  live: Live,
  summary: OrderEffect,
): TicketIssue[] {
  const t = texts.ticket.issues;
  const waits = state.orderType !== 'market';
  switch (live.state) {
    case 'ok':
      if (silent !== true) return [];
      if (waits) return [warning('waitsForPrice', t.silent, { text: t.silentText })];
      return [blocking('silent', t.silent, { text: t.silentText })];
    case 'stale':
      if (waits) return [warning('waitsForPrice', t.stale, { text: t.staleWaits })];
      return [blocking('stale', t.stale, { text: t.staleText })];
    case 'uncertain':
      if (waits) return [warning('waitsForPrice', t.uncertain, { text: t.uncertainWaits })];
      return market.parameters === null ? [] : uncertainIssues(live, market.parameters, summary);
    case 'halted':
      return summary.opens ? [blocking('halted', t.halted, summary.against ? { text: t.closingGoesOn } : {})] : [];
  }
}

/** Far from its average, a price still closes; with too wide a confidence it is none. */
function uncertainIssues(live: Live, parameters: Parameters, { opens, against }: OrderEffect): TicketIssue[] {
  const t = texts.ticket.issues;
  const isWide = live.confidence * BPS_SCALE > BigInt(parameters.max_confidence_bps) * live.price;
  const isFar = abs(live.price - live.ema) * BPS_SCALE > BigInt(parameters.max_ema_divergence_bps) * live.ema;
  if (isWide || !isFar) return [blocking('uncertain', t.uncertain, { text: t.uncertainText })];
  if (against && !opens) return [];
  return [blocking('divergent', t.divergent, { text: t.divergentText })];
}
