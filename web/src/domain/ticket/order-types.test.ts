import { placeOrderRequestSchema } from '#shared/protocol/orders.ts';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { base, marketWith, positionWith, usd, usdc } from '../testing.ts';
import { leverageFor } from './leverage.ts';
import { ticketReceipt } from './receipt.ts';
import { effectiveTimeInForce, type TicketAction, type TicketState, type TimeInForce } from './state.ts';
import { summarizeTicket } from './summary.ts';
import {
  blockingOf,
  contextWith,
  leveraged,
  limitAt,
  livePrice,
  requestOf,
  selling,
  sized,
  stopAt,
  ticket,
  typed,
  warningsOf,
} from './testing.ts';

const inForce = (timeInForce: TimeInForce): TicketAction => ({ type: 'timeInForce', timeInForce });
const receiptOf = (state: TicketState, context = contextWith()) =>
  ticketReceipt(context, summarizeTicket(state, context), undefined);

test('a stop must lie where the price is not yet: above it for a buy, below it for a sell', () => {
  const at = (price: string, ...more: TicketAction[]) => ticket(typed('stop'), ...more, stopAt(price), sized('1'));
  const context = contextWith();
  expect(blockingOf(at('151'), context)).toBeUndefined();
  expect(blockingOf(at('150'), context)).toBe('stopSide');
  expect(blockingOf(at('149'), context)).toBe('stopSide');
  expect(blockingOf(at('149', selling), context)).toBeUndefined();
  expect(blockingOf(at('151', selling), context)).toBe('stopSide');
  expect(blockingOf(ticket(typed('stop'), sized('1')), context)).toBe('stopPrice');
});

test('a stop is estimated at its trigger, and its worst price counts from there', () => {
  const state = ticket(typed('stop'), stopAt('160'), sized('10'), leveraged('20'));
  const summary = summarizeTicket(state, contextWith());
  expect(summary).toMatchObject({ rests: true, tradePrice: usd('160'), worstPrice: usd('160.8') });
  expect(receiptOf(state)).toMatchObject({ fillPrice: usd('160'), notional: usdc('1600'), marginAfter: usdc('80') });
});

test('a stop-limit is estimated at its limit; one behind its trigger is warned of', () => {
  const state = ticket(typed('stop_limit'), stopAt('160'), limitAt('161'), sized('10'));
  expect(summarizeTicket(state, contextWith())).toMatchObject({ rests: true, tradePrice: usd('161') });
  expect(warningsOf(state, contextWith())).not.toContain('limitBehindStop');
  expect(warningsOf({ ...state, limitPriceText: '159' }, contextWith())).toContain('limitBehindStop');
  expect(blockingOf({ ...state, limitPriceText: '' }, contextWith())).toBe('limitPrice');
});

test('an immediate limit that the price does not meet comes to nothing and is warned of, not held back', () => {
  const state = ticket(typed('limit'), limitAt('140'), inForce('ioc'), sized('1'));
  expect(summarizeTicket(state, contextWith())).toMatchObject({ rests: false, tradePrice: usd('150') });
  expect(blockingOf(state, contextWith())).toBeUndefined();
  expect(warningsOf(state, contextWith())).toContain('iocMiss');
  expect(warningsOf({ ...state, limitPriceText: '151' }, contextWith())).not.toContain('iocMiss');
  const receiptOf = (text: string) => {
    const summary = summarizeTicket({ ...state, limitPriceText: text }, contextWith());
    return ticketReceipt(contextWith(), summary, undefined);
  };
  expect(receiptOf('140')).toMatchObject({ misses: true, intent: null, fillPrice: null, marginAdded: null });
  expect(receiptOf('151')).toMatchObject({ misses: false, intent: 'open' });
});

test('a time in force that an order type does not have counts as good till cancelled, and comes back with the type', () => {
  const state = ticket(typed('limit'), inForce('ioc'));
  expect(effectiveTimeInForce(state)).toBe('ioc');
  expect(effectiveTimeInForce({ ...state, orderType: 'stop' })).toBe('gtc');
  expect(effectiveTimeInForce({ ...state, orderType: 'market', timeInForce: 'gtt' })).toBe('gtc');
});

