import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { bps, indexValue, price, quote, rate, size, U64_MAX } from '../money/units.ts';
import { PerpError } from './errors.ts';
import { flip, liquidate, open, reduce, settle } from './position.ts';
import type { TradeState } from './position.ts';
import { EMPTY_TOTALS, FLAT_POSITION } from './side.ts';
import type { MarketConfig, MarketState, OraclePrice, Side } from './types.ts';

const ONE = 10n ** 8n;
const USDC = 10n ** 6n;

const config: MarketConfig = {
  maxLeverage: 20n,
  maintenanceMarginBps: bps(200n),
  liquidationFeeBps: bps(100n),
  keeperShareBps: bps(5_000n),
  liquidationTargetBps: bps(12_500n),
  minLiquidationBps: bps(1_000n),
  keeperRewardMin: quote(0n),
  feeBps: bps(5n),
  poolFeeShareBps: bps(5_000n),
  insuranceFeeShareBps: bps(2_000n),
  kBps: bps(10_000n),
  payoffCapBps: bps(10_000n),
  weightBps: bps(10_000n),
  maxUtilisationBps: bps(8_000n),
  maxLongOi: size(10_000n * ONE),
  maxShortOi: size(10_000n * ONE),
  minPositionNotional: quote(0n),
  skewScale: size(100_000n * ONE),
  maxSkewBps: bps(1_000n),
  fundingSkewScale: size(0n),
  maxFundingRate: rate(0n),
  borrowBase: rate(0n),
  borrowSlope: rate(0n),
  maxAccrualSeconds: 3_600n,
  minSettleQuote: quote(1n),
};

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
  config,
  price: null,
  fundingIndex: indexValue(10n ** 18n),
  borrowIndex: indexValue(10n ** 18n),
  accruedAt: 0n,
  long: EMPTY_TOTALS,
  short: EMPTY_TOTALS,
  backing: quote(10_000_000n * USDC),
  insuranceAccrued: quote(0n),
  treasuryAccrued: quote(0n),
  insuranceDebt: quote(0n),
  payoutsOwed: quote(0n),
  badDebt: quote(0n),
  badDebtUncovered: quote(0n),
  feesCollected: quote(0n),
};

const collateral = quote(1_000_000n * USDC);
const flat: TradeState = { market, position: FLAT_POSITION, account: { collateral, seq: 0n } };
const oracleAt = (at: bigint, conf = 0n): OraclePrice => ({
  price: price(at),
  conf: price(conf),
  ema: price(at),
  publishTime: 1n,
});
const worstOf = (side: Side, opening: boolean) => price((side === 'long') === opening ? U64_MAX : 0n);
const insurance = { balance: quote(0n), topupLeft: quote(0n) };

const openOf = (side: Side, units: bigint, leverageE2: bigint, oracle: OraclePrice, state = flat) =>
  open(state, oracle, { side, size: size(units), leverageE2, worstPrice: worstOf(side, true) });

const side = fc.constantFrom<Side>('long', 'short');
const units = fc.bigInt(ONE / 100n, 1_000n * ONE);
const leverage = fc.bigInt(100n, 2_000n);
const near = fc.bigInt(50n * ONE, 200n * ONE);
const conf = fc.bigInt(0n, ONE);

test('opening and closing at one price, in one part or in many, never profits', () => {
  const parts = fc.array(fc.bigInt(1n, 100n), { maxLength: 4 });
  const property = fc.property(side, units, leverage, near, conf, parts, (s, amount, lever, at, width, cuts) => {
    const oracle = oracleAt(at, width);
    let state: TradeState = openOf(s, amount, lever, oracle);
    for (const cut of cuts) {
      const part = size((state.position.size * cut) / 100n);
      if (part === 0n || part >= state.position.size) continue;
      try {
        state = reduce(state, oracle, { size: part, worstPrice: worstOf(s, false) }, insurance);
      } catch (error) {
        // A part the market would not keep: the trader goes on with the rest.
        expect(error).toBeInstanceOf(PerpError);
      }
    }
    const closed = reduce(state, oracle, { size: state.position.size, worstPrice: worstOf(s, false) }, insurance);
    expect(closed.account.collateral).toBeLessThan(collateral);
    expect(closed.market.long).toEqual(EMPTY_TOTALS);
    expect(closed.market.short).toEqual(EMPTY_TOTALS);
  });
  fc.assert(property, search(300));
});

