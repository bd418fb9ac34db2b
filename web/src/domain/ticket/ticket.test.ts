import { expect, test } from 'vitest';

import type { PreviewDto } from '#shared/protocol/orders.ts';

import { base, marketWith, positionWith, usd, usdc } from '../testing.ts';
import type { TicketContext } from './context.ts';
import { firstBlocking, ticketIssues } from './errors.ts';
import type { PreviewFigures } from './estimate.ts';
import { ticketReceipt } from './receipt.ts';
import { orderRequestOf } from './request.ts';
import type { TicketState } from './state.ts';
import { sizeOfShare, summarizeTicket } from './summary.ts';
import { blockingOf, contextWith, issuesOf, leveraged, livePrice, sized, ticket } from './testing.ts';

const figuresOf = (state: TicketState, context: TicketContext) => summarizeTicket(state, context).estimate.figures;

test('the estimate of an opening is the mathematics of the exchange at the live price', () => {
  const summary = summarizeTicket(ticket(sized('100'), leveraged('20')), contextWith());
  expect(summary).toMatchObject({ size: base('100'), worstPrice: usd('150.75'), against: false, opens: true });
  expect(summary.estimate).toMatchObject({
    refusal: null,
    figures: {
      notional: usdc('15000'),
      margin: usdc('750'),
      fee: usdc('9'),
      // (150 − 7.5) / 0.99, rounded up.
      liquidation_price: usd('143.93939394'),
    },
  });
});

test('a size in USDC becomes the largest size of the market that it pays for', () => {
  const state = ticket({ type: 'sizeUnit', sizeUnit: 'quote', sizeText: '' }, sized('1000'));
  expect(summarizeTicket(state, contextWith()).size).toBe(base('6.66'));
});

test('a sell accepts no less than its worst price', () => {
  const state = ticket({ type: 'side', side: 'sell' }, sized('1'));
  expect(summarizeTicket(state, contextWith()).worstPrice).toBe(usd('149.25'));
});

test('a limit the market already meets is estimated at the oracle price', () => {
  const limit = (typed: string) =>
    ticket({ type: 'orderType', orderType: 'limit' }, { type: 'limitPrice', typed }, sized('1'));
  expect(summarizeTicket(limit('160'), contextWith())).toMatchObject({ tradePrice: usd('150'), rests: false });
  expect(summarizeTicket(limit('140'), contextWith())).toMatchObject({ tradePrice: usd('140'), rests: true });
});

test('the whole share of a market order can still be paid after the price has moved half a percent', () => {
  const context = contextWith();
  const state = ticket(leveraged('20'));
  const size = sizeOfShare(summarizeTicket(state, context), context, 100);
  const filled = { ...state, sizeText: '1' };
  expect(size).not.toBeNull();
  const dearer = contextWith({ live: livePrice({ price: usd('150.7') }) });
  const { estimate } = summarizeTicket({ ...filled, sizeText: sizeText(size) }, dearer);
  expect(estimate.refusal).toBeNull();
  expect(estimate.figures?.margin_added).toBeGreaterThan(usdc('4900'));
});

const sizeText = (size: bigint | null): string =>
  `${(size ?? 0n) / 100_000_000n}.${String((size ?? 0n) % 100_000_000n).padStart(8, '0')}`;

test('an order against the position needs no margin and can be as large as the position, to the last digit', () => {
  const context = contextWith({ position: positionWith({ size: base('33.33333333') }) });
  const state = ticket({ type: 'side', side: 'sell' });
  const summary = summarizeTicket(state, context);
  expect(summary.against).toBe(true);
  expect(sizeOfShare(summary, context, 100)).toBe(base('33.33333333'));
  expect(sizeOfShare(summary, context, 50)).toBe(base('16.66'));
  const part = summarizeTicket({ ...state, sizeText: '10' }, context);
  expect(part.opens).toBe(false);
  expect(part.estimate.figures).toMatchObject({ intent: 'reduce', margin_added: 0n });
  expect(part.estimate.figures?.margin_released).toBeGreaterThan(0n);
});

test('an increase is estimated together with what is open', () => {
  const context = contextWith({ position: positionWith() });
  const state = ticket(sized('100'), leveraged('20'));
  expect(figuresOf(state, context)?.liquidation_price).toBe(usd('143.93939394'));
  const owing = contextWith({ position: positionWith({ funding_owed: usdc('9'), borrow_owed: usdc('1') }) });
  // 10 USDC less of margin for 200 SOL: 0.05 nearer, over 0.99.
  expect(figuresOf(state, owing)?.liquidation_price).toBe(usd('143.98989899'));
});

test('the order carries exactly what was entered', () => {
  const state = ticket(sized('0.1'), leveraged('12.5'), { type: 'slippage', typed: '0.25' });
  expect(orderRequestOf(state, contextWith(), summarizeTicket(state, contextWith()))).toEqual({
    symbol: 'SOL-PERP',
    side: 'buy',
    order_type: 'market',
    quantity: base('0.1'),
    reduce_only: false,
    leverage: 1_250,
    time_in_force: 'gtc',
    max_slippage_bps: 25,
  });
});

