import type { PreviewDto } from '#shared/protocol/orders.ts';

import type { TicketContext } from './context.ts';
import type { TicketIssue } from './issue.ts';
import { exitIssues } from './issues-exits.ts';
import { fieldIssues } from './issues-fields.ts';
import { marketIssues } from './issues-market.ts';
import { limitNotes, moneyIssues, riskWarnings } from './issues-money.ts';
import type { TicketReceipt } from './receipt.ts';
import type { TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

export type { TicketField, TicketIssue } from './issue.ts';

/** Everything that is wrong with the ticket, the most important first: it names the button. `preview` is the exchange's, of this very order. */
export function ticketIssues(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
  preview: PreviewDto | undefined,
): TicketIssue[] {
  return [
    ...marketIssues(state, context, summary),
    ...fieldIssues(state, context, summary),
    ...exitIssues(state, context, summary, receipt),
    ...moneyIssues(context, summary, receipt, preview),
    ...riskWarnings(summary, receipt),
    ...limitNotes(state, context, summary),
  ];
}

/** The first thing that keeps the order back, if any. */
export const firstBlocking = (issues: readonly TicketIssue[]): TicketIssue | undefined =>
  issues.find((issue) => issue.blocks);
