import { formatDecimal } from '#shared/money/decimal.ts';
import { readLiquidationEvidence } from '#shared/liquidation-evidence.ts';
import {
  recomputeLiquidation,
  type LiquidationDecision,
  type LiquidationEvidence,
} from '#shared/perps/liquidation-receipt.ts';
import { liquidatedPart } from '#shared/perps/position-liquidate.ts';
import { flattened } from '#shared/perps/reduce.ts';
import type { PositionState } from '#shared/perps/types.ts';
import type { LiquidationDto, ReceiptDto } from '#shared/protocol/fills.ts';
import { readEventOracle, readEventPosition } from '#shared/trade-evidence.ts';

import { tableTexts } from '../i18n/tables.ts';
import { compared, exact, positionChecks, told, type FigureCheck, type Verification } from './verification.ts';

/** Decimals of an equity or a maintenance margin, 1e-26 USD. */
const fineDecimals = 26;
const fine = (value: bigint): string => `${formatDecimal(value, fineDecimals)} USD`;
const t = tableTexts.verify;

/** What is left of the position. */
function positionAfter(evidence: LiquidationEvidence, { size, marginAfter }: LiquidationDecision): PositionState {
  const { before, indexes, price, parameters } = evidence;
  if (size === before.size) return flattened(before);
  return { ...liquidatedPart(before, indexes, price, parameters).realised.remainder, margin: marginAfter };
}

/** A liquidation computed again in this page from its event alone, figure by figure. Undefined while its receipt is not there or cannot be read. */
export function verifyLiquidation(row: LiquidationDto, receipt: ReceiptDto | undefined): Verification | undefined {
  const event = receipt?.events.find(({ name, symbol }) => name === 'PositionLiquidated' && symbol === row.symbol);
  if (receipt === undefined || event === undefined) return undefined;
  try {
    const evidence = readLiquidationEvidence(event.data);
    const decision = recomputeLiquidation(evidence);
    const after = positionChecks(readEventPosition(event.data.after), positionAfter(evidence, decision));
    return {
      checks: [...reasons(event.data, decision), ...outcome(row, decision), ...after],
      signature: receipt.signature,
    };
  } catch {
    // Evidence of another version of the program: said to be unreadable, not to be wrong.
    return undefined;
  }
}

/** On which price, and why it was allowed. */
function reasons(data: Readonly<Record<string, unknown>>, decision: LiquidationDecision): FigureCheck[] {
  const oracle = readEventOracle(data.oracle);
  return [
    told('oraclePrice', exact.usd(oracle.price)),
    told('confidence', exact.usd(oracle.conf)),
    told('publishTime', exact.second(oracle.publishTime)),
    told('previousPublishTime', exact.second(oracle.prevPublishTime)),
    told('equity', fine(decision.equityE26)),
    told('maintenance', fine(decision.maintenanceE26)),
    { name: 'allowed', stated: t.yes, recomputed: decision.isAllowed ? t.yes : t.no },
  ];
}

/** What it did, as the table shows it. */
const outcome = (row: LiquidationDto, decision: LiquidationDecision): FigureCheck[] => [
  compared<bigint>('size', row.quantity, decision.size, exact.size),
  compared<bigint>('realizedPnl', row.realized_pnl, decision.realizedPnl, exact.usdc),
  compared<bigint>('funding', row.funding, decision.funding, exact.usdc),
  compared<bigint>('borrow', row.borrow, decision.borrow, exact.usdc),
  compared<bigint>('liquidationFee', row.liquidation_fee, decision.liquidationFee, exact.usdc),
  compared<bigint>('marginReleased', row.margin_released, decision.marginReleased, exact.usdc),
  compared<bigint>('badDebt', row.bad_debt, decision.badDebt, exact.usdc),
];
