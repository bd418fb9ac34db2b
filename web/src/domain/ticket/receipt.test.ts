import { bps, indexValue, quote, rate } from '#shared/money/units.ts';
import { open } from '#shared/perps/position.ts';
import { previewOrder } from '#shared/perps/preview.ts';
import { EMPTY_TOTALS, FLAT_POSITION } from '#shared/perps/side.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';
import { presentPreview } from '#shared/protocol/present/preview.ts';
import { expect, test } from 'vitest';

import { base, marketWith, positionWith, usd, usdc } from '../testing.ts';
import type { TicketContext } from './context.ts';
import { firstBlocking, ticketIssues } from './errors.ts';
import { ticketReceipt } from './receipt.ts';
import { initialTicket, type TicketState } from './state.ts';
import { sizeOfShare, summarizeTicket } from './summary.ts';

const free = usdc('5000');
const oracle = { price: usd('147'), conf: usd('0.015'), ema: usd('147'), publishTime: 1_000n };
const none = quote(0n);

const market: MarketState = {
  status: 'active',
  oracle: {
    receiverProgram: 'receiver',
    priceAccount: 'account',
    feedId: '00'.repeat(32),
    minSignatures: 5,
    maxStalenessSeconds: 20n,
    maxConfidenceBps: bps(100n),
    maxEmaDivergenceBps: bps(1_000n),
  },
  config: {
    maxLeverage: 50n,
    maintenanceMarginBps: bps(100n),
    liquidationFeeBps: bps(50n),
    keeperShareBps: bps(5_000n),
    liquidationTargetBps: bps(12_500n),
    minLiquidationBps: bps(10_000n),
    keeperRewardMin: none,
    feeBps: bps(6n),
    poolFeeShareBps: bps(5_000n),
    insuranceFeeShareBps: bps(2_000n),
    kBps: bps(10_000n),
    payoffCapBps: bps(10_000n),
    weightBps: bps(10_000n),
    maxUtilisationBps: bps(8_000n),
    maxLongOi: base('1000000'),
    maxShortOi: base('1000000'),
    minPositionNotional: usdc('10'),
    skewScale: base('1000000'),
    maxSkewBps: bps(1_000n),
    fundingSkewScale: base('1000000'),
    maxFundingRate: rate(0n),
    borrowBase: rate(0n),
    borrowSlope: rate(0n),
    maxAccrualSeconds: 3_600n,
    minSettleQuote: quote(1n),
  },
  price: null,
  fundingIndex: indexValue(0n),
  borrowIndex: indexValue(0n),
  accruedAt: 1_000n,
  long: EMPTY_TOTALS,
  short: EMPTY_TOTALS,
  backing: usdc('10000000'),
  insuranceAccrued: none,
  treasuryAccrued: none,
  insuranceDebt: none,
  payoutsOwed: none,
  badDebt: none,
  badDebtUncovered: none,
  feesCollected: none,
};
const account = { collateral: free, seq: 0n };

const contextWith = (changed: Partial<TicketContext> = {}): TicketContext => ({
  market: marketWith(),
  live: { price: oracle.price, confidence: oracle.conf, state: 'ok' },
  spread: undefined,
  position: undefined,
  available: free,
  stage: 'ready',
  ...changed,
});
const ticket = (sizeText: string, changed: Partial<TicketState> = {}): TicketState => ({
  ...initialTicket,
  sizeText,
  ...changed,
});

/** What the exchange answers about the ticket's order. */
function previewOf(state: TicketState, position: PositionState | null = null, at = market): PreviewDto {
  const preview = previewOrder({
    market: at,
    oracle,
    now: oracle.publishTime,
    position,
    account,
    others: { margin: none, unrealizedPnl: none },
    order: {
      side: state.side,
      size: base(state.sizeText),
      leverageE2: BigInt(state.leverageText) * 100n,
      worstPrice: null,
      reduceOnly: false,
    },
    insurance: null,
  });
  return { ...presentPreview(preview), warnings: [] };
}

const receiptOf = (state: TicketState, context: TicketContext, preview?: PreviewDto) =>
  ticketReceipt(state, context, summarizeTicket(state, context), preview);

