import * as z from 'zod';
import { entryValue, fineValue, indexValue, price, quote, size } from './money/units.ts';
import type { OpeningEvidence, ReductionEvidence } from './perps/trade-receipt.ts';
import type { OraclePrice, PositionState } from './perps/types.ts';

/** An integer as an event carries it (bigint, small ones as number) or as a receipt stores it (decimal text). */
export const eventInteger = z.union([
  z.bigint(),
  z.int().transform(BigInt),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(BigInt),
]);

const sideSchema = z.enum(['long', 'short']);

const positionSchema = z.object({
  side: sideSchema,
  size: eventInteger,
  entryValue: eventInteger,
  margin: eventInteger,
  reserve: eventInteger,
  fundingSum: eventInteger,
  borrowSum: eventInteger,
});

const oracleSchema = z.object({
  price: eventInteger,
  conf: eventInteger,
  ema: eventInteger,
  publishTime: eventInteger,
  prevPublishTime: eventInteger,
});

const fillSchema = z.object({
  oracle: oracleSchema,
  size: eventInteger,
  worstPrice: eventInteger,
  before: positionSchema,
  marketAfter: z.object({
    longOi: eventInteger,
    shortOi: eventInteger,
    fundingIndex: eventInteger,
    borrowIndex: eventInteger,
  }),
});

const openingSchema = fillSchema.extend({ leverageE2: eventInteger, after: z.object({ side: sideSchema }) });
const reductionSchema = fillSchema.extend({ reason: z.enum(['order', 'close_request', 'capped']) });

/** A position as an event states it. @throws ZodError */
export function readEventPosition(data: unknown): PositionState {
  const state = positionSchema.parse(data);
  return {
    side: state.side,
    size: size(state.size),
    entryValue: entryValue(state.entryValue),
    margin: quote(state.margin),
    reserve: quote(state.reserve),
    fundingSum: fineValue(state.fundingSum),
    borrowSum: fineValue(state.borrowSum),
    seq: 0n,
    payoutOwed: quote(0n),
  };
}

/** The price an event says it was decided by, and the publish time of the one before it. @throws ZodError */
export function readEventOracle(data: unknown): OraclePrice & { readonly prevPublishTime: bigint } {
  const oracle = oracleSchema.parse(data);
  return {
    price: price(oracle.price),
    conf: price(oracle.conf),
    ema: price(oracle.ema),
    publishTime: oracle.publishTime,
    prevPublishTime: oracle.prevPublishTime,
  };
}

function fillEvidence({ oracle, size: traded, worstPrice, before, marketAfter }: z.output<typeof fillSchema>) {
  return {
    before: readEventPosition(before),
    oracle: readEventOracle(oracle),
    size: size(traded),
    worstPrice: price(worstPrice),
    marketAfter: {
      longOi: size(marketAfter.longOi),
      shortOi: size(marketAfter.shortOi),
      fundingIndex: indexValue(marketAfter.fundingIndex),
      borrowIndex: indexValue(marketAfter.borrowIndex),
    },
  };
}

/** What `recomputeOpening` needs, from the fields of a `PositionIncreased` event. @throws ZodError */
export function readOpeningEvidence(data: unknown): OpeningEvidence {
  const event = openingSchema.parse(data);
  return { ...fillEvidence(event), side: event.after.side, leverageE2: event.leverageE2 };
}

/** What `recomputeReduction` needs, from the fields of a `PositionReduced` event. @throws ZodError */
export function readReductionEvidence(data: unknown): ReductionEvidence {
  const event = reductionSchema.parse(data);
  return { ...fillEvidence(event), reason: event.reason };
}
