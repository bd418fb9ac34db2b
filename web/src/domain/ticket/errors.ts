import { abs } from '#shared/money/divide.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import type { PerpErrorName } from '#shared/perps/errors.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';

import { texts } from '../../i18n/index.ts';
import { formatLeverage, formatQuote } from '../format.ts';
import type { TicketContext } from './context.ts';
import type { TicketReceipt } from './receipt.ts';
import { marketWide, refusalText } from './refusals.ts';
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
/** What the exchange answers for an opening while openings are paused; a halted market is told by its status. */
const pausedCode = 'MARKET_003';
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

/** Everything that is wrong with the ticket, the most important first: it names the button. `preview` is the exchange's, of this very order. */
export function ticketIssues(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
  preview: PreviewDto | undefined,
): TicketIssue[] {
  return [
    ...marketIssues(context, summary),
    ...figureIssues(state, context, summary),
    ...moneyIssues(context, summary, receipt, preview),
    ...warnings(summary, receipt),
  ];
}

function marketIssues(context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const status = context.market.parameters?.status;
  if (status === undefined || context.live === undefined) return [blocking('noPrice', t.noPrice)];
  const closingGoesOn = summary.against ? { text: t.closingGoesOn } : {};
  if (summary.opens && status === 'halted') return [blocking('halted', t.halted, closingGoesOn)];
  if (summary.opens && status === 'reduce_only')
    return [blocking('marketReduceOnly', t.marketReduceOnly, closingGoesOn)];
  switch (context.live.state) {
    case 'ok':
      return [];
    case 'stale':
      return [blocking('stale', t.stale, { text: t.staleText })];
    case 'uncertain':
      return summary.opens ? [blocking('uncertain', t.uncertain, { text: t.uncertainText })] : [];
    case 'halted':
      return summary.opens ? [blocking('halted', t.halted, closingGoesOn)] : [];
  }
}

function figureIssues(state: TicketState, context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues: TicketIssue[] = [];
  if (state.orderType === 'limit' && summary.limitPrice === null)
    issues.push(blocking('limitPrice', t.limitPrice, { field: 'limitPrice' }));
  if (summary.size === null || summary.size === 0n) issues.push(blocking('size', t.size, { field: 'size' }));
  if (state.reduceOnly && !summary.against)
    issues.push(blocking('nothingToReduce', t.nothingToReduce, { field: 'reduceOnly' }));
  return [...issues, ...leverageIssues(context, summary), ...slippageIssues(state, summary)];
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

function slippageIssues(state: TicketState, summary: TicketSummary): TicketIssue[] {
  const t = texts.ticket.issues;
  if (state.orderType !== 'market') return [];
  if (summary.slippageBps === null) return [blocking('slippage', t.slippage, { field: 'slippage' })];
  if (summary.slippageBps > slippageMaxBps) return [blocking('slippageMax', t.slippageMax, { field: 'slippage' })];
  if (summary.slippageBps > slippageWarnBps) return [warning('slippageHigh', t.slippageHigh, { field: 'slippage' })];
  return [];
}

/**
 * What the program would refuse, by the figures on screen, or else what the exchange's own preview says it would. Limits of the market as a
 * whole are left to the preview where it is there: it has read them later.
 */
function moneyIssues(
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
  preview: PreviewDto | undefined,
): TicketIssue[] {
  const { refusal } = summary.estimate;
  if (summary.rests) return restingIssues(context, summary, receipt);
  const accepted = preview !== undefined && preview.warnings.length === 0;
  if (refusal !== null && !(accepted && marketWide.has(refusal))) {
    const issue = issueOf(refusal, context, summary, receipt);
    if (issue !== undefined) return [issue];
  }
  const [told] = context.stage === 'ready' ? (preview?.warnings ?? []) : [];
  if (told === undefined) return [];
  const t = texts.ticket.issues;
  if (told.code === pausedCode) return [blocking('paused', t.paused, { text: t.pausedText })];
  return [blocking(told.code, t.refused, { text: told.message })];
}

/** An order that rests is held against the market when its price comes: now only its size and its margin count. */
function restingIssues(context: TicketContext, summary: TicketSummary, receipt: TicketReceipt): TicketIssue[] {
  const { refusal } = summary.estimate;
  const atLeast = refusal === 'BelowMinNotional' ? issueOf(refusal, context, summary, receipt) : undefined;
  const { freeAfter, impact } = receipt;
  const unpaid = freeAfter !== null && freeAfter + (impact ?? 0n) < 0n ? collateralIssue(context, receipt) : undefined;
  return [atLeast, unpaid].filter((issue) => issue !== undefined);
}

function issueOf(
  refusal: PerpErrorName,
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
): TicketIssue | undefined {
  const t = texts.ticket.issues;
  const least = context.market.parameters?.min_position_notional ?? 0n;
  // The impact of a very small order rounds up to a unit, which is much of it: what is wrong is its size.
  const isTiny = receipt.closes === 0n && receipt.marginBefore === 0n && (receipt.notional ?? least) < least;
  switch (isTiny ? 'BelowMinNotional' : refusal) {
    case 'BelowMinNotional': {
      const minimum = formatQuote(least, { places: 0, rounding: 'ceil' });
      return summary.opens
        ? blocking('minimum', t.minimum(minimum), { field: 'size' })
        : blocking('restTooSmall', t.restTooSmall, { text: t.restTooSmallText(minimum), field: 'size' });
    }
    case 'InsufficientCollateral':
      return collateralIssue(context, receipt);
    default: {
      const told = refusalText(refusal);
      return told === undefined ? undefined : blocking(refusal, told.title, { ...told, field: 'size' });
    }
  }
}

function collateralIssue(context: TicketContext, { taken, freeAfter, impact }: TicketReceipt): TicketIssue | undefined {
  const t = texts.ticket.issues;
  if (freeAfter === null || freeAfter >= 0n || context.stage !== 'ready') return undefined;
  const text =
    taken === null
      ? t.collateralMissing(formatQuote(-freeAfter, { rounding: 'ceil' }))
      : t.collateralText(formatQuote(taken, { rounding: 'ceil' }), (impact ?? 0n) > 0n);
  return blocking('collateral', t.collateral, { text, field: 'size' });
}

function warnings(summary: TicketSummary, receipt: TicketReceipt): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues: TicketIssue[] = [];
  if (receipt.cappedAfter) issues.push(warning('cappedAfter', t.cappedAfter, { text: t.cappedAfterText }));
  const { liquidationPrice } = receipt;
  const { tradePrice } = summary;
  if (liquidationPrice === null || tradePrice === null || !summary.opens) return issues;
  const distance = abs(liquidationPrice - tradePrice);
  if (distance * BPS_SCALE > tradePrice * liquidationNearBps) return issues;
  return [...issues, warning('liquidationNear', t.liquidationNear, { text: t.liquidationNearText })];
}

/** The first thing that keeps the order back, if any. */
export const firstBlocking = (issues: readonly TicketIssue[]): TicketIssue | undefined =>
  issues.find((issue) => issue.blocks);