test('the margin of an opening is the margin that the filled position has, the loss of the spread included', () => {
  const state = ticket('5');
  const preview = previewOf(state);
  const receipt = receiptOf(state, contextWith(), preview);
  // 5 · 147.015 / 10 + 5 · 0.015
  expect(receipt).toMatchObject({ estimated: false, fillPrice: usd('147.015'), margin: usdc('73.5825') });
  expect(receipt.margin).toBe(preview.margin);
});

test.each(['buy', 'sell'] as const)(
  'margin, fee and impact of a %s are what free collateral loses, whether it is paid for or not',
  (side) => {
    for (const sizeText of ['5', '300', '20000']) {
      const state = ticket(sizeText, { side });
      const preview = previewOf(state);
      const receipt = receiptOf(state, contextWith(), preview);
      expect(receipt.impact).toBeGreaterThan(0n);
      expect(receipt.taken).toBe((receipt.margin ?? 0n) + (receipt.fee ?? 0n) + receipt.impact);
      expect(receipt.freeAfter).toBe(free - (receipt.taken ?? 0n));
      expect(receipt.freeAfter).toBe(preview.account_after.available_balance);
    }
  },
);

test('an increase shows the margin it adds, not what the position already holds', () => {
  const request = { side: 'long', size: base('5'), leverageE2: 1_000n, worstPrice: usd('1000') } as const;
  const held = open({ market, position: FLAT_POSITION, account }, oracle, request);
  const state = ticket('5');
  const preview = previewOf(state, held.position, held.market);
  const receipt = receiptOf(state, contextWith({ position: positionWith() }), preview);
  expect(preview.margin).toBe(2n * usdc('73.5825'));
  expect(receipt.margin).toBe(usdc('73.5825'));
  expect(receipt.freeAfter).toBe(preview.account_after.available_balance);
});

test('an estimate is marked, and with the spread last told it has the margin and fee of the preview', () => {
  for (const side of ['buy', 'sell'] as const) {
    const state = ticket('5', { side });
    const preview = previewOf(state);
    const { estimated, fillPrice, margin, fee, notional, taken, freeAfter } = receiptOf(
      state,
      contextWith({ spread: preview.spread }),
    );
    expect(estimated).toBe(true);
    expect({ fillPrice, margin, fee, notional }).toEqual({
      fillPrice: preview.fill_price,
      margin: preview.margin,
      fee: preview.fee,
      notional: preview.notional,
    });
    expect(freeAfter).toBe(free - (taken ?? 0n));
  }
});

test('an order that reduces takes no margin, and free collateral after it is what the exchange says', () => {
  const request = { side: 'long', size: base('5'), leverageE2: 1_000n, worstPrice: usd('1000') } as const;
  const held = open({ market, position: FLAT_POSITION, account }, oracle, request);
  const state = ticket('2', { side: 'sell' });
  const context = contextWith({ position: positionWith({ size: base('5') }) });
  const preview = previewOf(state, held.position, held.market);
  expect(receiptOf(state, context, preview)).toMatchObject({
    margin: 0n,
    taken: null,
    freeAfter: preview.account_after.available_balance,
  });
  expect(receiptOf(state, context).freeAfter).toBeNull();
});

test('what is said to be missing is the sum of the rows, price impact named', () => {
  const state = ticket('20000');
  const context = contextWith();
  const summary = summarizeTicket(state, context);
  const textWith = (preview?: PreviewDto) =>
    firstBlocking(ticketIssues(state, context, summary, ticketReceipt(state, context, summary, preview)))?.text;
  // 294,000 + 1,764 without spread and impact; 294,030 + 300 + 1,764.18 + 29,400 with them.
  expect(textWith()).toBe('Margin and fee take 295,764.00 USDC.');
  expect(textWith(previewOf(state))).toBe('Margin, fee and price impact take 325,494.18 USDC.');
});

test('the whole share is paid for at the highest leverage with a wide spread', () => {
  const context = contextWith({ spread: usd('0.5') });
  const state = ticket('', { leverageText: '50' });
  const size = sizeOfShare(summarizeTicket(state, context), context, 100) ?? 0n;
  const whole = ticket(`${size / 10n ** 8n}.${String(size % 10n ** 8n).padStart(8, '0')}`, { leverageText: '50' });
  expect(receiptOf(whole, context).freeAfter).toBeGreaterThanOrEqual(0n);
  expect(receiptOf(whole, context).taken).toBeGreaterThan(usdc('4970'));
});
