import { BPS_SCALE, SIZE_SCALE } from '#shared/money/units.ts';
import { notional as notionalOf } from '#shared/perps/notional.ts';

import { texts } from '../../i18n/index.ts';
import { formatLeverage, formatQuote } from '../format.ts';
import type { TicketContext } from './context.ts';
import type { TicketReceipt } from './receipt.ts';
import type { TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

export type TicketField = 'size' | 'limitPrice' | 'leverage' | 'slippage' | 'reduceOnly';

/** Something that keeps the order from being sent (`blocks`), or that the trader should know before sending it. */
export interface TicketIssue {
  readonly code: string;
  readonly blocks: boolean;
  /** What the disabled button says. */
  readonly title: string;
  /** The whole sentence, where the title is not enough. */
  readonly text?: string;
  readonly field?: TicketField;
}

/** Slippage above which a warning is shown, and above which the order is held back. */
const slippageWarnBps = 200n;
const slippageMaxBps = 1_000n;
/** A liquidation price nearer than this share of the price is called near. */
const liquidationNearBps = 250n;

const blocking = (code: string, title: string, more: Partial<TicketIssue> = {}): TicketIssue => ({
  code,
  blocks: true,
  title,
  ...more,
});
const warning = (code: string, title: string, more: Partial<TicketIssue> = {}): TicketIssue => ({
  code,
  blocks: false,
  title,
  ...more,
});

/** Everything that is wrong with the ticket, the most important first: it names the button. */
export function ticketIssues(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
): TicketIssue[] {
  return [
    ...marketIssues(state, context, summary),
    ...figureIssues(state, context, summary),
    ...moneyIssues(context, summary, receipt),
    ...warnings(summary),
  ];
}

function marketIssues(state: TicketState, context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const status = context.market.parameters?.status;
  if (status === undefined || context.live === undefined) return [blocking('noPrice', t.noPrice)];
  const opens = !summary.reduces && !state.reduceOnly;
  if (opens && status === 'halted') return [blocking('halted', t.halted)];
  if (opens && status === 'reduce_only') return [blocking('marketReduceOnly', t.marketReduceOnly)];
  switch (context.live.state) {
    case 'ok':
      return [];
    case 'stale':
      return [blocking('stale', t.stale, { text: t.staleText })];
    case 'uncertain':
      return opens ? [blocking('uncertain', t.uncertain, { text: t.uncertainText })] : [];
    case 'halted':
      return opens ? [blocking('halted', t.halted)] : [];
  }
}

function figureIssues(state: TicketState, context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues: TicketIssue[] = [];
  if (state.orderType === 'limit' && summary.limitPrice === null)
    issues.push(blocking('limitPrice', t.limitPrice, { field: 'limitPrice' }));
  if (summary.size === null || summary.size === 0n) issues.push(blocking('size', t.size, { field: 'size' }));
  if (state.reduceOnly && !summary.reduces)
    issues.push(blocking('nothingToReduce', t.nothingToReduce, { field: 'reduceOnly' }));
  return [...issues, ...leverageIssues(context, summary), ...slippageIssues(state, summary)];
}

function leverageIssues(context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const leverageMax = BigInt(context.market.parameters?.max_leverage ?? 1);
  if (summary.reduces) return [];
  if (summary.leverageE2 === null || summary.leverageE2 < 100n)
    return [blocking('leverage', t.leverage, { field: 'leverage' })];
  if (summary.leverageE2 <= leverageMax * 100n) return [];
  return [blocking('leverageMax', t.leverageMax(formatLeverage(leverageMax * 100n)), { field: 'leverage' })];
}

function slippageIssues(state: TicketState, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  if (state.orderType !== 'market') return [];
  if (summary.slippageBps === null) return [blocking('slippage', t.slippage, { field: 'slippage' })];
  if (summary.slippageBps > slippageMaxBps) return [blocking('slippageMax', t.slippageMax, { field: 'slippage' })];
  if (summary.slippageBps > slippageWarnBps) return [warning('slippageHigh', t.slippageHigh, { field: 'slippage' })];
  return [];
}

function moneyIssues(context: TicketContext, summary: TicketSummary, receipt: TicketReceipt): TicketIssue[] {
  const t = texts.ticket.issues;
  const { size, tradePrice, notional } = summary;
  const minimum = context.market.parameters?.min_position_notional;
  if (notional === null || size === null || tradePrice === null || summary.reduces) return [];
  const after = notionalOf(size, tradePrice) + positionNotional(context);
  if (minimum !== undefined && after < minimum) {
    return [blocking('minimum', t.minimum(formatQuote(minimum, { places: 0, rounding: 'ceil' })), { field: 'size' })];
  }
  const { taken, impact } = receipt;
  if (taken === null || context.available === undefined || context.stage !== 'ready') return [];
  if (taken <= context.available) return [];
  return [
    blocking('collateral', t.collateral, {
      text: t.collateralText(formatQuote(taken, { rounding: 'ceil' }), impact > 0n),
      field: 'size',
    }),
  ];
}

const positionNotional = (context: TicketContext): bigint =>
  context.position === undefined || context.live === undefined
    ? 0n
    : (context.position.size * context.live.price) / (SIZE_SCALE * 100n);

function warnings(summary: TicketSummary): TicketIssue[] {
  const { liquidationPrice, tradePrice, reduces } = summary;
  if (liquidationPrice === null || tradePrice === null || reduces) return [];
  const distance = liquidationPrice > tradePrice ? liquidationPrice - tradePrice : tradePrice - liquidationPrice;
  if (distance * BPS_SCALE > tradePrice * liquidationNearBps) return [];
  return [
    warning('liquidationNear', texts.ticket.issues.liquidationNear, { text: texts.ticket.issues.liquidationNearText }),
  ];
}

/** The first thing that keeps the order back, if any. */
export const firstBlocking = (issues: readonly TicketIssue[]): TicketIssue | undefined =>
  issues.find((issue) => issue.blocks);
