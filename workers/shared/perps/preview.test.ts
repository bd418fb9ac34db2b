import { expect, test } from 'vitest';
import { type Price, bps, indexValue, price, quote, rate, size } from '../money/units.ts';
import { accrue } from './accrual.ts';
import { type PreviewInput, type PreviewOrder, effectiveLeverageE2, previewOrder } from './preview.ts';
import { flip, open, reduce } from './position.ts';
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
    minLiquidationBps: bps(2_000n),
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
  insurance: null,
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
    marginAdded: done.marginAdded,
    marginReleased: 0n,
    closes: 0n,
    opens: buy.size,
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
  expect(preview).toMatchObject({
    intent: 'reduce',
    refusal: null,
    positionAfter: done.position,
    fee: done.fee,
    impact: done.impact,
    marginReleased: done.marginReleased,
    closes: order.size,
    opens: 0n,
  });
  expect(preview.marginReleased).toBeGreaterThan(0n);
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
  const toReduceNothing = 'The size exceeds the position';
  expect(() => previewOrder(input({}, { reduceOnly: true }))).toThrow(toReduceNothing);
  expect(() => previewOrder(input({ market: held, position }, { reduceOnly: true }))).toThrow(toReduceNothing);
});

test('a larger opposite order closes and opens the rest: one price, two fees, two impacts, the second at the skew after the close', () => {
  const { market: held, position } = holding();
  const order = { side: 'sell', size: size(15n * ONE) } as const;
  const flipped = previewOrder(input({ market: held, position }, order));
  const accrued = accrue(held, oracle.price, now);
  const rest = { side: 'short', size: size(5n * ONE), leverageE2: 1_000n, worstPrice: price(1n) } as const;
  const done = flip({ market: accrued, position, account }, oracle, rest);
  expect(flipped).toMatchObject({
    intent: 'flip',
    refusal: null,
    closes: 10n * ONE,
    opens: 5n * ONE,
    fee: done.closed.fee + done.opened.fee,
    impact: done.closed.impact + done.opened.impact,
    realizedPnl: done.closed.realizedPnl,
    funding: done.closed.funding,
    borrow: done.closed.borrow,
    marginReleased: done.closed.marginReleased,
    marginAdded: done.opened.marginAdded,
    positionAfter: done.position,
  });
  expect(done.opened.impact).toBeGreaterThan(0n);
  expect(flipped.accountAfter.availableBalance).toBe(done.account.collateral);
});

test('a flip is refused as a whole where its opening is, and still shows what it asks for', () => {
  const { market: held, position } = holding();
  const order = { side: 'sell', size: size(200n * ONE) } as const;
  const refused = previewOrder(input({ market: held, position }, order));
  expect(refused).toMatchObject({ intent: 'flip', refusal: 'InsufficientCollateral', opens: 190n * ONE });
  expect(refused.accountAfter.availableBalance).toBeLessThan(0n);
  const reduceOnly = { ...held, status: 'reduce_only' } as const;
  expect(previewOrder(input({ market: reduceOnly, position }, order)).refusal).toBe('MarketReduceOnly');
});

test('a position at its payoff cap shows as capped, is not increased, and can still be closed', () => {
  const { market: held, position } = holding();
  const doubled = { ...oracle, price: price(250n * ONE), ema: price(250n * ONE) };
  const capped = { market: held, position, oracle: doubled } as const;
  expect(previewOrder(input(capped)).refusal).toBe('Capped');
  const part = previewOrder(input(capped, { side: 'sell', size: size(4n * ONE) }));
  expect(part).toMatchObject({ intent: 'reduce', refusal: null, cappedAfter: true });
  const closed = previewOrder(input(capped, { side: 'sell', size: position.size }));
  expect(closed).toMatchObject({ intent: 'close', refusal: null, cappedAfter: false, realizedPnl: position.reserve });
});

test('what the backing lacks is paid only as far as insurance is known to have it', () => {
  const { market: held, position } = holding();
  const risen = { ...oracle, price: price(150n * ONE), ema: price(150n * ONE) };
  const poor = { market: { ...held, backing: quote(USDC) }, position, oracle: risen } as const;
  const close = { side: 'sell', size: position.size } as const;
  expect(previewOrder(input(poor, close)).refusal).toBe('PoolShort');
  const insurance = { balance: quote(1_000n * USDC), topupLeft: quote(0n) };
  expect(previewOrder(input({ ...poor, insurance }, close)).refusal).toBeNull();
});

test('a reduction the market would not keep shows its costs and the position as it is', () => {
  const { market: held, position } = holding();
  const preview = previewOrder(input({ market: held, position }, { side: 'sell', size: size(995n * 10n ** 6n) }));
  expect(preview).toMatchObject({ refusal: 'BelowMinNotional', positionAfter: position });
  expect(preview.fee).toBeGreaterThan(0n);
});

test('nothing to show is an error, the one that the program would name first', () => {
  expect(() => previewOrder(input({}, { size: size(0n) }))).toThrow('greater than zero');
  expect(() => previewOrder(input({}, { leverageE2: 2_001n }))).toThrow('Leverage');
  expect(() => previewOrder(input({ market: { ...market, status: 'halted' } }, { leverageE2: 2_001n }))).toThrow(
    'halted',
  );
  expect(() => previewOrder(input({ now: now + 31n }, { size: size(0n) }))).toThrow('too old');
});

test('effective leverage is notional over equity, up, within what a leverage can be', () => {
  const { market: held, position } = holding();
  expect(effectiveLeverageE2(position, held, oracle.price)).toBe(1_000n);
  expect(effectiveLeverageE2({ ...position, margin: quote(0n) }, held, oracle.price)).toBe(10_000n);
  expect(effectiveLeverageE2(FLAT_POSITION, held, oracle.price)).toBe(0n);
});