test('an order with an end needs one in the future', () => {
  const state = ticket(typed('limit'), limitAt('140'), inForce('gtt'), sized('1'));
  expect(requestOf(state)).toMatchObject({ time_in_force: 'gtt', expires_at: '2026-01-02T00:01:00.000Z' });
  const until = { ...state, expiry: 'until' } as const;
  expect(blockingOf(until, contextWith())).toBe('expiry');
  expect(blockingOf({ ...until, expiryText: '2025-12-01T00:00' }, contextWith())).toBe('expiryPast');
  expect(requestOf({ ...until, expiryText: '2025-12-01T00:00' })).toBeNull();
  expect(blockingOf({ ...until, expiryText: '2026-12-01T00:00' }, contextWith())).toBeUndefined();
});

test('whatever was left in the other fields, no order goes out that the exchange refuses for its form', () => {
  const position = positionWith();
  let sent = 0;
  for (const orderType of ['market', 'limit', 'stop', 'stop_limit'] as const)
    for (const timeInForce of ['gtc', 'ioc', 'gtt'] as const)
      for (const side of ['buy', 'sell'] as const)
        for (const reduceOnly of [false, true])
          for (const leverageText of ['20', '500', ''])
            for (const slippageText of ['0.5', '', '999'])
              for (const state of ['ok', 'stale', 'uncertain', 'halted'] as const) {
                const context = contextWith({ position, live: livePrice({ state }) });
                const order = requestOf(
                  {
                    ...ticket({ type: 'exits', on: true }),
                    ...{ orderType, timeInForce, side, reduceOnly, leverageText, slippageText },
                    ...{ sizeText: '5', limitPriceText: '140', stopPriceText: '160' },
                    ...{ takeProfitText: '170', stopLossText: '130', expiryText: 'nonsense', expiry: '1h' },
                  },
                  context,
                );
                if (order === null) continue;
                sent += 1;
                const wire = z.encode(placeOrderRequestSchema, order);
                expect(placeOrderRequestSchema.safeParse(wire).error).toBeUndefined();
              }
  expect(sent).toBeGreaterThan(200);
});

test('while the price is not good enough to open at, a market order that only closes says so itself', () => {
  const closing = ticket(selling, sized('10'));
  const context = contextWith({ position: positionWith(), live: livePrice({ state: 'halted' }) });
  expect(requestOf(closing, context)).toMatchObject({ reduce_only: true });
  expect(requestOf(closing, { ...context, live: livePrice() })).toMatchObject({ reduce_only: false });
  expect(requestOf({ ...closing, sizeText: '150' }, context)).toMatchObject({ reduce_only: false });
});

test('a stale price stops market orders and lets those that wait be placed, saying that they wait', () => {
  const context = contextWith({ live: livePrice({ state: 'stale' }) });
  expect(blockingOf(ticket(sized('1')), context)).toBe('stale');
  const waiting = ticket(typed('limit'), limitAt('140'), sized('1'));
  expect(blockingOf(waiting, context)).toBeUndefined();
  expect(warningsOf(waiting, context)).toContain('waitsForPrice');
});

test('a good price that was not renewed for some seconds is as good as a stale one', () => {
  const context = contextWith({ silent: true });
  expect(blockingOf(ticket(sized('1')), context)).toBe('silent');
  expect(warningsOf(ticket(typed('limit'), limitAt('140'), sized('1')), context)).toContain('waitsForPrice');
});

test('a limit that the spread takes past its price rests: it is said, and keeps nothing back', () => {
  const context = contextWith({ live: livePrice({ confidence: usd('0.05') }) });
  const atLast = ticket(typed('limit'), limitAt('150'), sized('1'));
  expect(blockingOf(atLast, context)).toBeUndefined();
  expect(warningsOf(atLast, context)).toContain('waitsForSpread');
  const once = ticket(typed('limit'), inForce('ioc'), limitAt('150'), sized('1'));
  expect(warningsOf(once, context)).not.toContain('waitsForSpread');
});