test('a limit order carries its price and no slippage', () => {
  const state = ticket({ type: 'orderType', orderType: 'limit' }, { type: 'limitPrice', typed: '149.5' }, sized('2'));
  const order = orderRequestOf(state, contextWith(), summarizeTicket(state, contextWith()));
  expect(order).toMatchObject({ order_type: 'limit', price: usd('149.5') });
  expect(order).not.toHaveProperty('max_slippage_bps');
});

test('no order exists while a figure is missing', () => {
  const context = contextWith();
  for (const state of [
    ticket(),
    ticket(sized('0')),
    ticket(sized('1'), leveraged('')),
    ticket(sized('1'), { type: 'slippage', typed: '' }),
  ]) {
    expect(orderRequestOf(state, context, summarizeTicket(state, context))).toBeNull();
  }
});

test('the button names the first thing that is wrong', () => {
  const context = contextWith();
  expect(blockingOf(ticket(), context)).toBe('size');
  expect(blockingOf(ticket(sized('100')), context)).toBeUndefined();
  expect(blockingOf(ticket(sized('0.01')), context)).toBe('minimum');
  expect(blockingOf(ticket(sized('1'), leveraged('51')), context)).toBe('leverageMax');
  expect(blockingOf(ticket(sized('1'), leveraged('0.5')), context)).toBe('leverage');
  expect(blockingOf(ticket(sized('1'), { type: 'slippage', typed: '11' }), context)).toBe('slippageMax');
  expect(blockingOf(ticket(sized('1000')), context)).toBe('collateral');
  expect(blockingOf(ticket({ type: 'orderType', orderType: 'limit' }), context)).toBe('limitPrice');
  expect(blockingOf(ticket(sized('1'), { type: 'reduceOnly', reduceOnly: true }), context)).toBe('nothingToReduce');
});

test('collateral is enough up to the last unit, fee included', () => {
  const state = ticket(sized('100'), leveraged('20'));
  expect(blockingOf(state, contextWith({ available: usdc('759') }))).toBeUndefined();
  expect(blockingOf(state, contextWith({ available: usdc('758.999999') }))).toBe('collateral');
});

test('a halted market, and a price far from its average, let positions be closed, not opened; other bad prices stop both', () => {
  const position = positionWith();
  const opening = ticket(sized('1'));
  const closing = ticket({ type: 'side', side: 'sell' }, sized('1'));
  const at = (state: 'ok' | 'stale' | 'uncertain' | 'halted', ema = '150') =>
    contextWith({ position, live: livePrice({ state, ema: usd(ema) }) });
  expect([blockingOf(opening, at('uncertain', '200')), blockingOf(closing, at('uncertain', '200'))]).toEqual([
    'divergent',
    undefined,
  ]);
  expect([blockingOf(opening, at('uncertain')), blockingOf(closing, at('uncertain'))]).toEqual([
    'uncertain',
    'uncertain',
  ]);
  expect([blockingOf(opening, at('halted')), blockingOf(closing, at('halted'))]).toEqual(['halted', undefined]);
  expect([blockingOf(opening, at('stale')), blockingOf(closing, at('stale'))]).toEqual(['stale', 'stale']);
});

test('a reduce-only market takes no opening', () => {
  const context = contextWith({ market: marketWith({ status: 'reduce_only' }), position: positionWith() });
  expect(blockingOf(ticket(sized('1')), context)).toBe('marketReduceOnly');
  expect(blockingOf(ticket({ type: 'side', side: 'sell' }, sized('1')), context)).toBeUndefined();
});

test('before the first price nothing can be sent', () => {
  expect(blockingOf(ticket(sized('1')), contextWith({ live: undefined }))).toBe('noPrice');
});

test('a larger order against the position flips: leverage and collateral count for what it opens', () => {
  const context = contextWith({ position: positionWith() });
  const state = ticket({ type: 'side', side: 'sell' }, sized('180'), leveraged('20'));
  const summary = summarizeTicket(state, context);
  expect(summary).toMatchObject({ against: true, opens: true });
  expect(summary.estimate).toMatchObject({
    refusal: null,
    figures: { intent: 'flip', closes: base('100'), opens: base('80'), margin_released: usdc('741') },
  });
  expect(blockingOf({ ...state, leverageText: '51' }, context)).toBe('leverageMax');
  expect(blockingOf({ ...state, reduceOnly: true }, context)).toBeUndefined();
  expect(blockingOf(ticket({ type: 'side', side: 'sell' }, sized('2000'), leveraged('20')), context)).toBe(
    'collateral',
  );
});

