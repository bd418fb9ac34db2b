import { expect, test } from 'vitest';
import { type Price, bps, indexValue, price, quote, rate, size } from '../money/units.ts';
import { accrue } from './accrual.ts';
import { type PreviewInput, type PreviewOrder, effectiveLeverageE2, previewOrder } from './preview.ts';
import { open, reduce } from './position.ts';
import { EMPTY_TOTALS, FLAT_POSITION } from './side.ts';
import type { MarketState, OraclePrice, PositionState } from './types.ts';

const ONE = 10n ** 8n;
const USDC = 10n ** 6n;
const now = 5_000n;

const market: MarketState = {
  status: 'active',
  oracle: {
    receiverProgram: 'receiver',
    priceAccount: 'account',
    feedId: '00'.repeat(32),
    minSignatures: 5,
    maxStalenessSeconds: 30n,
    maxConfidenceBps: bps(100n),
    maxEmaDivergenceBps: bps(500n),
  },
  config: {
    maxLeverage: 20n,
    maintenanceMarginBps: bps(200n),
    liquidationFeeBps: bps(100n),
    keeperShareBps: bps(5_000n),
    liquidationTargetBps: bps(12_500n),
    minLiquidationBps: bps(10_000n),
    keeperRewardMin: quote(0n),
    feeBps: bps(10n),
    poolFeeShareBps: bps(5_000n),
    insuranceFeeShareBps: bps(2_000n),
    kBps: bps(10_000n),
    payoffCapBps: bps(10_000n),
    weightBps: bps(10_000n),
    maxUtilisationBps: bps(8_000n),
    maxLongOi: size(10_000n * ONE),
    maxShortOi: size(10_000n * ONE),
    minPositionNotional: quote(10n * USDC),
    skewScale: size(100_000n * ONE),
    maxSkewBps: bps(1_000n),
    fundingSkewScale: size(1_000n * ONE),
    maxFundingRate: rate(100_000n),
    borrowBase: rate(10_000n),
    borrowSlope: rate(10_000n),
    maxAccrualSeconds: 3_600n,
    minSettleQuote: quote(1n),
  },
  price: null,
  fundingIndex: indexValue(0n),
  borrowIndex: indexValue(0n),
  accruedAt: 1_400n,
  long: EMPTY_TOTALS,
  short: EMPTY_TOTALS,
  backing: quote(1_000_000n * USDC),
  insuranceAccrued: quote(0n),
  treasuryAccrued: quote(0n),
  insuranceDebt: quote(0n),
  payoutsOwed: quote(0n),
  badDebt: quote(0n),
  badDebtUncovered: quote(0n),
  feesCollected: quote(0n),
};
const oracle: OraclePrice = {
  price: price(100n * ONE),
  conf: price(ONE / 10n),
  ema: price(100n * ONE),
  publishTime: now,
};
const account = { collateral: quote(1_000n * USDC), seq: 0n };
const others = { margin: quote(30n * USDC), unrealizedPnl: quote(-5n * USDC) };
const buy: PreviewOrder = {
  side: 'buy',
  size: size(10n * ONE),
  leverageE2: 1_000n,
  worstPrice: null,
  reduceOnly: false,
};

const input = (change: Partial<Omit<PreviewInput, 'order'>> = {}, order: Partial<PreviewOrder> = {}): PreviewInput => ({
  market,
  oracle,
  now,
  position: null,
  account,
  others,
  flipAllowed: false,
  ...change,
  order: { ...buy, ...order },
});
const anyBuy = price(10n ** 18n);

/** A long of 10 at 100 and the market that holds it. */
function holding(): { readonly market: MarketState; readonly position: PositionState } {
  const request = { side: 'long', size: size(10n * ONE), leverageE2: 1_000n, worstPrice: anyBuy } as const;
  return open({ market, position: FLAT_POSITION, account }, oracle, request);
}

test('the preview of an opening is what execution at that price does', () => {
  const preview = previewOrder(input());
  const state = { market: accrue(market, oracle.price, now), position: FLAT_POSITION, account };
  const done = open(state, oracle, { side: 'long', size: buy.size, leverageE2: 1_000n, worstPrice: anyBuy });
  expect(preview).toMatchObject({
    intent: 'open',
    refusal: null,
    fillPrice: done.fillPrice,
    impact: done.impact,
    fee: done.fee,
    margin: done.position.margin,
    positionAfter: done.position,
    notional: 1_001n * USDC,
    spread: ONE / 10n,
  });
  expect(preview.accountAfter.availableBalance).toBe(done.account.collateral);
  expect(preview.accountAfter.marginUsed).toBe(done.position.margin + others.margin);
  const loss = 1n * USDC;
  expect(preview.accountAfter.totalBalance).toBe(
    done.account.collateral + done.position.margin + others.margin - loss - 5n * USDC,
  );
  expect(preview.liquidationPrice).toBeLessThan(oracle.price as bigint);
});

