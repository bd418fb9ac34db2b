/** Invariant 7 for liquidations: from the event alone anyone recomputes why, how much, and who got what. */
import { bps, indexValue, price, quote } from '#shared/money/units.ts';
import { equityQ, maintenanceMargin } from '#shared/perps/equity.ts';
import { keeperShareOf } from '#shared/perps/ledger.ts';
import { liquidationAmount, liquidationFee } from '#shared/perps/liquidation.ts';
import { realise } from '#shared/perps/reduce.ts';
import type { PositionState } from '#shared/perps/types.ts';
import type { EventOf } from '#support/program/events.ts';
import { heldOf } from '#support/program/mirror.ts';
import { type Step, holds } from '../step.ts';

const name = '7 liquidation event';
type Liquidated = EventOf<'positionLiquidated'>;

const positionBefore = ({ before, commandSeq }: Liquidated): PositionState => ({
  ...heldOf(before),
  seq: commandSeq - 1n,
  payoutOwed: quote(0n),
});

/** What the event's inputs lead to, under the names of its own members. */
function recomputed(event: Liquidated): Partial<Liquidated> {
  const { parameters, marketAfter } = event;
  const position = positionBefore(event);
  const at = price(event.oracle.price);
  const indexes = {
    fundingIndex: indexValue(marketAfter.fundingIndex),
    borrowIndex: indexValue(marketAfter.borrowIndex),
  };
  const config = {
    maintenanceMarginBps: bps(BigInt(parameters.maintenanceMarginBps)),
    liquidationTargetBps: bps(BigInt(parameters.liquidationTargetBps)),
    liquidationFeeBps: bps(BigInt(parameters.liquidationFeeBps)),
    minLiquidationBps: bps(BigInt(parameters.minLiquidationBps)),
    minPositionNotional: quote(parameters.minPositionNotional),
  };
  const wanted = liquidationAmount(position, indexes, at, config);
  const carried = position.margin + realise(position, wanted, at, indexes).net >= 0n;
  const taken = carried ? wanted : position.size;
  const { realizedPnl, funding, borrow, net } = realise(position, taken, at, indexes);
  const left = position.margin + net - event.payoutOwed;
  const fee = liquidationFee(taken, at, config.liquidationFeeBps, quote(left > 0n ? left : 0n));
  const isTaken = event.liquidator !== nobody;
  const keeperShare = isTaken ? keeperShareOf(fee, bps(BigInt(parameters.keeperShareBps))) : 0n;
  const isFull = taken === position.size;
  return {
    equityE26: equityQ(position, indexes, at),
    maintenanceE26: maintenanceMargin(position.size, at, config.maintenanceMarginBps),
    ...{ size: taken, realizedPnl, funding, borrow, liquidationFee: fee, keeperShare },
    insuranceShare: fee - keeperShare,
    keeperReward: keeperShare + (event.insurance?.topup ?? 0n),
    badDebt: left < 0n ? -left : 0n,
    marginReleased: isFull && left > fee ? left - fee : 0n,
  };
}

const nobody = '11111111111111111111111111111111';

export class LiquidationEvents {
  check(step: Step): void {
    const event = step.event('positionLiquidated');
    if (event === undefined) return;
    for (const [member, value] of Object.entries(recomputed(event))) {
      const told = event[member as keyof Liquidated];
      holds(told === value, name, () => `${member} is ${String(told)}, its inputs lead to ${String(value)}`);
    }
    const unhealthy = event.equityE26 < event.maintenanceE26;
    holds(unhealthy, name, () => 'the event tells of a healthy position');
  }
}
