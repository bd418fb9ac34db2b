import { divCeil, divFloor } from '#shared/money/divide.ts';
import { FINE_VALUE_PER_QUOTE, quote, size, type Quote, type Size } from '#shared/money/units.ts';
import { readLiquidationEvidence } from '#shared/liquidation-evidence.ts';
import { recomputeLiquidation, type LiquidationDecision } from '#shared/perps/liquidation-receipt.ts';
import type { LiquidationDto, ReceiptDto } from '#shared/protocol/fills.ts';

/** A liquidation, computed again from what the program stated about it. */
export interface LiquidationView {
  readonly sizeBefore: Size;
  readonly remaining: Size;
  /** Equity at that price, rounded down; the test itself is exact. */
  readonly equity: Quote;
  /** What it had to be at least, rounded up. */
  readonly maintenance: Quote;
  /** The decision was right and every figure of the record is what follows from it. */
  readonly agrees: boolean;
}

/** Undefined while the receipt is not there, or where it is not of a liquidation that can be read. */
export function viewLiquidation(row: LiquidationDto, receipt: ReceiptDto | undefined): LiquidationView | undefined {
  const event = receipt?.events.find(({ name, symbol }) => name === 'PositionLiquidated' && symbol === row.symbol);
  if (event === undefined) return undefined;
  try {
    const evidence = readLiquidationEvidence(event.data);
    const decision = recomputeLiquidation(evidence);
    return {
      sizeBefore: evidence.before.size,
      remaining: size(evidence.before.size - row.quantity),
      equity: quote(divFloor(decision.equityE26, FINE_VALUE_PER_QUOTE)),
      maintenance: quote(divCeil(decision.maintenanceE26, FINE_VALUE_PER_QUOTE)),
      agrees: follows(row, decision),
    };
  } catch {
    // Evidence of another version of the program: shown without the recomputation.
    return undefined;
  }
}

const follows = (row: LiquidationDto, decision: LiquidationDecision): boolean =>
  decision.isAllowed &&
  decision.size === row.quantity &&
  decision.realizedPnl === row.realized_pnl &&
  decision.funding === row.funding &&
  decision.borrow === row.borrow &&
  decision.liquidationFee === row.liquidation_fee &&
  decision.marginReleased === row.margin_released &&
  decision.badDebt === row.bad_debt;
