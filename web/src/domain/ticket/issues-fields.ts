import { QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';

import { readDecimalInput } from '../decimal-input.ts';
import { formatLeverage, formatPrice } from '../format.ts';
import { texts } from '../../i18n/index.ts';
import { oraclePriceOf, type TicketContext } from './context.ts';
import { blocking, warning, type TicketIssue } from './issue.ts';
import { takesLimit, takesStop, type TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

/** Slippage above which a warning is shown, and above which the order is held back. */
const slippageWarnBps = 200n;
const slippageMaxBps = 1_000n;

/** What is missing in a field, or cannot be meant. */
export function fieldIssues(state: TicketState, context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues = priceFieldIssues(state, context, summary);
  if (summary.size === null || summary.size === 0n) issues.push(sizeIssue(state, context));
  if (state.reduceOnly && !summary.against)
    issues.push(blocking('nothingToReduce', t.nothingToReduce, { field: 'reduceOnly' }));
  return [
    ...issues,
    ...leverageIssues(context, summary),
    ...slippageIssues(state, summary),
    ...expiryIssues(context, summary),
  ];
}

/** No size: none was typed, or what was typed is more or less than any order can have. */
function sizeIssue({ sizeText, sizeUnit }: TicketState, context: TicketContext): TicketIssue {
  const t = texts.ticket.issues;
  const isTyped = /[1-9]/.test(sizeText);
  const typed = readDecimalInput(sizeText, sizeUnit === 'base' ? SIZE_DECIMALS : QUOTE_DECIMALS);
  if (isTyped && typed === null) return blocking('sizeTooLarge', texts.ticket.refusals.tooLarge, { field: 'size' });
  const isKnown = sizeUnit === 'base' || oraclePriceOf(context) !== undefined;
  if (isTyped && isKnown) return blocking('sizeTooSmall', t.sizeTooSmall, { field: 'size' });
  return blocking('size', t.size, { field: 'size' });
}

function priceFieldIssues(state: TicketState, context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues: TicketIssue[] = [];
  if (takesStop(state.orderType)) issues.push(...stopIssues(state, context, summary));
  if (!takesLimit(state.orderType)) return issues;
  const { limitPrice, stopPrice } = summary;
  if (limitPrice === null) return [...issues, blocking('limitPrice', t.limitPrice, { field: 'limitPrice' })];
  const isBuy = state.side === 'buy';
  if (summary.misses && !summary.meetsLimit)
    issues.push(warning('iocMiss', t.iocMiss, { text: t.iocMissText, field: 'limitPrice' }));
  if (stopPrice !== null && (isBuy ? limitPrice < stopPrice : limitPrice > stopPrice))
    issues.push(warning('limitBehindStop', t.limitBehindStop, { text: t.limitBehindStopText, field: 'limitPrice' }));
  return issues;
}

/** A stop waits for the price to get worse: above it for a buy, below it for a sell. Elsewhere it would fire at once. */
function stopIssues(state: TicketState, context: TicketContext, { stopPrice, stopReached }: TicketSummary) {
  const t = texts.ticket.issues;
  if (stopPrice === null) return [blocking('stopPrice', t.stopPrice, { field: 'stopPrice' })];
  if (!stopReached) return [];
  const now = formatPrice(oraclePriceOf(context) ?? 0n, context.market.price_decimals);
  const [title, text] =
    state.side === 'buy' ? [t.stopAbove, t.stopAboveText(now)] : [t.stopBelow, t.stopBelowText(now)];
  return [blocking('stopSide', title, { text, field: 'stopPrice' })];
}

function leverageIssues(context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const leverageMax = BigInt(context.market.parameters?.max_leverage ?? 1);
  if (!summary.opens) return [];
  if (summary.leverageE2 === null || summary.leverageE2 < 100n)
    return [blocking('leverage', t.leverage, { field: 'leverage' })];
  if (summary.leverageE2 <= leverageMax * 100n) return [];
  return [blocking('leverageMax', t.leverageMax(formatLeverage(leverageMax * 100n)), { field: 'leverage' })];
}

/** Slippage bounds what executes at the market: a market order, a stop, and the stop-loss of any order. */
export const boundsSlippage = (state: Pick<TicketState, 'orderType'>, { stopLoss }: Pick<TicketSummary, 'stopLoss'>) =>
  !takesLimit(state.orderType) || stopLoss !== null;

function slippageIssues(state: TicketState, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  if (!boundsSlippage(state, summary)) return [];
  if (summary.slippageBps === null) return [blocking('slippage', t.slippage, { field: 'slippage' })];
  if (summary.slippageBps > slippageMaxBps) return [blocking('slippageMax', t.slippageMax, { field: 'slippage' })];
  if (summary.slippageBps > slippageWarnBps)
    return [warning('slippageHigh', t.slippageHigh, { text: t.slippageHighText, field: 'slippage' })];
  return [];
}

function expiryIssues({ nowMs }: TicketContext, { timeInForce, expiresAtMs }: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  if (timeInForce !== 'gtt') return [];
  if (expiresAtMs === null) return [blocking('expiry', t.expiry, { field: 'expiry' })];
  if (expiresAtMs > (nowMs ?? 0)) return [];
  return [blocking('expiryPast', t.expiryPast, { text: t.expiryPastText, field: 'expiry' })];
}
