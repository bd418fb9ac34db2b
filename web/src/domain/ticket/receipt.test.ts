import { bps, indexValue, quote, rate } from '#shared/money/units.ts';
import { open } from '#shared/perps/position.ts';
import { previewOrder } from '#shared/perps/preview.ts';
import { EMPTY_TOTALS, FLAT_POSITION } from '#shared/perps/side.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { presentMarket } from '#shared/protocol/present/market.ts';
import { presentPosition } from '#shared/protocol/present/position.ts';
import { presentPreview } from '#shared/protocol/present/preview.ts';
import { expect, test } from 'vitest';

import { base, usd, usdc } from '../testing.ts';
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

/** What the exchange shows of a market in this state. */
const shownMarket = (at: MarketState): MarketDto =>
  presentMarket(
    {
      symbol: 'SOL-PERP',
      price: oracle,
      priceState: 'ok',
      receivedAtMs: 0,
      market: at,
      stats: null,
      controls: { off: [], brake: null },
      isBookFull: false,
    },
    { market: 'address', priceAccount: 'account' },
  );

const contextWith = (changed: Partial<TicketContext> = {}): TicketContext => ({
  market: shownMarket(market),
  live: { price: oracle.price, confidence: oracle.conf, ema: oracle.ema, state: 'ok' },
  stats: undefined,
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
  ticketReceipt(context, summarizeTicket(state, context), preview);

test('the margin of an opening is the margin that the filled position has, the loss of the spread included', () => {
  const state = ticket('5');
  const receipt = receiptOf(state, contextWith(), previewOf(state));
  // 5 · 147.015 / 10 + 5 · 0.015
  expect(receipt).toMatchObject({
    estimated: false,
    fillPrice: usd('147.015'),
    marginBefore: 0n,
    marginAdded: usdc('73.5825'),
    marginAfter: usdc('73.5825'),
  });
});

test.each(['buy', 'sell'] as const)(
  'margin, fee and impact of a %s are what free collateral loses, whether it is paid for or not',
  (side) => {
    for (const sizeText of ['5', '300', '20000']) {
      const state = ticket(sizeText, { side });
      const preview = previewOf(state);
      const receipt = receiptOf(state, contextWith(), preview);
      expect(receipt.impact).toBeGreaterThan(0n);
      expect(receipt.taken).toBe((receipt.marginAdded ?? 0n) + (receipt.fee ?? 0n) + (receipt.impact ?? 0n));
      expect(receipt.freeAfter).toBe(free - (receipt.taken ?? 0n));
      expect(receipt.freeAfter).toBe(preview.account_after.available_balance);
    }
  },
);

/** A long of 5 at 147.015 with 73.5825 of margin, as the exchange holds it and as it shows it. */
function holding(accrued: Partial<MarketState> = {}) {
  const request = { side: 'long', size: base('5'), leverageE2: 1_000n, worstPrice: usd('1000') } as const;
  const held = open({ market, position: FLAT_POSITION, account }, oracle, request);
  const at = { ...held.market, ...accrued };
  const view = { symbol: 'SOL-PERP', positionId: 'id', openedAtMs: 0, position: held.position };
  const snapshot = {
    symbol: 'SOL-PERP',
    price: oracle,
    priceState: 'ok',
    receivedAtMs: 0,
    market: at,
    stats: null,
    controls: { off: [], brake: null },
    isBookFull: false,
  } as const;
  const shown = presentPosition(view, snapshot, Number(oracle.publishTime) * 1_000);
  return { position: held.position, market: at, context: contextWith({ market: shownMarket(at), position: shown }) };
}

test('an increase shows the margin it adds, and the margin before and after', () => {
  const { position, market: at, context } = holding();
  const state = ticket('5');
  const preview = previewOf(state, position, at);
  const receipt = receiptOf(state, context, preview);
  expect(receipt).toMatchObject({
    marginBefore: usdc('73.5825'),
    marginAdded: usdc('73.5825'),
    marginAfter: 2n * usdc('73.5825'),
  });
  expect(receipt.freeAfter).toBe(preview.account_after.available_balance);
});

test('the leverage before is that of the position at the price of now, as its row says it', () => {
  const { context } = holding();
  const cheaper = { ...context, live: { ...oracle, confidence: oracle.conf, price: usd('140'), state: 'ok' as const } };
  // Equity 73.5825 − 5 · (147.015 − 140) = 38.5075, notional 700.
  expect(receiptOf(ticket('1'), cheaper).leverageBefore).toBe(1_818n);
  expect(receiptOf(ticket('1'), context).leverageBefore).toBeLessThan(1_002n);
});

test.each([
  ['an opening', ticket('5')],
  ['a large opening', ticket('20000', { side: 'sell' })],
])('before the preview is there, the estimate of %s has the very figures of the preview, marked', (_title, state) => {
  const { estimated, ...estimate } = receiptOf(state, contextWith());
  const { estimated: told, ...preview } = receiptOf(state, contextWith(), previewOf(state));
  expect([estimated, told]).toEqual([true, false]);
  expect(estimate).toEqual(preview);
  expect(estimate.notional).toBeGreaterThan(0n);
});

test.each([
  ['an increase', ticket('5')],
  ['a part', ticket('2', { side: 'sell' })],
  ['a close', ticket('5', { side: 'sell' })],
  ['a flip', ticket('8', { side: 'sell' })],
])(
  'with a position that owes funding and borrow, the estimate of %s has the figures of the preview',
  (_title, state) => {
    // 0.5 and 0.25 USDC are owed: whole units, so that what is shown is what is owed.
    const {
      position,
      market: at,
      context,
    } = holding({
      fundingIndex: indexValue(10n ** 17n),
      borrowIndex: indexValue(5n * 10n ** 16n),
    });
    expect(context.position).toMatchObject({ funding_owed: usdc('0.5'), borrow_owed: usdc('0.25') });
    const { estimated, ...estimate } = receiptOf(state, context);
    const { estimated: told, ...preview } = receiptOf(state, context, previewOf(state, position, at));
    expect([estimated, told]).toEqual([true, false]);
    expect(estimate).toEqual(preview);
  },
);

test('what an order closes comes back with its result, and what it owed is told apart', () => {
  const { position, market: at, context } = holding({ borrowIndex: indexValue(5n * 10n ** 16n) });
  const state = ticket('2', { side: 'sell' });
  const preview = previewOf(state, position, at);
  const receipt = receiptOf(state, context, preview);
  expect(receipt).toMatchObject({
    intent: 'reduce',
    closes: base('2'),
    opens: 0n,
    marginAdded: 0n,
    taken: null,
    freeAfter: preview.account_after.available_balance,
    // Two spreads of 0.015 on 2 SOL.
    realized: { pnl: usdc('-0.06'), funding: 0n, borrow: usdc('0.1') },
  });
  expect(receipt.freeAfter).toBe(free + (receipt.realized?.released ?? 0n));
});

test('an order that leaves no position costs nothing to hold; one that does, what its own skew makes it', () => {
  const carrying = {
    ...market,
    config: { ...market.config, maxFundingRate: rate(1_000_000n), borrowBase: rate(500_000n) },
  };
  const context = contextWith({ market: shownMarket(carrying) });
  const state = ticket('10000');
  // A hundredth of the funding scale: 0.001 % of 1,470,000, and 0.05 % of it for the pool.
  expect(receiptOf(state, context).carry).toEqual({ funding: usdc('14.7'), borrow: usdc('735') });
  const { position, market: at, context: holder } = holding();
  const close = ticket('5', { side: 'sell' });
  expect(receiptOf(close, holder, previewOf(close, position, at))).toMatchObject({ flatAfter: true, carry: null });
});

test('what is said to be missing is the sum of the rows, price impact named', () => {
  const state = ticket('20000', { slippageText: '2' });
  const context = contextWith({ market: shownMarket({ ...market, backing: usdc('10000000000') }) });
  const summary = summarizeTicket(state, context);
  const issues = ticketIssues(state, context, summary, ticketReceipt(context, summary, undefined), undefined);
  // 294,030 + 300 + 1,764.18 + 29,400
  expect(firstBlocking(issues)?.text).toBe('Margin, fee and price impact take 325,494.18 USDC.');
});

test('the whole share is paid for at the highest leverage with a wide spread', () => {
  const context = contextWith({ live: { price: oracle.price, confidence: usd('0.5'), ema: oracle.ema, state: 'ok' } });
  const state = ticket('', { leverageText: '50' });
  const size = sizeOfShare(summarizeTicket(state, context), context, 100) ?? 0n;
  const whole = ticket(`${size / 10n ** 8n}.${String(size % 10n ** 8n).padStart(8, '0')}`, { leverageText: '50' });
  expect(receiptOf(whole, context).freeAfter).toBeGreaterThanOrEqual(0n);
  expect(receiptOf(whole, context).taken).toBeGreaterThan(usdc('4970'));
});
