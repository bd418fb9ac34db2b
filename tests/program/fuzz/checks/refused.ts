/** Invariant 6: a refused instruction changes nothing and names one of its documented reasons. */
import { refusals } from '../refusals.ts';
import { type Step, holds } from '../step.ts';

const name = '6 refusals';
/** The largest balance, 1e-6 USDC. */
const quoteMax = 10n ** 18n;

/** Whether an argument alone is more than the exchange can hold: then, and only then, an overflow is the documented answer. */
function isBeyondRange(step: Step): boolean {
  const { amount = 0n, size = 0n } = step.action;
  const config = step.market === undefined ? undefined : step.before('market', step.market.key)?.config;
  const interestMax = config === undefined ? 0n : config.maxLongOi + config.maxShortOi;
  return amount > quoteMax || size > interestMax;
}

/** Refusals that only concern taking risk: a trade that only reduces never meets them. */
const onlyOpening = ['Paused', 'MarketReduceOnly', 'MarketHalted', 'OracleDivergent', 'UtilisationExceeded', 'Capped'];

/** Whether a net trade only takes off what is there. */
function onlyReduces(step: Step): boolean {
  const { do: instruction, who = 0, market = 0, side = 'long', size = 0n } = step.action;
  if (instruction !== 'trade') return false;
  const state = step.before('position', step.world.position(who, market))?.state;
  return state !== undefined && state.size > 0n && size <= state.size && !(side in state.side);
}

export class Refused {
  check(step: Step): void {
    const { error } = step.outcome;
    if (error === null) return;
    const { program, tokens, others } = step.changes;
    const changed = [...program, ...tokens].map(({ key }) => key).concat(others);
    holds(changed.length === 0, name, () => `${step.action.do} was refused and changed ${changed.join(', ')}`);
    const hindered = onlyOpening.includes(error) && onlyReduces(step);
    holds(!hindered, name, () => `a trade that only reduces was refused as ${error}`);
    if (error === 'MathOverflow' && isBeyondRange(step)) return;
    holds(
      refusals[step.action.do].includes(error),
      name,
      () => `${step.action.do} was refused as ${error}, which it does not document`,
    );
  }
}
