/** The functions of the vector format, answered by TypeScript. */
import {
  type Bps,
  type EntryValue,
  type Price,
  type Quote,
  type Rate,
  type Size,
  bps,
  entryValue,
  price,
  quote,
  rate,
  size,
} from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { borrowIndexDelta, borrowRate } from '#shared/perps/borrow.ts';
import { equity, equityQ, equityQCapped, initialMargin, isLiquidatable, openingMargin } from '#shared/perps/equity.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { splitFee, tradingFee } from '#shared/perps/fee.ts';
import { checkWorstPrice, fillPrice, spread } from '#shared/perps/fill.ts';
import { fundingIndexDelta, fundingRate } from '#shared/perps/funding.ts';
import { checkSkew, impact } from '#shared/perps/impact.ts';
import {
  capPrice,
  liquidationAmount,
  liquidationFee,
  liquidationKey,
  liquidationPrice,
  liquidationThreshold,
} from '#shared/perps/liquidation.ts';
import { notional } from '#shared/perps/notional.ts';
import { isCapped, positionValue, unrealizedPnl } from '#shared/perps/pnl.ts';
import { type PoolOperation, firstMintShares, mintShares, poolEquity, redeemPayout } from '#shared/perps/pool.ts';
import {
  type Liquidated,
  type OpenCosts,
  type OpenRequest,
  type Reduced,
  type TradeState,
  addMargin,
  closeCapped,
  flip,
  liquidate,
  open,
  payOwed,
  reduce,
  removeMargin,
  settle,
} from '#shared/perps/position.ts';
import { share } from '#shared/perps/reduce.ts';
import { checkReserve, positionReserve } from '#shared/perps/reserve.ts';
import { FLAT_POSITION } from '#shared/perps/side.ts';
import type { Indexes } from '#shared/perps/equity.ts';
import type { PositionState } from '#shared/perps/types.ts';
import {
  type Json,
  type JsonRecord,
  big,
  child,
  flag,
  readConfig,
  readInsurance,
  readMarket,
  readOracle,
  readPosition,
  text,
  writeInsurance,
  writeMarket,
  writePosition,
  writeResult,
} from './records.ts';

/** A case of the format; a vector has exactly one of `output` and `error`. */
export interface ParityCase {
  readonly name?: string;
  readonly fn: string;
  readonly input: JsonRecord;
  readonly output?: JsonRecord;
  readonly error?: string;
}

export type ParityAnswer = { readonly output: JsonRecord } | { readonly error: string };

type ParityFunction = (input: JsonRecord) => JsonRecord;

const priceOf = (i: JsonRecord, name = 'price'): Price => price(big(i, name));
const sizeOf = (i: JsonRecord, name = 'size'): Size => size(big(i, name));
const bpsOf = (i: JsonRecord, name: string): Bps => bps(big(i, name));
const quoteOf = (i: JsonRecord, name: string): Quote => quote(big(i, name));
const rateOf = (i: JsonRecord, name: string): Rate => rate(big(i, name));
const entryOf = (i: JsonRecord): EntryValue => entryValue(big(i, 'entry_value'));
const indexesOf = (i: JsonRecord): Indexes => ({
  fundingIndex: big(i, 'funding_index') as Indexes['fundingIndex'],
  borrowIndex: big(i, 'borrow_index') as Indexes['borrowIndex'],
});
const valuedOf = (i: JsonRecord): Pick<PositionState, 'side' | 'size' | 'entryValue'> => ({
  side: text(i, 'side'),
  size: sizeOf(i),
  entryValue: entryOf(i),
});
const reservedOf = (i: JsonRecord) => ({ ...valuedOf(i), reserve: quoteOf(i, 'reserve') });
const positionOf = (i: JsonRecord): PositionState => readPosition(child(i, 'position'));

