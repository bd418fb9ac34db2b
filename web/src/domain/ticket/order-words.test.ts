import { expect, test } from 'vitest';

import { marketWith, positionWith } from '../testing.ts';
import { orderLines, orderSentence } from './order-words.ts';
import { ticketReceipt } from './receipt.ts';
import type { TicketState } from './state.ts';
import { summarizeTicket } from './summary.ts';
import { contextWith, leveraged, limitAt, requestOf, selling, sized, stopAt, ticket, typed } from './testing.ts';

function wordsOf(state: TicketState, context = contextWith()) {
  const order = requestOf(state, context);
  if (order === null) throw new Error('no order');
  const summary = summarizeTicket(state, context);
  const lines = orderLines(order, context.market, summary, ticketReceipt(context, summary, undefined));
  return {
    sentence: orderSentence(order, marketWith()),
    lines: Object.fromEntries(lines.map(({ name, value }) => [name, value])),
  };
}

test('the sentence says what is bought or sold, how much and at which price', () => {
  expect(wordsOf(ticket(sized('2.5'))).sentence).toBe('Buy 2.50 SOL at the next price.');
  expect(wordsOf(ticket(selling, typed('limit'), limitAt('160'), sized('1'))).sentence).toBe(
    'Sell 1.00 SOL at 160.000 or better.',
  );
  expect(wordsOf(ticket(typed('stop'), stopAt('160'), sized('1'))).sentence).toBe(
    'Buy 1.00 SOL when the price reaches 160.000.',
  );
  expect(wordsOf(ticket(typed('stop_limit'), stopAt('160'), limitAt('161'), sized('1'))).sentence).toBe(
    'Buy 1.00 SOL when the price reaches 160.000, at 161.000 or better.',
  );
});

test('the terms are those of the order: what it costs, what it risks, what it brings', () => {
  const state = ticket(sized('10'), leveraged('20'), { type: 'exits', on: true });
  expect(wordsOf({ ...state, takeProfitText: '156', stopLossText: '147' }).lines).toEqual({
    'Worst price': '150.750',
    'Order value': '1,500.00 USDC',
    Leverage: '20×',
    Margin: '75.00 USDC',
    Fee: '0.90 USDC',
    'Liquidation price': '143.939',
    'Take profit': '156.000',
    'Stop loss': '147.000',
  });
});

test('an order that only closes says nothing of leverage and margin, and one that only reduces says that', () => {
  const context = contextWith({ position: positionWith() });
  const { lines } = wordsOf(ticket(selling, sized('100'), { type: 'reduceOnly', reduceOnly: true }), context);
  expect(Object.keys(lines)).toEqual(['Worst price', 'Order value', 'Fee', 'Reduce only']);
});

test('an order that waits says for how long', () => {
  const waiting = ticket(typed('limit'), limitAt('140'), sized('1'));
  expect(wordsOf(waiting).lines['Time in force']).toBe('Good till cancelled');
  expect(wordsOf({ ...waiting, timeInForce: 'gtt' }).lines['Time in force']).toMatch(/^Ends 0[12] Jan/);
});
