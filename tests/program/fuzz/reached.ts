/** What a run has to reach for its invariants to mean something. */
import type { Step } from './step.ts';

const conditions: Readonly<Record<string, (step: Step) => boolean>> = {
  'partial liquidation': (step) => (step.event('positionLiquidated')?.after.size ?? 0n) > 0n,
  'full liquidation': (step) => step.event('positionLiquidated')?.after.size === 0n,
  'bad debt': (step) =>
    (step.event('positionLiquidated')?.badDebt ?? step.event('positionReduced')?.badDebt ?? 0n) > 0n,
  'insurance paid bad debt': (step) => (insuranceOf(step)?.covered ?? 0n) > 0n,
  'insurance lent for a payout': (step) => (insuranceOf(step)?.lent ?? 0n) > 0n,
  "a keeper's reward topped up": (step) => (insuranceOf(step)?.topup ?? 0n) > 0n,
  'payout owed': (step) => (step.event('positionLiquidated')?.payoutOwed ?? 0n) > 0n,
  'profit at its cap': ({ outcome }) =>
    outcome.events.some(
      (event) =>
        event.name === 'positionReduced' &&
        event.data.realizedPnl > 0n &&
        event.data.realizedPnl === event.data.before.reserve - event.data.after.reserve,
    ),
  'funding received': (step) => (step.event('positionReduced')?.funding ?? 0n) < 0n,
  'impact charged': (step) => (step.event('positionIncreased')?.impact ?? 0n) > 0n,
  'backing below reserves': ({ changes }) =>
    changes.program.some(
      ({ name, after }) =>
        name === 'market' && after !== undefined && after.backing < after.long.reserve + after.short.reserve,
    ),
  'redemption from a market': (step) =>
    step.action.do === 'executePoolRequest' && step.event('marketSettled') !== undefined,
  'redemption cut': (step) => (step.event('poolRequestExecuted')?.sharesReturned ?? 0n) > 0n,
  'request lapsed': (step) => step.event('poolRequestLapsed') !== undefined,
};

function insuranceOf(step: Step) {
  return step.event('positionLiquidated')?.insurance ?? step.event('positionReduced')?.insurance ?? undefined;
}

/** Names of everything a run can reach. */
export const reachable = Object.keys(conditions);

/** What this step reached. */
export const reachedBy = (step: Step): string[] =>
  step.accepted ? reachable.filter((name) => conditions[name]?.(step) === true) : [];
