import { marketWith, usd, usdc } from '../testing.ts';
import type { TicketContext } from './context.ts';
import { firstBlocking, ticketIssues } from './errors.ts';
import { ticketReceipt } from './receipt.ts';
import { reduceTicket } from './reducer.ts';
import { orderRequestOf } from './request.ts';
import { initialTicket, type TicketAction, type TicketState } from './state.ts';
import { summarizeTicket } from './summary.ts';

/** What the tests of the ticket have in common: a trader with 5,000 USDC before a calm market of 150 USD. */

/** A price without a confidence interval, hence without a spread. */
export const livePrice = (
  changed: Partial<NonNullable<TicketContext['live']>> = {},
): NonNullable<TicketContext['live']> => ({
  price: usd('150'),
  confidence: usd('0'),
  ema: usd('150'),
  state: 'ok',
  ...changed,
});

export const contextWith = (changed: Partial<TicketContext> = {}): TicketContext => ({
  market: marketWith(),
  live: livePrice(),
  stats: undefined,
  position: undefined,
  available: usdc('5000'),
  stage: 'ready',
  nowMs: Date.parse('2026-01-01T00:00:30.000Z'),
  ...changed,
});

export const ticket = (...actions: TicketAction[]): TicketState => actions.reduce(reduceTicket, initialTicket);
export const sized = (typed: string): TicketAction => ({ type: 'size', typed });
export const leveraged = (typed: string): TicketAction => ({ type: 'leverage', typed });
export const typed = (orderType: TicketState['orderType']): TicketAction => ({ type: 'orderType', orderType });
export const limitAt = (price: string): TicketAction => ({ type: 'limitPrice', typed: price });
export const stopAt = (price: string): TicketAction => ({ type: 'stopPrice', typed: price });
export const selling: TicketAction = { type: 'side', side: 'sell' };

export const issuesOf = (state: TicketState, context: TicketContext) => {
  const summary = summarizeTicket(state, context);
  return ticketIssues(state, context, summary, ticketReceipt(context, summary, undefined), undefined);
};
export const blockingOf = (state: TicketState, context: TicketContext): string | undefined =>
  firstBlocking(issuesOf(state, context))?.code;
export const warningsOf = (state: TicketState, context: TicketContext): string[] =>
  issuesOf(state, context)
    .filter((issue) => !issue.blocks)
    .map((issue) => issue.code);
export const requestOf = (state: TicketState, context = contextWith()) =>
  orderRequestOf(state, context, summarizeTicket(state, context));