const formulas: Record<string, ParityFunction> = {
  notional: (i) => writeResult({ notional: notional(sizeOf(i), priceOf(i)) }),
  spread: (i) => writeResult({ spread: spread(priceOf(i, 'conf'), bpsOf(i, 'k_bps')) }),
  fill_price: (i) =>
    writeResult({ fillPrice: fillPrice(text(i, 'side'), priceOf(i), priceOf(i, 'conf'), bpsOf(i, 'k_bps')) }),
  check_worst_price: (i) => {
    checkWorstPrice(
      text(i, 'side'),
      sizeOf(i),
      priceOf(i, 'fill_price'),
      quoteOf(i, 'impact'),
      priceOf(i, 'worst_price'),
    );
    return {};
  },
  impact: (i) => {
    const [skew, delta] = [big(i, 'skew'), big(i, 'delta')];
    const limits = { skewScale: sizeOf(i, 'skew_scale'), maxSkewBps: bpsOf(i, 'max_skew_bps') };
    return writeResult({
      impact: impact({ price: priceOf(i), skew, delta, ...limits, reducing: flag(i, 'reducing') }),
    });
  },
  check_skew: (i) => {
    checkSkew(big(i, 'skew'), big(i, 'delta'), sizeOf(i, 'skew_scale'), bpsOf(i, 'max_skew_bps'));
    return {};
  },
  trading_fee: (i) => writeResult({ fee: tradingFee(sizeOf(i), priceOf(i, 'fill_price'), bpsOf(i, 'fee_bps')) }),
  split_fee: (i) =>
    writeResult({
      ...splitFee(quoteOf(i, 'fee'), bpsOf(i, 'pool_fee_share_bps'), bpsOf(i, 'insurance_fee_share_bps')),
    }),
  position_value: (i) => writeResult({ value: positionValue(valuedOf(i), priceOf(i)) }),
  unrealized_pnl: (i) => writeResult({ unrealizedPnl: unrealizedPnl(reservedOf(i), priceOf(i)) }),
  is_capped: (i) => writeResult({ isCapped: isCapped(reservedOf(i), priceOf(i)) }),
  position_reserve: (i) => writeResult({ reserve: positionReserve(entryOf(i), bpsOf(i, 'payoff_cap_bps')) }),
  check_reserve: (i) => {
    checkReserve(quoteOf(i, 'reserved'), quoteOf(i, 'backing'), bpsOf(i, 'max_utilisation_bps'));
    return {};
  },
  funding_rate: (i) =>
    writeResult({ rate: fundingRate(big(i, 'skew'), sizeOf(i, 'funding_skew_scale'), rateOf(i, 'max_funding_rate')) }),
  funding_index_delta: (i) => writeResult({ delta: fundingIndexDelta(rateOf(i, 'rate'), priceOf(i), big(i, 'dt')) }),
  borrow_rate: (i) => {
    const [base, slope] = [rateOf(i, 'borrow_base'), rateOf(i, 'borrow_slope')];
    return writeResult({ rate: borrowRate(base, slope, quoteOf(i, 'reserved'), quoteOf(i, 'backing')) });
  },
  borrow_index_delta: (i) => writeResult({ delta: borrowIndexDelta(rateOf(i, 'rate'), priceOf(i), big(i, 'dt')) }),
  equity_q: (i) => writeResult({ q: equityQ(positionOf(i), indexesOf(i), priceOf(i)) }),
  equity_q_capped: (i) => writeResult({ qCapped: equityQCapped(positionOf(i), indexesOf(i), priceOf(i)) }),
  equity: (i) => writeResult({ equity: equity(positionOf(i), indexesOf(i), priceOf(i)) }),
  is_liquidatable: (i) => {
    const isBelow = isLiquidatable(positionOf(i), indexesOf(i), priceOf(i), bpsOf(i, 'maintenance_margin_bps'));
    return writeResult({ isLiquidatable: isBelow });
  },
  initial_margin: (i) => writeResult({ initialMargin: initialMargin(sizeOf(i), priceOf(i), big(i, 'max_leverage')) }),
  opening_margin: (i) => {
    const opening = { side: text<'long' | 'short'>(i, 'side'), size: sizeOf(i), price: priceOf(i) };
    const rest = {
      fillPrice: priceOf(i, 'fill_price'),
      reserve: quoteOf(i, 'reserve'),
      leverageE2: big(i, 'leverage_e2'),
    };
    return writeResult({ margin: openingMargin({ ...opening, ...rest }) });
  },
  liquidation_amount: (i) =>
    writeResult({ size: liquidationAmount(positionOf(i), indexesOf(i), priceOf(i), readConfig(child(i, 'config'))) }),
  liquidation_fee: (i) =>
    writeResult({
      fee: liquidationFee(sizeOf(i), priceOf(i), bpsOf(i, 'liquidation_fee_bps'), quoteOf(i, 'available')),
    }),
  share: (i) =>
    writeResult({ share: share(big(i, 'total'), sizeOf(i, 'part'), sizeOf(i), text<'up' | 'down'>(i, 'round')) }),
  pool_equity: (i) => {
    const priced = { market: readMarket(child(i, 'market')), oracle: readOracle(child(i, 'oracle')) };
    return writeResult({ poolEquity: poolEquity(text<PoolOperation>(i, 'operation'), quoteOf(i, 'free'), [priced]) });
  },
  first_mint_shares: (i) => writeResult({ shares: firstMintShares(quoteOf(i, 'deposit')) }),
  mint_shares: (i) =>
    writeResult({ shares: mintShares(quoteOf(i, 'deposit'), big(i, 'supply'), quoteOf(i, 'pool_equity')) }),
  redeem_payout: (i) => {
    const payout = redeemPayout(big(i, 'shares'), big(i, 'supply'), quoteOf(i, 'pool_equity'), bpsOf(i, 'lp_fee_bps'));
    return writeResult({ payout });
  },
};

