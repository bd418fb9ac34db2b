/**
 * Where money goes inside a market (docs/mathematics.md, 7 and "The life of a position"): the pool's backing, what is accrued for insurance and the
 * treasury, and what is owed. Every amount leaves one place and reaches another.
 */
import { max, min, mulDivFloor } from '../money/divide.ts';
import { BPS_SCALE, type Bps, type Quote, entryValue, fineValue, quote, size } from '../money/units.ts';
import { i64, u64 } from './checked.ts';
import { PerpError } from './errors.ts';
import { splitFee } from './fee.ts';
import type { MarketState, PositionState, Side, SideTotals } from './types.ts';

/** The insurance account, where an instruction was given it. */
export interface InsuranceState {
  readonly balance: Quote;
  /** What may still top up keepers' rewards in the current hour. */
  readonly topupLeft: Quote;
}

/** A market and, where given, insurance: what one instruction moves money between. */
export interface Funds {
  readonly market: MarketState;
  readonly insurance: InsuranceState | null;
}

/** The pool receives: first it repays insurance, the rest is backing. */
export function creditPool(market: MarketState, amount: bigint): MarketState {
  const repaid = min(amount, market.insuranceDebt);
  return {
    ...market,
    insuranceDebt: quote(market.insuranceDebt - repaid),
    insuranceAccrued: quote(u64(market.insuranceAccrued + repaid)),
    backing: quote(i64(market.backing + amount - repaid)),
  };
}

/** A trading fee reaches its three owners. */
export function creditFee(market: MarketState, fee: Quote): MarketState {
  const split = splitFee(fee, market.config.poolFeeShareBps, market.config.insuranceFeeShareBps);
  const credited = creditPool(market, split.pool);
  return {
    ...credited,
    insuranceAccrued: quote(u64(credited.insuranceAccrued + split.insurance)),
    treasuryAccrued: quote(u64(credited.treasuryAccrued + split.treasury)),
    feesCollected: quote(credited.feesCollected + fee),
  };
}

function insuranceNeeded(insurance: InsuranceState | null): InsuranceState {
  if (insurance === null) throw new PerpError('NeedsInsurance');
  return insurance;
}

/**
 * The pool pays. What its backing lacks is borrowed from insurance; what that lacks too is owed to the trader where `mayOwe`
 * (liquidations), and PoolShort otherwise. Errors: NeedsInsurance, PoolShort.
 */
export function debitPool(funds: Funds, amount: bigint, mayOwe: boolean): Funds & { readonly payoutOwed: Quote } {
  const { market } = funds;
  const available = max(0n, market.backing);
  if (amount <= available) {
    return { ...funds, market: { ...market, backing: quote(market.backing - amount) }, payoutOwed: quote(0n) };
  }
  const insurance = insuranceNeeded(funds.insurance);
  const missing = amount - available;
  const borrowed = min(missing, insurance.balance);
  const owed = missing - borrowed;
  if (owed > 0n && !mayOwe) throw new PerpError('PoolShort');
  return {
    market: {
      ...market,
      backing: quote(market.backing - available),
      insuranceDebt: quote(u64(market.insuranceDebt + borrowed)),
      payoutsOwed: quote(u64(market.payoutsOwed + owed)),
    },
    insurance: { ...insurance, balance: quote(insurance.balance - borrowed) },
    payoutOwed: quote(owed),
  };
}

/**
 * A loss beyond the margin: insurance pays what it has into the pool, first from its shares still in this market, then from its balance; the
 * rest is the pool's missing income. Errors: NeedsInsurance where the balance is needed.
 */
