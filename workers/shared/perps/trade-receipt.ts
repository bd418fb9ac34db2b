/**
 * A fill recomputed from its event and the market's parameters (docs/mathematics.md, "The life of a position"): the event carries the
 * position before, the price, the market's indexes and open interest after, and what was asked for.
 */
import {
  type IndexValue,
  type Price,
  type Quote,
  type Size,
  entryValue,
  fineValue,
  quote,
  size,
} from '../money/units.ts';
import type { InsuranceState } from './ledger.ts';
import { type FeeSplit, splitFee } from './fee.ts';
import { open } from './position-open.ts';
import { closeCapped, reduce } from './position-reduce.ts';
import type { MarketState, OraclePrice, PositionState, Side, SideTotals } from './types.ts';

/** What every fill's event states about the moment it was decided in. */
interface FillEvidence {
  readonly before: PositionState;
  readonly oracle: OraclePrice;
  /** Size of the trade. */
  readonly size: Size;
  readonly worstPrice: Price;
  /** The market's indexes at the fill, and its open interest after it. */
  readonly marketAfter: {
    readonly longOi: Size;
    readonly shortOi: Size;
    readonly fundingIndex: IndexValue;
    readonly borrowIndex: IndexValue;
  };
}

/** A position opened or increased. */
export interface OpeningEvidence extends FillEvidence {
  readonly side: Side;
  readonly leverageE2: bigint;
}

/** A position reduced or closed. */
export interface ReductionEvidence extends FillEvidence {
  /** `capped`: closed by anyone, at the oracle price, because it could win nothing more. */
  readonly reason: 'order' | 'close_request' | 'capped';
}

/** What follows from the evidence; each figure is the event's field of that name. */
export interface FillDecision {
  readonly fillPrice: Price;
  readonly impact: Quote;
  readonly fee: Quote;
  readonly feeSplit: FeeSplit;
  readonly after: PositionState;
}

export interface OpeningDecision extends FillDecision {
  readonly marginAdded: Quote;
}

export interface ReductionDecision extends FillDecision {
  /** Value of the part at its entry that was taken out. */
  readonly entryValue: PositionState['entryValue'];
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  readonly marginReleased: Quote;
  readonly badDebt: Quote;
}

/** More than any fill moves: who pays decides about no figure of the receipt, only about whether the fill could happen. */
const ampleFunds = quote(10n ** 17n);
const ampleInsurance: InsuranceState = { balance: ampleFunds, topupLeft: quote(0n) };

/** One side of the market before the fill: its size is known, of its sums only what the position itself put in matters. */
function sideBefore(side: Side, openInterest: Size, before: PositionState): SideTotals {
  const isOwn = before.side === side && before.size > 0n;
  return {
    size: openInterest,
    entryValue: entryValue(isOwn ? before.entryValue : 0n),
    margin: quote(isOwn ? before.margin : 0n),
    reserve: quote(isOwn ? before.reserve : 0n),
    fundingSum: fineValue(isOwn ? before.fundingSum : 0n),
    borrowSum: fineValue(isOwn ? before.borrowSum : 0n),
  };
}

/** The market as the fill found it. `longChange` and `shortChange` are what the fill did to the open interest. */
function marketBefore(
  market: MarketState,
  { before, marketAfter }: FillEvidence,
  change: { readonly long: bigint; readonly short: bigint },
): MarketState {
  return {
    ...market,
    fundingIndex: marketAfter.fundingIndex,
    borrowIndex: marketAfter.borrowIndex,
    long: sideBefore('long', size(marketAfter.longOi - change.long), before),
    short: sideBefore('short', size(marketAfter.shortOi - change.short), before),
    backing: ampleFunds,
    insuranceDebt: quote(0n),
  };
}

const changeOf = (side: Side, amount: bigint) => ({
  long: side === 'long' ? amount : 0n,
  short: side === 'short' ? amount : 0n,
});

const accountWith = (collateral: Quote) => ({ collateral, seq: 0n });

/**
 * An opening by the mathematics the program uses. `market` gives the parameters alone; its state is the evidence's.
 * Errors: those of `open`, where the evidence does not allow the fill.
 */
export function recomputeOpening(market: MarketState, evidence: OpeningEvidence): OpeningDecision {
  const { before, oracle, side, leverageE2, worstPrice } = evidence;
  const state = {
    market: marketBefore(market, evidence, changeOf(side, evidence.size)),
    position: before,
    account: accountWith(ampleFunds),
  };
  const opened = open(state, oracle, { side, size: evidence.size, leverageE2, worstPrice });
  return {
    fillPrice: opened.fillPrice,
    impact: opened.impact,
    fee: opened.fee,
    feeSplit: feeSplitOf(market, opened.fee),
    marginAdded: opened.marginAdded,
    after: opened.position,
  };
}

/** A reduction by the mathematics the program uses. Errors: those of `reduce` and `closeCapped`. */
export function recomputeReduction(market: MarketState, evidence: ReductionEvidence): ReductionDecision {
  const { before, oracle, reason } = evidence;
  // Only an order bounds its price.
  const worstPrice = reason === 'order' ? evidence.worstPrice : null;
  const state = {
    market: marketBefore(market, evidence, changeOf(before.side, -evidence.size)),
    position: before,
    account: accountWith(quote(0n)),
  };
  const reduced =
    reason === 'capped'
      ? closeCapped(state, oracle, ampleInsurance)
      : reduce(state, oracle, { size: evidence.size, worstPrice }, ampleInsurance);
  return {
    fillPrice: reduced.fillPrice,
    impact: reduced.impact,
    fee: reduced.fee,
    feeSplit: feeSplitOf(market, reduced.fee),
    entryValue: entryValue(before.entryValue - reduced.position.entryValue),
    realizedPnl: reduced.realizedPnl,
    funding: reduced.funding,
    borrow: reduced.borrow,
    marginReleased: reduced.marginReleased,
    badDebt: reduced.badDebt,
    after: reduced.position,
  };
}

const feeSplitOf = ({ config }: MarketState, fee: Quote): FeeSplit =>
  splitFee(fee, config.poolFeeShareBps, config.insuranceFeeShareBps);