/** Index and display values: only TypeScript has them. */
const indexValues: Record<string, ParityFunction> = {
  liquidation_price: (i) => {
    const at = liquidationPrice(positionOf(i), indexesOf(i), bpsOf(i, 'maintenance_margin_bps'));
    return at === null ? {} : writeResult({ price: at });
  },
  liquidation_key: (i) => writeResult({ ...liquidationKey(positionOf(i)) }),
  liquidation_threshold: (i) => {
    const margin = bpsOf(i, 'maintenance_margin_bps');
    return writeResult({ threshold: liquidationThreshold(text(i, 'side'), priceOf(i), indexesOf(i), margin) });
  },
  cap_price: (i) => writeResult({ ...capPrice(positionOf(i)) }),
};

function tradeStateOf(i: JsonRecord): TradeState {
  const account = { collateral: quoteOf(i, 'collateral'), seq: 0n };
  return { market: readMarket(child(i, 'market')), position: positionOf(i), account };
}

const writeTradeState = (state: TradeState): JsonRecord => ({
  market: writeMarket(state.market),
  position: writePosition(state.position),
  collateral: String(state.account.collateral),
});

const insuranceMember = (insurance: Reduced['insurance']): JsonRecord =>
  insurance === null ? {} : { insurance: writeInsurance(insurance) };

const reducedResult = (done: Reduced): JsonRecord =>
  writeResult({
    fillPrice: done.fillPrice,
    realizedPnl: done.realizedPnl,
    funding: done.funding,
    borrow: done.borrow,
    fee: done.fee,
    impact: done.impact,
    marginReleased: done.marginReleased,
    badDebt: done.badDebt,
  });

const openedResult = ({ fillPrice: fill, marginAdded, fee, impact: charge }: OpenCosts): JsonRecord =>
  writeResult({ fillPrice: fill, marginAdded, fee, impact: charge });

const writeReduced = (done: Reduced): JsonRecord => ({
  ...writeTradeState(done),
  ...insuranceMember(done.insurance),
  ...reducedResult(done),
});

const openRequestOf = (i: JsonRecord): OpenRequest => ({
  side: text<'long' | 'short'>(i, 'side'),
  size: sizeOf(i),
  leverageE2: big(i, 'leverage_e2'),
  worstPrice: priceOf(i, 'worst_price'),
});

const writeLiquidated = (done: Liquidated): JsonRecord => ({
  ...writeTradeState(done),
  ...insuranceMember(done.insurance),
  ...writeResult({
    size: done.size,
    realizedPnl: done.realizedPnl,
    funding: done.funding,
    borrow: done.borrow,
    liquidationFee: done.liquidationFee,
    keeperShare: done.keeperShare,
    keeperReward: done.keeperReward,
    marginReleased: done.marginReleased,
    badDebt: done.badDebt,
    payoutOwed: done.payoutOwed,
  }),
});