test('a position closed in parts never pays more than closed at once', () => {
  const property = fc.property(
    side,
    fc.bigInt(ONE, 1_000n * ONE),
    leverage,
    near,
    fc.bigInt(-300n, 300n),
    (s, amount, lever, at, move) => {
      const opened = openOf(s, amount, lever, oracleAt(at));
      const later = oracleAt((at * (10_000n + move)) / 10_000n);
      const request = { worstPrice: worstOf(s, false) };
      const whole = reduce(opened, later, { ...request, size: opened.position.size }, insurance);
      const half = size(opened.position.size / 2n);
      let inParts: TradeState;
      try {
        inParts = reduce(opened, later, { ...request, size: half }, insurance);
      } catch (error) {
        expect((error as PerpError).code).toMatch(/OnlyInFull|RemainderUnhealthy/);
        return;
      }
      const rest = reduce(inParts, later, { ...request, size: inParts.position.size }, insurance);
      // The impact rate is rounded up once per trade: two trades may round 1e-9 of the notional less.
      const impactRounding = (amount * later.price) / 10n ** 19n + 2n;
      expect(rest.account.collateral <= whole.account.collateral + impactRounding).toBe(true);
    },
  );
  fc.assert(property, search(300));
});

test('two traders of opposite sides together never take from the pool at one price', () => {
  const property = fc.property(units, leverage, near, conf, (amount, lever, at, width) => {
    const oracle = oracleAt(at, width);
    const long = openOf('long', amount, lever, oracle);
    const short = openOf('short', amount, lever, oracle, { ...flat, market: long.market });
    const first = reduce(
      { ...long, market: short.market },
      oracle,
      { size: size(amount), worstPrice: price(0n) },
      insurance,
    );
    const last = reduce(
      { ...short, market: first.market },
      oracle,
      { size: size(amount), worstPrice: price(U64_MAX) },
      insurance,
    );
    expect(first.account.collateral + last.account.collateral).toBeLessThan(2n * collateral);
    expect(last.market.backing).toBeGreaterThanOrEqual(market.backing);
  });
  fc.assert(property, search(300));
});

test('a flip is its close and its opening, one command', () => {
  const opened = openOf('long', 10n * ONE, 1_000n, oracleAt(100n * ONE));
  const oracle = oracleAt(110n * ONE);
  const request = { side: 'short' as const, size: size(4n * ONE), leverageE2: 1_000n, worstPrice: price(0n) };
  const flipped = flip(opened, oracle, request, insurance);
  const closed = reduce(opened, oracle, { size: size(10n * ONE), worstPrice: price(0n) }, insurance);
  const reopened = open(closed, oracle, request);
  expect(flipped.market).toEqual(reopened.market);
  expect(flipped.account).toEqual(reopened.account);
  expect(flipped.position).toEqual({ ...reopened.position, seq: opened.position.seq + 1n });
  expect(flipped.opened.impact).toBeGreaterThan(0n);
});

test('a flip is refused as a whole where its opening part is', () => {
  const opened = openOf('long', 10n * ONE, 1_000n, oracleAt(100n * ONE));
  const request = { side: 'short' as const, size: size(4n * ONE), leverageE2: 5_000n, worstPrice: price(0n) };
  expect(() => flip(opened, oracleAt(100n * ONE), request, insurance)).toThrow('Leverage');
});

test('every command counts in seq, settlement does not', () => {
  const opened = openOf('long', 10n * ONE, 1_000n, oracleAt(100n * ONE));
  expect(opened.position.seq).toBe(1n);
  const grown = { ...opened.market, borrowIndex: indexValue(2n * 10n ** 18n) };
  expect(settle(grown, opened.position).position.seq).toBe(1n);
  const closed = reduce(opened, oracleAt(100n * ONE), { size: size(10n * ONE), worstPrice: price(0n) });
  expect(closed.position).toEqual({ ...FLAT_POSITION, seq: 2n });
});

test('a payout that nobody can make is recorded for the trader of a liquidation', () => {
  const opened = openOf('long', 10n * ONE, 2_000n, oracleAt(100n * ONE));
  const stripped = { ...opened, position: { ...opened.position, margin: quote(0n) } };
  const poor = { ...opened.market, long: { ...opened.market.long, margin: quote(0n) }, backing: quote(0n) };
  const done = liquidate({ ...stripped, market: poor }, oracleAt(101n * ONE), insurance);
  expect(done.payoutOwed).toBe(10n * USDC);
  expect(done.position.payoutOwed).toBe(10n * USDC);
  expect(done.marginReleased).toBe(0n);
});