test('an order pays for the imbalance it adds, and is held back where the market refuses more of it', () => {
  const limits = { skew_scale: base('100000'), max_skew_bps: 100, max_long_open_interest: base('100000') };
  const context = contextWith({ market: marketWith(limits), available: usdc('1000000') });
  // From balance to 500: half of 0.5 % of 75,000.
  expect(figuresOf(ticket(sized('500')), context)?.impact).toBe(usdc('187.5'));
  // The same against shorts of 1,000 narrows the gap: nothing.
  const short = contextWith({
    ...context,
    stats: { long_open_interest: base('0'), short_open_interest: base('1000') },
  });
  expect(figuresOf(ticket(sized('500')), short)?.impact).toBe(0n);
  expect(blockingOf(ticket(sized('1001'), { type: 'slippage', typed: '10' }), context)).toBe('SkewTooWide');
  expect(blockingOf(ticket(sized('1000'), { type: 'slippage', typed: '0.4' }), context)).toBe('SlippageExceeded');
});

test('the whole share keeps every limit of the market and pays the impact', () => {
  const limits = { skew_scale: base('100000'), max_skew_bps: 100, max_long_open_interest: base('100000') };
  const rich = contextWith({ market: marketWith(limits), available: usdc('1000000') });
  expect(sizeOfShare(summarizeTicket(ticket(), rich), rich, 100)).toBe(base('1000'));
  const state = ticket(leveraged('50'), { type: 'slippage', typed: '10' });
  const poor = contextWith({ market: marketWith(limits), available: usdc('1000') });
  const whole = sizeOfShare(summarizeTicket(state, poor), poor, 100);
  expect(blockingOf({ ...state, sizeText: sizeText(whole) }, poor)).toBeUndefined();
  const more = base('1') + (whole ?? 0n);
  // 995 USDC are left of 1,000 after the cushion.
  const cushioned = { ...poor, available: usdc('995') };
  expect(blockingOf({ ...state, sizeText: sizeText(more) }, cushioned)).toBe('collateral');
});

test('a position at its profit cap is not increased, and says so', () => {
  const market = marketWith({ payoff_cap_bps: 500 });
  const context = contextWith({
    market,
    position: positionWith(),
    live: livePrice({ price: usd('160'), ema: usd('160') }),
  });
  expect(blockingOf(ticket(sized('1')), context)).toBe('Capped');
  expect(blockingOf(ticket({ type: 'side', side: 'sell' }, sized('100')), context)).toBeUndefined();
  const part = issuesOf(ticket({ type: 'side', side: 'sell' }, sized('40')), context);
  expect(part.map((issue) => [issue.code, issue.blocks])).toEqual([['cappedAfter', false]]);
});

test('what would leave too little of a position is held back', () => {
  const context = contextWith({ position: positionWith() });
  expect(blockingOf(ticket({ type: 'side', side: 'sell' }, sized('99.95')), context)).toBe('restTooSmall');
});

test('what the exchange itself would refuse holds the order back in its words; its own later view of the market counts', () => {
  const state = ticket(sized('1'));
  const context = contextWith();
  const summary = summarizeTicket(state, context);
  const preview = (warnings: PreviewDto['warnings']): PreviewDto => ({
    ...(summary.estimate.figures as PreviewFigures),
    warnings,
  });
  const issues = (told: PreviewDto, given = summary) =>
    firstBlocking(ticketIssues(state, context, given, ticketReceipt(context, given, told), told));
  expect(issues(preview([]))).toBeUndefined();
  expect(issues(preview([{ code: 'TRADING_013', message: 'In its words.' }]))).toMatchObject({
    code: 'TRADING_013',
    text: 'In its words.',
  });
  expect(issues(preview([{ code: 'MARKET_003', message: '' }]))).toMatchObject({ title: 'Opening is paused' });
  const stale = { ...summary, estimate: { ...summary.estimate, refusal: 'UtilisationExceeded' as const } };
  expect(issues(preview([]), stale)).toBeUndefined();
});

test('a liquidation that would be near is warned of, not forbidden', () => {
  const state = ticket(sized('10'), leveraged('50'));
  const issues = issuesOf(state, contextWith());
  expect(issues.map((issue) => [issue.code, issue.blocks])).toEqual([['liquidationNear', false]]);
});

test('another market keeps the habits and forgets the figures', () => {
  const state = ticket(
    sized('5'),
    leveraged('40'),
    { type: 'slippage', typed: '1' },
    { type: 'market', maxLeverage: 25n },
  );
  expect(state).toMatchObject({ sizeText: '', limitPriceText: '', leverageText: '25', slippageText: '1' });
});

test('typing over a size releases the chosen share', () => {
  const state = ticket({ type: 'share', sharePercent: 50, sizeText: '3' }, sized('4'));
  expect(state).toMatchObject({ sharePercent: null, sizeText: '4' });
});

test('text that is no figure changes nothing', () => {
  expect(ticket(sized('5'), sized('5x')).sizeText).toBe('5');
});

test('a size that no order can have says whether it is too large or too small; none at all asks for one', () => {
  expect(blockingOf(ticket(), contextWith())).toBe('size');
  expect(blockingOf(ticket(sized('0')), contextWith())).toBe('size');
  expect(blockingOf(ticket(sized('99999999999999999999')), contextWith())).toBe('sizeTooLarge');
  const inUsdc = { ...ticket(sized('0.2')), sizeUnit: 'quote' } as const;
  expect(blockingOf(inUsdc, contextWith())).toBe('sizeTooSmall');
});