const oracleOf = (i: JsonRecord) => readOracle(child(i, 'oracle'));

const transitions: Record<string, ParityFunction> = {
  accrue: (i) => ({ market: writeMarket(accrue(readMarket(child(i, 'market')), priceOf(i), big(i, 'now'))) }),
  open: (i) => {
    const done = open(tradeStateOf(i), oracleOf(i), openRequestOf(i));
    return { ...writeTradeState(done), ...openedResult(done) };
  },
  flip: (i) => {
    const done = flip(tradeStateOf(i), oracleOf(i), openRequestOf(i), readInsurance(i));
    const parts = { closed: reducedResult(done.closed), opened: openedResult(done.opened) };
    return { ...writeTradeState(done), ...insuranceMember(done.insurance), ...parts };
  },
  reduce: (i) => {
    const worstPrice = i['worst_price'] === undefined ? null : priceOf(i, 'worst_price');
    const request = { size: sizeOf(i), worstPrice };
    return writeReduced(reduce(tradeStateOf(i), oracleOf(i), request, readInsurance(i)));
  },
  close_capped: (i) => writeReduced(closeCapped(tradeStateOf(i), oracleOf(i), readInsurance(i))),
  liquidate: (i) => {
    const rewardTaken = i['reward_taken'] === undefined || flag(i, 'reward_taken');
    return writeLiquidated(liquidate(tradeStateOf(i), oracleOf(i), readInsurance(i), rewardTaken));
  },
  add_margin: (i) => writeTradeState(addMargin(tradeStateOf(i), quoteOf(i, 'amount'))),
  remove_margin: (i) => writeTradeState(removeMargin(tradeStateOf(i), oracleOf(i), quoteOf(i, 'amount'))),
  settle: (i) => {
    const done = settle(readMarket(child(i, 'market')), positionOf(i));
    const states = { market: writeMarket(done.market), position: writePosition(done.position) };
    return { ...states, ...writeResult({ funding: done.funding, borrow: done.borrow }) };
  },
  pay_owed: (i) => {
    const position = { ...FLAT_POSITION, payoutOwed: quoteOf(i, 'payout_owed') };
    const account = { collateral: quoteOf(i, 'collateral'), seq: 0n };
    const done = payOwed({ market: readMarket(child(i, 'market')), position, account }, readInsurance(i));
    const left = { collateral: done.account.collateral, payoutOwed: done.position.payoutOwed, paid: done.paid };
    return { market: writeMarket(done.market), ...insuranceMember(done.insurance), ...writeResult(left) };
  },
};

const FUNCTIONS: Record<string, ParityFunction> = { ...formulas, ...indexValues, ...transitions };

/** Functions the native binary need not have. */
export const isTypeScriptOnly = (fn: string): boolean => fn in indexValues;

/** Where the pool's money lies: only the program moves it. Their vectors are for the native binary alone. */
const programOnly = ['redeem', 'pool_assets', 'settlement', 'loan_repayment', 'spare_backing'];

/** Functions TypeScript need not have. */
export const isProgramOnly = (fn: string): boolean => programOnly.includes(fn);

/** TypeScript's answer to a case. Throws where the case itself is broken. */
export function answer({ fn, input }: ParityCase): ParityAnswer {
  const run = FUNCTIONS[fn];
  if (run === undefined) return { error: 'UnknownFunction' };
  try {
    return { output: run(input) };
  } catch (error) {
    if (error instanceof PerpError) return { error: error.code };
    throw error;
  }
}

/** Members of `expected` that `actual` does not have with the same value, as paths; a vector may name only what it is about. */
export function differences(expected: Json, actual: Json | undefined, path = ''): string[] {
  if (typeof expected !== 'object')
    return expected === actual ? [] : [`${path}: expected ${expected}, got ${String(actual)}`];
  if (typeof actual !== 'object') return [`${path}: expected a record, got ${String(actual)}`];
  return Object.entries(expected).flatMap(([name, value]) =>
    differences(value, actual[name], path === '' ? name : `${path}.${name}`),
  );
}