export function coverBadDebt(funds: Funds, badDebt: bigint): Funds {
  const fromMarket = min(badDebt, funds.market.insuranceAccrued);
  const missing = badDebt - fromMarket;
  const insurance = missing > 0n ? insuranceNeeded(funds.insurance) : funds.insurance;
  const fromBalance = insurance === null ? 0n : min(missing, insurance.balance);
  const covered = fromMarket + fromBalance;
  const drawn = { ...funds.market, insuranceAccrued: quote(funds.market.insuranceAccrued - fromMarket) };
  const credited = creditPool(drawn, covered);
  const market: MarketState = {
    ...credited,
    badDebt: quote(credited.badDebt + badDebt),
    badDebtUncovered: quote(credited.badDebtUncovered + badDebt - covered),
  };
  if (insurance === null) return { market, insurance };
  return { market, insurance: { ...insurance, balance: quote(insurance.balance - fromBalance) } };
}

/** What realising moved between a trader's margin and the pool. */
export interface NetMoved extends Funds {
  /** The margin left, before fees. */
  readonly marginLeft: Quote;
  readonly badDebt: Quote;
  readonly payoutOwed: Quote;
}

/** Moves a realised net result between the margin and the pool: a gain to the trader, a loss to the pool as far as the margin reaches. */
export function moveNet(funds: Funds, margin: Quote, net: bigint, mayOwe: boolean): NetMoved {
  const none = quote(0n);
  if (net > 0n) {
    const paid = debitPool(funds, net, mayOwe);
    return { ...paid, marginLeft: quote(u64(margin + net - paid.payoutOwed)), badDebt: none };
  }
  const loss = -net;
  const market = creditPool(funds.market, min(loss, margin));
  if (loss <= margin) return { ...funds, market, marginLeft: quote(margin - loss), badDebt: none, payoutOwed: none };
  const badDebt = quote(loss - margin);
  return { ...coverBadDebt({ ...funds, market }, badDebt), marginLeft: none, badDebt, payoutOwed: none };
}

/** The keeper's share of a liquidation fee, rounded down. */
export const keeperShareOf = (fee: Quote, keeperShareBps: Bps): Quote =>
  quote(mulDivFloor(fee, keeperShareBps, BPS_SCALE));

/** How a liquidation fee was shared, and what insurance added. */
export interface LiquidationReward extends Funds {
  readonly keeperShare: Quote;
  /** Share and top-up: what the keeper gets. */
  readonly keeperReward: Quote;
}

/**
 * Splits a liquidation fee between keeper (rounded down) and insurance; on a full liquidation insurance tops the keeper up. Where nobody
 * takes the reward, insurance keeps all of the fee.
 */
export function rewardLiquidation(funds: Funds, fee: Quote, isFull: boolean, rewardTaken: boolean): LiquidationReward {
  const { market, insurance } = funds;
  const { keeperShareBps, keeperRewardMin } = market.config;
  const keeperShare = rewardTaken ? keeperShareOf(fee, keeperShareBps) : 0n;
  const rewarded = { ...market, insuranceAccrued: quote(u64(market.insuranceAccrued + fee - keeperShare)) };
  const missing = isFull && rewardTaken ? max(0n, keeperRewardMin - keeperShare) : 0n;
  const topup = insurance === null ? 0n : min(missing, min(insurance.balance, insurance.topupLeft));
  return {
    market: rewarded,
    insurance:
      insurance === null
        ? null
        : { balance: quote(insurance.balance - topup), topupLeft: quote(insurance.topupLeft - topup) },
    keeperShare: quote(keeperShare),
    keeperReward: quote(keeperShare + topup),
  };
}

/** The market with a position of `side` changed from `before` to `after` in that side's sums. */
export function replaceInTotals(
  market: MarketState,
  side: Side,
  before: PositionState,
  after: PositionState,
): MarketState {
  const totals = market[side];
  const change = (field: keyof SideTotals): bigint => {
    const sum: bigint = totals[field];
    const leaving: bigint = before[field];
    return sum - leaving + after[field];
  };
  const next: SideTotals = {
    size: size(u64(change('size'))),
    entryValue: entryValue(change('entryValue')),
    margin: quote(u64(change('margin'))),
    reserve: quote(u64(change('reserve'))),
    fundingSum: fineValue(change('fundingSum')),
    borrowSum: fineValue(change('borrowSum')),
  };
  return { ...market, [side]: next };
}
