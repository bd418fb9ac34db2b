import * as z from 'zod';
import { eventInteger } from './trade-evidence.ts';
import { bps, entryValue, fineValue, indexValue, price, quote, size } from './money/units.ts';
import type { LiquidationEvidence } from './perps/liquidation-receipt.ts';

/** The default key: nobody. */
const nobody = '11111111111111111111111111111111';

const eventSchema = z.object({
  liquidator: z.string(),
  oracle: z.object({ price: eventInteger }),
  parameters: z.object({
    maintenanceMarginBps: eventInteger,
    liquidationFeeBps: eventInteger,
    keeperShareBps: eventInteger,
    liquidationTargetBps: eventInteger,
    minLiquidationBps: eventInteger,
    minPositionNotional: eventInteger,
  }),
  before: z.object({
    side: z.enum(['long', 'short']),
    size: eventInteger,
    entryValue: eventInteger,
    margin: eventInteger,
    reserve: eventInteger,
    fundingSum: eventInteger,
    borrowSum: eventInteger,
  }),
  payoutOwed: eventInteger,
  marketAfter: z.object({ fundingIndex: eventInteger, borrowIndex: eventInteger }),
});

/** What `recomputeLiquidation` needs, from the fields of a `PositionLiquidated` event or of the receipt kept of it. @throws ZodError */
export function readLiquidationEvidence(data: unknown): LiquidationEvidence {
  const { before, liquidator, marketAfter, oracle, parameters, payoutOwed } = eventSchema.parse(data);
  return {
    before: {
      side: before.side,
      size: size(before.size),
      entryValue: entryValue(before.entryValue),
      margin: quote(before.margin),
      reserve: quote(before.reserve),
      fundingSum: fineValue(before.fundingSum),
      borrowSum: fineValue(before.borrowSum),
      seq: 0n,
      payoutOwed: quote(0n),
    },
    price: price(oracle.price),
    indexes: { fundingIndex: indexValue(marketAfter.fundingIndex), borrowIndex: indexValue(marketAfter.borrowIndex) },
    parameters: {
      maintenanceMarginBps: bps(parameters.maintenanceMarginBps),
      liquidationFeeBps: bps(parameters.liquidationFeeBps),
      keeperShareBps: bps(parameters.keeperShareBps),
      liquidationTargetBps: bps(parameters.liquidationTargetBps),
      minLiquidationBps: bps(parameters.minLiquidationBps),
      minPositionNotional: quote(parameters.minPositionNotional),
    },
    payoutOwed: quote(payoutOwed),
    rewardTaken: liquidator !== nobody,
  };
}
