/** Liquidating a position, in part or in full (docs/mathematics.md, "The life of a position"). */
import { type Price, type Quote, type Size, quote } from '../money/units.ts';
import { u64 } from './checked.ts';
import { type Indexes, isLiquidatable } from './equity.ts';
import { requireThat } from './errors.ts';
import { type InsuranceState, moveNet, replaceInTotals, rewardLiquidation } from './ledger.ts';
import { liquidationAmount, liquidationFee } from './liquidation.ts';
import type { TradeState } from './position-open.ts';
import { type Realised, flattened, realise } from './reduce.ts';
import type { OraclePrice, PositionState } from './types.ts';

export interface Liquidated extends TradeState {
  readonly insurance: InsuranceState | null;
  /** Size taken off. */
  readonly size: Size;
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  readonly liquidationFee: Quote;
  readonly keeperShare: Quote;
  /** Share of the fee and insurance's top-up: what the liquidator gets. */
  readonly keeperReward: Quote;
  /** What remained for the trader; 0 for a part. */
  readonly marginReleased: Quote;
  readonly badDebt: Quote;
  /** A payout neither pool nor insurance could make, owed to the trader. */
  readonly payoutOwed: Quote;
}

/** The part to take, realised. A part that the margin could not carry is never taken alone. */
export function liquidatedPart(
  position: PositionState,
  indexes: Indexes,
  price: Price,
  config: Parameters<typeof liquidationAmount>[3],
): { size: Size; realised: Realised } {
  const wanted = liquidationAmount(position, indexes, price, config);
  const realiseOf = (size: Size): Realised => realise(position, size, price, indexes);
  const realised = realiseOf(wanted);
  if (wanted === position.size || position.margin + realised.net >= 0n) return { size: wanted, realised };
  return { size: position.size, realised: realiseOf(position.size) };
}

/**
 * Liquidates at the oracle price, without trading fee and impact. A part restores the target margin and releases nothing; what remains of a
 * full one is the trader's. With `minLiquidationBps` 10,000 every liquidation is a full one.
 * `rewardTaken` is whether a liquidator takes the keeper's share. Errors: PositionFlat, NotLiquidatable, NeedsInsurance.
 */
export function liquidate(
  state: TradeState,
  oracle: OraclePrice,
  insurance: InsuranceState | null = null,
  rewardTaken = true,
): Liquidated {
  const { market, position, account } = state;
  requireThat(position.size > 0n, 'PositionFlat');
  requireThat(isLiquidatable(position, market, oracle.price, market.config.maintenanceMarginBps), 'NotLiquidatable');
  const { size, realised } = liquidatedPart(position, market, oracle.price, market.config);
  const isFull = size === position.size;
  const moved = moveNet({ market, insurance }, position.margin, realised.net, true);
  const fee = liquidationFee(size, oracle.price, market.config.liquidationFeeBps, moved.marginLeft);
  const rewarded = rewardLiquidation(moved, fee, isFull, rewardTaken);
  const marginLeft = quote(moved.marginLeft - fee);
  const after = isFull ? flattened(position) : { ...realised.remainder, margin: marginLeft };
  const released = isFull ? marginLeft : quote(0n);
  return {
    market: replaceInTotals(rewarded.market, position.side, position, after),
    position: { ...after, seq: position.seq + 1n, payoutOwed: quote(u64(position.payoutOwed + moved.payoutOwed)) },
    account: { ...account, collateral: quote(u64(account.collateral + released)) },
    insurance: rewarded.insurance,
    size,
    realizedPnl: realised.realizedPnl,
    funding: realised.funding,
    borrow: realised.borrow,
    liquidationFee: fee,
    keeperShare: rewarded.keeperShare,
    keeperReward: rewarded.keeperReward,
    marginReleased: released,
    badDebt: moved.badDebt,
    payoutOwed: moved.payoutOwed,
  };
}
