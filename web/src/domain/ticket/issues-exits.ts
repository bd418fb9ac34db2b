import { exitResult, fillOf } from '../exit-result.ts';
import { formatPrice } from '../format.ts';
import { texts } from '../../i18n/index.ts';
import { oraclePriceOf, type TicketContext } from './context.ts';
import { exitBasisOf, exitLiesAbove, exitReference, isBehindLiquidation, type TicketExits } from './exits.ts';
import { blocking, warning, type TicketIssue } from './issue.ts';
import type { TicketReceipt } from './receipt.ts';
import type { ExitKind, TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

/** What is wrong with the take-profit and the stop-loss that an order is to bring. */
export function exitIssues(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
): TicketIssue[] {
  const { takeProfitText, stopLossText } = state;
  if (!state.exitsOn || (takeProfitText === '' && stopLossText === '')) return [];
  const t = texts.ticket.issues;
  if (!summary.opens)
    return summary.size === null ? [] : [warning('exitsUnused', t.exitsUnused, { text: t.exitsUnusedText })];
  const issues = [
    ...priceIssues('takeProfit', takeProfitText, state, context, summary),
    ...priceIssues('stopLoss', stopLossText, state, context, summary),
  ];
  if (issues.length > 0) return issues;
  const basis = exitBasisOf(state, context, summary, receipt);
  return basis === null ? [] : outcomeIssues(basis, summary, context.market.price_decimals);
}

/** An exit on the wrong side of the price that it is measured from would execute at once: the exchange refuses it. */
function priceIssues(
  exit: ExitKind,
  typed: string,
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
): TicketIssue[] {
  if (typed === '') return [];
  const t = texts.ticket.issues;
  const at = summary[exit];
  if (at === null) return [blocking(exit, t[exit], { field: exit })];
  const reference = exitReference(summary, oraclePriceOf(context));
  if (reference === undefined) return [];
  const above = exitLiesAbove(state.side, exit);
  if (above ? at > reference : at < reference) return [];
  const shown = formatPrice(reference, context.market.price_decimals);
  const title = above ? t.exitAbove(texts.ticket.exitNames[exit]) : t.exitBelow(texts.ticket.exitNames[exit]);
  return [blocking(`${exit}Side`, title, { text: t.exitSideText(shown), field: exit })];
}

function outcomeIssues(
  basis: TicketExits,
  { takeProfit, stopLoss }: TicketSummary,
  priceDecimals: number,
): TicketIssue[] {
  const t = texts.ticket.issues;
  const issues: TicketIssue[] = [];
  if (stopLoss !== null && isBehindLiquidation(basis, stopLoss)) {
    const text = t.stopBehindLiquidationText(formatPrice(basis.liquidationPrice ?? 0n, priceDecimals));
    issues.push(warning('stopBehindLiquidation', t.stopBehindLiquidation, { text, field: 'stopLoss' }));
  }
  if (takeProfit !== null && exitResult(basis, takeProfit, fillOf.takeProfit)?.capped === true)
    issues.push(warning('takeProfitCapped', t.takeProfitCapped, { text: t.takeProfitCappedText, field: 'takeProfit' }));
  return issues;
}