test('what operators switched off is said in their words', () => {
  const without = (operation: 'open' | 'trigger') => ({
    ...marketWith(),
    restrictions: [{ operation, reason: 'switched_off', message: 'Off.' } as const],
  });
  const market = without('open');
  expect(blockingOf(ticket(sized('1')), contextWith({ market }))).toBe('openingOff');
  const position = positionWith();
  expect(blockingOf(ticket(selling, sized('10')), contextWith({ market, position }))).toBeUndefined();
  const untriggered = without('trigger');
  const waiting = ticket(typed('limit'), limitAt('140'), sized('1'));
  expect(warningsOf(waiting, contextWith({ market: untriggered }))).toContain('triggerOff');
  expect(warningsOf(ticket(sized('1')), contextWith({ market: untriggered }))).toEqual([]);
});

test('a reduce-only order with nothing to reduce is no order: nothing is asked about it either', () => {
  const reducing: TicketAction = { type: 'reduceOnly', reduceOnly: true };
  expect(requestOf(ticket(sized('1'), reducing))).toBeNull();
  const context = contextWith({ position: positionWith() });
  expect(requestOf(ticket(sized('1'), reducing), context)).toBeNull();
  expect(requestOf(ticket(selling, sized('1'), reducing), context)).toMatchObject({ reduce_only: true });
});

test('only a figure that matters keeps an order back: leverage for an opening, slippage for what executes at the market', () => {
  const position = positionWith();
  const closing = { ...ticket(selling, sized('10')), leverageText: '500' };
  expect(requestOf(closing, contextWith({ position }))).toMatchObject({ leverage: 5_000 });
  expect(requestOf({ ...closing, leverageText: '' }, contextWith({ position }))).not.toHaveProperty('leverage');
  const limit = { ...ticket(typed('limit'), limitAt('140'), sized('1')), slippageText: '' };
  expect(blockingOf(limit, contextWith())).toBeUndefined();
  expect(requestOf(limit)).not.toHaveProperty('max_slippage_bps');
});

test('a locked leverage survives markets and sizes; an unlocked one rises to what the size needs', () => {
  const locked = ticket(leveraged('40'));
  const away = ticket(leveraged('40'), { type: 'market', maxLeverage: 25n });
  expect(away.leverageText).toBe('25');
  expect(ticket(leveraged('40'), { type: 'market', maxLeverage: 25n }, { type: 'market', maxLeverage: 50n })).toEqual({
    ...locked,
  });
  const free = ticket(leveraged('5'), { type: 'leverageLock', locked: false }, sized('300'));
  // 45,000 of notional from 4,975 USDC after the cushion: 27 for the fee, so ten times is enough and nine is not.
  expect(leverageFor(free, contextWith())).toBe('10');
  expect(leverageFor({ ...free, leverageLocked: true }, contextWith())).toBeUndefined();
  expect(leverageFor({ ...free, leverageText: '20', leverageChosenText: '20' }, contextWith())).toBeUndefined();
  // A smaller size needs less again: back to what was chosen.
  expect(leverageFor({ ...free, leverageText: '20' }, contextWith())).toBe('10');
  expect(leverageFor({ ...free, leverageText: '20', sizeText: '1' }, contextWith())).toBe('5');
  expect(leverageFor({ ...free, sizeText: '100000' }, contextWith())).toBeUndefined();
  const after = ticket({ type: 'leverageLock', locked: false }, leveraged('40'), { type: 'market', maxLeverage: 50n });
  expect(after.leverageText).toBe('10');
});

test('an order filled in from elsewhere is exactly that order, and the habits stay', () => {
  const state = ticket({ type: 'slippage', typed: '1' }, sized('3'), {
    type: 'prefill',
    prefill: {
      side: 'sell',
      orderType: 'stop_limit',
      size: base('2.5'),
      stopPrice: usd('145'),
      limitPrice: usd('144'),
      leverageE2: 1_250n,
      stopLoss: usd('150'),
      analysisId: '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01',
    },
  });
  expect(requestOf(state)).toEqual({
    symbol: 'SOL-PERP',
    side: 'sell',
    order_type: 'stop_limit',
    stop_price: usd('145'),
    price: usd('144'),
    max_slippage_bps: 100,
    quantity: base('2.5'),
    reduce_only: false,
    leverage: 1_250,
    time_in_force: 'gtc',
    stop_loss: usd('150'),
    analysis_id: '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01',
  });
  expect(ticket({ type: 'prefill', prefill: { side: 'buy' } }, { type: 'placed' }).analysisId).toBeNull();
});