test('the preview of a reduction is what execution at that price does, funding and borrow included', () => {
  const { market: held, position } = holding();
  const order = { side: 'sell', size: size(4n * ONE) } as const;
  const preview = previewOrder(input({ market: held, position }, order));
  const accrued = accrue(held, oracle.price, now);
  const done = reduce({ market: accrued, position, account }, oracle, { size: order.size, worstPrice: 0n as Price });
  expect(preview).toMatchObject({ intent: 'reduce', refusal: null, positionAfter: done.position, fee: done.fee });
  expect(preview.funding).toBeGreaterThan(0n);
  expect(preview.borrow).toBe(done.borrow);
  expect(preview.accountAfter.availableBalance).toBe(done.account.collateral);
});

test('a refusal still shows what the order asks for', () => {
  const poor = previewOrder(input({ account: null }));
  expect(poor.refusal).toBe('InsufficientCollateral');
  expect(poor.margin).toBeGreaterThan(100n * USDC);
  expect(poor.accountAfter.availableBalance).toBe(-(poor.margin + poor.fee + poor.impact));
});

test.each([
  ['PriceTooEarly is not its business: a stale price is', input({ now: now + 31n }), 'OracleStale'],
  ['halted market', input({ market: { ...market, status: 'halted' } }), 'MarketHalted'],
  ['reduce-only market', input({ market: { ...market, status: 'reduce_only' } }), 'MarketReduceOnly'],
  ['far from the average', input({ oracle: { ...oracle, ema: price(90n * ONE) } }), 'OracleDivergent'],
  ['too small', input({}, { size: size(ONE / 100n) }), 'BelowMinNotional'],
  ['worse than the worst price', input({}, { worstPrice: price(100n * ONE) }), 'SlippageExceeded'],
  ['poor pool', input({ market: { ...market, backing: quote(USDC) } }), 'UtilisationExceeded'],
] as const)('%s', (_title, given, expected) => {
  expect(previewOrder(given).refusal).toBe(expected);
});

test('a reduce-only order takes at most the position, and reduces something', () => {
  const { market: held, position } = holding();
  const preview = previewOrder(
    input({ market: held, position }, { side: 'sell', size: size(50n * ONE), reduceOnly: true }),
  );
  expect(preview).toMatchObject({ intent: 'close', refusal: null, liquidationPrice: null, margin: 0n });
  expect(() => previewOrder(input({}, { reduceOnly: true }))).toThrow('flat');
  expect(() => previewOrder(input({ market: held, position }, { reduceOnly: true }))).toThrow('flat');
});

test('a larger opposite order is refused, or flips where that is allowed', () => {
  const { market: held, position } = holding();
  const order = { side: 'sell', size: size(15n * ONE) } as const;
  expect(previewOrder(input({ market: held, position }, order)).refusal).toBe('SizeExceedsPosition');
  const flipped = previewOrder(input({ market: held, position, flipAllowed: true }, order));
  expect(flipped).toMatchObject({ intent: 'flip', refusal: null });
  expect(flipped.positionAfter).toMatchObject({ side: 'short', size: 5n * ONE });
});

test('a reduction the market would not keep shows its costs and the position as it is', () => {
  const { market: held, position } = holding();
  const preview = previewOrder(input({ market: held, position }, { side: 'sell', size: size(995n * 10n ** 6n) }));
  expect(preview).toMatchObject({ refusal: 'BelowMinNotional', positionAfter: position });
  expect(preview.fee).toBeGreaterThan(0n);
});

test('nothing to show is an error', () => {
  expect(() => previewOrder(input({}, { size: size(0n) }))).toThrow('greater than zero');
  expect(() => previewOrder(input({}, { leverageE2: 2_001n }))).toThrow('Leverage');
});

test('effective leverage is notional over equity, up, within what a leverage can be', () => {
  const { market: held, position } = holding();
  expect(effectiveLeverageE2(position, held, oracle.price)).toBe(1_000n);
  expect(effectiveLeverageE2({ ...position, margin: quote(0n) }, held, oracle.price)).toBe(10_000n);
  expect(effectiveLeverageE2(FLAT_POSITION, held, oracle.price)).toBe(0n);
});
