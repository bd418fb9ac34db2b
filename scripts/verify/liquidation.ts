import type { EventValue, IndexedEvent } from '#shared/events.ts';
import { readLiquidationEvidence } from '#shared/liquidation-evidence.ts';
import { eventInteger, readEventOracle, readEventPosition } from '#shared/trade-evidence.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import {
  type LiquidationDecision,
  type LiquidationEvidence,
  recomputeLiquidation,
} from '#shared/perps/liquidation-receipt.ts';
import { liquidatedPart } from '#shared/perps/position-liquidate.ts';
import { flattened } from '#shared/perps/reduce.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import { type Check, compared, held, told, type Verdict } from './check.ts';
import type { HermesHistory } from './hermes.ts';
import { priceChecks } from './price.ts';
import * as show from './show.ts';

export interface LiquidationContext {
  readonly symbol: MarketSymbol;
  readonly market: MarketState;
  readonly hermes: HermesHistory;
}

type Fields = Readonly<Record<string, EventValue>>;

const figure = (data: Fields, name: string): bigint => eventInteger.parse(data[name]);

/** Recomputes a `PositionLiquidated`: the event carries every parameter of the decision. @throws VerificationFailure, ZodError */
export async function verifyLiquidation(event: IndexedEvent, context: LiquidationContext): Promise<Verdict> {
  const { data } = event;
  const evidence = readLiquidationEvidence(data);
  const decision = recomputeLiquidation(evidence);
  const { before } = evidence;
  const part = decision.size === before.size ? 'all' : `${show.units(decision.size)} of ${show.units(before.size)}`;
  return {
    title: `${context.symbol}: ${part} of a ${before.side} liquidated of ${String(data.owner)}`,
    checks: [
      ...(await priceChecks(context.hermes, context.market.oracle.feedId, readEventOracle(data.oracle))),
      ...reasons(data, decision),
      ...outcome(data, decision),
      compared('position after', readEventPosition(data.after), positionAfter(evidence, decision), show.position),
    ],
    isFirstEligible: null,
  };
}

/** Why it was allowed. */
function reasons(data: Fields, decision: LiquidationDecision): Check[] {
  const below = 'the equity was below the maintenance margin';
  return [
    told('maintenance margin', `${figure(data.parameters as Fields, 'maintenanceMarginBps')} bps`),
    compared('equity', figure(data, 'equityE26'), decision.equityE26, show.fineUsd),
    compared('maintenance', figure(data, 'maintenanceE26'), decision.maintenanceE26, show.fineUsd),
    held('allowed', decision.isAllowed, below, 'the equity was not below the maintenance margin'),
  ];
}

/** What it did. */
function outcome(data: Fields, decision: LiquidationDecision): Check[] {
  const insurance = data.insurance as Fields | null;
  const topup = insurance === null ? 0n : figure(insurance, 'topup');
  const amounts = [
    ['realised profit', 'realizedPnl', decision.realizedPnl],
    ['funding paid', 'funding', decision.funding],
    ['borrow paid', 'borrow', decision.borrow],
    ['liquidation fee', 'liquidationFee', decision.liquidationFee],
    ["fee: keeper's share", 'keeperShare', decision.keeperShare],
    ["fee: insurance's share", 'insuranceShare', decision.insuranceShare],
    ['keeper reward', 'keeperReward', decision.keeperShare + topup],
    ['margin released', 'marginReleased', decision.marginReleased],
    ['bad debt', 'badDebt', decision.badDebt],
  ] as const;
  return [
    compared('size liquidated', figure(data, 'size'), decision.size, show.units),
    compared('entry value liquidated', figure(data, 'entryValue'), decision.entryValue, show.entryUsd),
    ...amounts.map(([name, field, expected]) => compared(name, figure(data, field), expected, show.usdc)),
  ];
}

/** What is left of the position. */
function positionAfter(evidence: LiquidationEvidence, { size, marginAfter }: LiquidationDecision): PositionState {
  const { before, indexes, price, parameters } = evidence;
  if (size === before.size) return flattened(before);
  const { remainder } = liquidatedPart(before, indexes, price, parameters).realised;
  return { ...remainder, margin: marginAfter };
}