test('the receipt says how much of the account is in use, other markets included, before and after', () => {
  const others = { margin: usdc('1000'), unrealizedPnl: usdc('-500') };
  const receipt = receiptOf(ticket(sized('10'), leveraged('10')), contextWith({ others }));
  // 1,000 of 5,500; then 1,150 of the 5,499.1 that the fee leaves, rounded up.
  expect(receipt).toMatchObject({ marginUseBefore: 1_819n, marginUseAfter: 2_092n });
  expect(receiptOf(ticket(sized('1000'), leveraged('10')), contextWith({ others })).marginUseAfter).toBeNull();
  const held = receiptOf(ticket(sized('10'), leveraged('10')), contextWith({ position: positionWith() }));
  expect(held).toMatchObject({ leverageBefore: 2_000n, liquidationBefore: usd('143.94'), marginUseBefore: 1_305n });
  expect(held.leverageAfter).toBeLessThan(2_000n);
});

test('spread and price impact of a size are one cost, and a high one is warned of', () => {
  const wide = contextWith({ live: livePrice({ confidence: usd('1.5') }) });
  const receipt = receiptOf(ticket(sized('10')), wide);
  // Half of the confidence on 10 SOL.
  expect(receipt).toMatchObject({ spread: usd('0.75'), cost: usdc('7.5') });
  expect(warningsOf(ticket(sized('10')), wide)).not.toContain('impactHigh');
  const skewed = contextWith({ market: marketWith({ skew_scale: base('100000') }), available: usdc('1000000') });
  // From balance to 500 of 100,000: half of 0.5 % of 75,000.
  expect(receiptOf(ticket(sized('500')), skewed)).toMatchObject({ impact: usdc('187.5'), cost: usdc('187.5') });
  const wider = contextWith({
    market: marketWith({ k_bps: 6_000 }),
    live: livePrice({ confidence: usd('1.5') }),
  });
  expect(warningsOf(ticket(sized('10'), { type: 'slippage', typed: '1' }), wider)).toContain('impactHigh');
});

test('a limit that the price meets, spread included, is said to fill at once; one within the spread waits', () => {
  const at = (limit: string, ...more: TicketAction[]) => ticket(typed('limit'), ...more, limitAt(limit), sized('1'));
  // Fills at 150.5 and 149.5.
  const context = contextWith({ live: livePrice({ confidence: usd('1') }) });
  expect(warningsOf(at('150.5'), context)).toEqual(['fillsAtOnce']);
  expect(warningsOf(at('149.5', selling), context)).toEqual(['fillsAtOnce']);
  for (const waiting of [at('150'), at('150.49'), at('149.51', selling)]) {
    expect(summarizeTicket(waiting, context)).toMatchObject({ rests: true, meetsLimit: false });
    expect(blockingOf(waiting, context)).toBeUndefined();
    expect(warningsOf(waiting, context)).toEqual(['waitsForSpread']);
  }
  expect(warningsOf(at('140'), context)).toEqual([]);
  const stale = contextWith({ live: livePrice({ confidence: usd('1'), state: 'stale' }) });
  expect(warningsOf(at('160'), stale)).toEqual(['waitsForPrice']);
});

test('a limit that only the price impact of its size misses waits, and is not held back', () => {
  const skewed = contextWith({ market: marketWith({ skew_scale: base('100000') }), available: usdc('1000000') });
  const state = ticket(typed('limit'), limitAt('150'), sized('500'));
  expect(blockingOf(state, skewed)).toBeUndefined();
  expect(warningsOf(state, skewed)).toContain('impactMisses');
});
