import { abs } from '#shared/money/divide.ts';
import { BPS_SCALE, type Price } from '#shared/money/units.ts';
import type { PerpErrorName } from '#shared/perps/errors.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';

import { texts } from '../../i18n/index.ts';
import { formatBps, formatPrice, formatQuote, formatShare } from '../format.ts';
import type { TicketContext } from './context.ts';
import { blocking, note, warning, type TicketIssue } from './issue.ts';
import type { TicketReceipt } from './receipt.ts';
import { marketWide, refusalText } from './refusals.ts';
import type { TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

/** What the exchange answers for an opening while openings are paused; a halted market is told by its status. */
const pausedCode = 'MARKET_003';
/** Codes of a preview that have an issue of their own here: a stop-loss behind the liquidation, the age of the price. */
const toldElsewhere: ReadonlySet<string> = new Set(['RISK_002', 'ORACLE_001']);
const slippageCode = 'TRADING_004';
/** A liquidation price nearer than this share of the price is called near. */
const liquidationNearBps = 250n;
/** Spread and price impact above this share of what is traded are called high. */
const impactHighBps = 50n;

/**
 * What the program would refuse, by the figures on screen, or else what the exchange's own preview says it would. Limits of the market as a
 * whole are left to the preview where it is there: it has read them later.
 */
export function moneyIssues(
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
  preview: PreviewDto | undefined,
): TicketIssue[] {
  if (summary.rests) {
    const own = restingIssues(context, summary, receipt);
    return own.length > 0 ? own : toldIssues(context, summary, preview);
  }
  const { refusal } = summary.estimate;
  const accepted = preview !== undefined && preview.warnings.length === 0;
  // A limit order may miss its limit: that is said beside its price, and does not keep it back.
  const isMiss = summary.limitPrice !== null && refusal === 'SlippageExceeded';
  if (refusal !== null && !isMiss && !(accepted && marketWide.has(refusal))) {
    const issue = issueOf(refusal, context, summary, receipt);
    if (issue !== undefined) return [issue];
  }
  return toldIssues(context, summary, preview);
}

/** The most serious of what the exchange's preview warns of that is not said otherwise. */
function toldIssues(context: TicketContext, summary: TicketSummary, preview: PreviewDto | undefined): TicketIssue[] {
  const isOwn = (code: string) => toldElsewhere.has(code) || (summary.limitPrice !== null && code === slippageCode);
  const told = context.stage === 'ready' ? preview?.warnings.find(({ code }) => !isOwn(code)) : undefined;
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

/** What becomes of a limit order whose limit the price meets already: it fills at once, or the spread or its size keeps it waiting. */
export function limitNotes(state: TicketState, context: TicketContext, summary: TicketSummary): TicketIssue[] {
  const { limitPrice, size, timeInForce, estimate, rests } = summary;
  const { live } = context;
  if (state.orderType !== 'limit' || limitPrice === null || live?.state !== 'ok' || context.silent === true) return [];
  if (size === null || size === 0n) return [];
  const t = texts.ticket.issues;
  const isAtPrice = state.side === 'buy' ? live.price <= limitPrice : live.price >= limitPrice;
  if (rests) return isAtPrice ? [note('waitsForSpread', t.waitsForSpread, 'limitPrice')] : [];
  if (!summary.meetsLimit) return [];
  const limit = formatPrice(limitPrice, context.market.price_decimals);
  if (estimate.refusal === null) return [note('fillsAtOnce', t.fillsAtOnce(limit), 'limitPrice')];
  if (estimate.refusal !== 'SlippageExceeded') return [];
  return [note('impactMisses', timeInForce === 'ioc' ? t.impactMisses : t.impactWaits, 'limitPrice')];
}

/** A small move of the price would liquidate: whoever makes it so is told. */
export const isLiquidationNear = (liquidation: Price, from: Price): boolean =>
  abs(liquidation - from) * BPS_SCALE <= from * liquidationNearBps;

/** What does not keep the order back and should be known before it is sent. */
export function riskWarnings(summary: TicketSummary, receipt: TicketReceipt): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues: TicketIssue[] = [];
  if (receipt.cappedAfter) issues.push(warning('cappedAfter', t.cappedAfter, { text: t.cappedAfterText }));
  const { cost, notional, liquidationPrice } = receipt;
  if (cost !== null && notional !== null && cost * BPS_SCALE > notional * impactHighBps) {
    const text = t.impactHighText(formatBps(cost, notional), formatQuote(cost, { rounding: 'ceil' }));
    issues.push(warning('impactHigh', t.impactHigh, { text, field: 'size' }));
  }
  const { tradePrice } = summary;
  if (liquidationPrice === null || tradePrice === null || !summary.opens) return issues;
  if (!isLiquidationNear(liquidationPrice, tradePrice)) return issues;
  const distance = abs(liquidationPrice - tradePrice);
  const text = t.liquidationNearText(formatShare(distance, tradePrice, 2));
  return [...issues, warning('liquidationNear', t.liquidationNear, { text, field: 'leverage' })];
}
