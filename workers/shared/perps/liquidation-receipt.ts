/**
 * A liquidation recomputed from its event alone (docs/mathematics.md, "The life of a position"): the event carries the position before, the
 * price, the market's indexes at that moment and every parameter of the decision.
 */
import { max } from '../money/divide.ts';
import { type EntryValue, type FineValue, type Quote, type Size, entryValue, quote } from '../money/units.ts';
import { type Indexes, equityQ, maintenanceMargin } from './equity.ts';
import { keeperShareOf } from './ledger.ts';
import { liquidationFee } from './liquidation.ts';
import { liquidatedPart } from './position-liquidate.ts';
import type { MarketConfig, OraclePrice, PositionState } from './types.ts';

/** What a market's configuration contributes to a liquidation, as the event states it. */
export type LiquidationParameters = Pick<
  MarketConfig,
  | 'maintenanceMarginBps'
  | 'liquidationFeeBps'
  | 'keeperShareBps'
  | 'liquidationTargetBps'
  | 'minLiquidationBps'
  | 'minPositionNotional'
>;

/** What the event says it was decided by. */
export interface LiquidationEvidence {
  readonly before: PositionState;
  readonly price: OraclePrice['price'];
  /** The market's indexes at the liquidation: those of `market_after`. */
  readonly indexes: Indexes;
  readonly parameters: LiquidationParameters;
  /** What pool and insurance could not pay at once. */
  readonly payoutOwed: Quote;
  /** Whether a liquidator took the keeper's share. */
  readonly rewardTaken: boolean;
}

/** What follows from the evidence; each figure is the event's field of that name. */
export interface LiquidationDecision {
  /** True where the equity was below the maintenance margin: the liquidation was allowed. */
  readonly isAllowed: boolean;
  readonly equityE26: FineValue;
  readonly maintenanceE26: FineValue;
  readonly size: Size;
  readonly entryValue: EntryValue;
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  readonly liquidationFee: Quote;
  /** Of the fee; the rest is insurance's. What insurance adds to it is its own to state. */
  readonly keeperShare: Quote;
  readonly insuranceShare: Quote;
  readonly marginReleased: Quote;
  readonly badDebt: Quote;
  /** Of the position that remains; 0 after a full one. */
  readonly marginAfter: Quote;
}

/** The decision by the mathematics the program uses. Errors: MathOverflow for evidence that no program wrote. */
export function recomputeLiquidation(evidence: LiquidationEvidence): LiquidationDecision {
  const { before, price, indexes, parameters, payoutOwed, rewardTaken } = evidence;
  const equityE26 = equityQ(before, indexes, price);
  const maintenanceE26 = maintenanceMargin(before.size, price, parameters.maintenanceMarginBps);
  const { size, realised } = liquidatedPart(before, indexes, price, parameters);
  const isFull = size === before.size;
  const left = before.margin + realised.net - payoutOwed;
  const fee = liquidationFee(size, price, parameters.liquidationFeeBps, quote(max(0n, left)));
  const marginLeft = quote(max(0n, left) - fee);
  const keeperShare = rewardTaken ? keeperShareOf(fee, parameters.keeperShareBps) : quote(0n);
  return {
    isAllowed: equityE26 < maintenanceE26,
    equityE26,
    maintenanceE26,
    size,
    entryValue: entryValue(before.entryValue - (isFull ? 0n : realised.remainder.entryValue)),
    realizedPnl: realised.realizedPnl,
    funding: realised.funding,
    borrow: realised.borrow,
    liquidationFee: fee,
    keeperShare,
    insuranceShare: quote(fee - keeperShare),
    marginReleased: isFull ? marginLeft : quote(0n),
    badDebt: quote(max(0n, -left)),
    marginAfter: isFull ? quote(0n) : marginLeft,
  };
}
