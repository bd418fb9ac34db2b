/**
 * Invariant 5, decided by the shared mathematics and not by the program: a healthy position is never liquidated, an unhealthy one
 * always can be at an acceptable price, and neither margin nor settlement makes a healthy one liquidatable. Prices are accepted and
 * indexes accrue exactly as the mathematics says.
 */
import { ENTRY_VALUE_PER_QUOTE, FINE_VALUE_PER_QUOTE } from '#shared/money/units.ts';
import { positionValue } from '#shared/perps/pnl.ts';
import { equityQCapped, isLiquidatable } from '#shared/perps/equity.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';
import { positionOf } from '#support/program/mirror.ts';
import { type Step, holds } from '../step.ts';
import type { PositionAccount } from '../views.ts';
import { positionKey, singleton } from '../world.ts';

const name = '5 health';
/** Seconds of a price's age above which a liquidation needs a keeper. */
const openAgeMax = 5n;
/** Realising rounds PnL, funding and borrow once each, and bad debt up. */
const roundingUnits = 4n;

interface Valued {
  readonly market: MarketState;
  readonly price: OraclePrice;
}

const unhealthy = (position: PositionAccount, { market, price }: Valued): boolean =>
  isLiquidatable(positionOf(position), market, price.price, market.config.maintenanceMarginBps);

/** What an instruction accepted as a price is what the mathematics accepts, and the indexes stand where it says. */
function checkPrice(step: Step): void {
  const { market } = step;
  if (market === undefined || !step.usesPrice) return;
  const before = step.before('market', market.key);
  const after = step.after('market', market.key);
  if (before === undefined || after === undefined) return;
  const expected = step.price(before);
  if (!step.accepted) return;
  holds(
    typeof expected !== 'string',
    name,
    () => `${step.action.do} was accepted at a price refused as ${String(expected)}`,
  );
  const valued = step.valued(before);
  if (typeof expected === 'string' || valued === undefined) return;
  const stored = {
    price: after.price.price,
    conf: after.price.conf,
    ema: after.price.ema,
    at: after.price.publishTime,
  };
  const right =
    stored.price === expected.price &&
    stored.conf === expected.conf &&
    stored.ema === expected.ema &&
    stored.at === expected.publishTime;
  holds(right, name, () => `${step.action.do} accepted ${stored.price} of ${stored.at}, not ${expected.price}`);
  const indexed = after.fundingIndex === valued.market.fundingIndex && after.borrowIndex === valued.market.borrowIndex;
  holds(
    indexed,
    name,
    () =>
      `indexes ${after.fundingIndex}, ${after.borrowIndex} where ${valued.market.fundingIndex}, ${valued.market.borrowIndex} are right`,
  );
}

function checkLiquidation(step: Step): void {
  const { market, action } = step;
  if (action.do !== 'liquidatePosition' || market === undefined) return;
  const key = step.world.position(action.who ?? 0, market.index);
  const [before, position] = [step.before('market', market.key), step.before('position', key)];
  if (before === undefined || position === undefined) return;
  const valued = step.valued(before);
  if (step.accepted) {
    const right = valued !== undefined && unhealthy(position, valued);
    holds(right, name, () => `a healthy position was liquidated`);
    return;
  }
  if (valued === undefined || position.state.size === 0n) return;
  const liquidatable = unhealthy(position, valued);
  holds(
    !liquidatable || step.outcome.error !== 'NotLiquidatable',
    name,
    () => 'an unhealthy position was called healthy',
  );
  // An account of the old layout first needs to be migrated, which anybody may do.
  if (!liquidatable || step.outcome.error === 'WrongVersion') return;
  const fresh = valued.price.publishTime >= step.now - openAgeMax;
  const signed = action.keeper !== -2 || fresh;
  const exchange = step.before('exchange', singleton('exchange'));
  const isKeeper =
    action.keeper === -2 ||
    exchange?.keepers.some((keeper) => keeper.key === keeperKeyOf(step) && keeper.activeFrom <= step.now) === true;
  const possible = signed && isKeeper && action.insured === true && action.other !== action.who;
  const rewarded =
    action.other === undefined || step.before('userAccount', step.world.person(action.other).userAccount) !== undefined;
  holds(!possible || !rewarded, name, () => `an unhealthy position could not be liquidated: ${step.outcome.error}`);
}

/** Only what can win nothing more is closed by anybody, and then always. */
function checkCapped(step: Step): void {
  const { market, action } = step;
  if (action.do !== 'closeCapped' || market === undefined) return;
  const key = step.world.position(action.who ?? 0, market.index);
  const [before, position] = [step.before('market', market.key), step.before('position', key)];
  if (before === undefined || position === undefined || position.state.size === 0n) return;
  const valued = step.valued(before);
  if (valued === undefined) return;
  const state = positionOf(position);
  const capped = positionValue(state, valued.price.price) > state.reserve * ENTRY_VALUE_PER_QUOTE;
  holds(capped || !step.accepted, name, () => 'a position that can win more was closed by somebody else');
  holds(!capped || step.outcome.error !== 'NotCapped', name, () => 'a capped position was called not capped');
}

/** A trader's own closing leaves bad debt only where the oracle price does: a spread is charged out of what is there. */
function checkBadDebt(step: Step): void {
  const event = step.event('positionReduced');
  if (event === undefined || event.badDebt === 0n) return;
  const before = step.before('market', event.market);
  const key = positionKey(event.owner, event.market);
  const [position, valued] = [step.before('position', key), before === undefined ? undefined : step.valued(before)];
  if (position === undefined || valued === undefined) return;
  const equity = equityQCapped(positionOf(position), valued.market, valued.price.price);
  const most = equity < 0n ? -equity / FINE_VALUE_PER_QUOTE + roundingUnits : 0n;
  holds(
    event.badDebt <= most,
    name,
    () => `a closing left ${event.badDebt} of bad debt where the oracle price leaves ${most}`,
  );
}

const keeperKeyOf = (step: Step): string | null => step.built.call.accounts['keeper'] ?? null;

/** Margin and settlement leave a healthy position healthy, at the price and indexes they were executed at. */
function checkStaysHealthy(step: Step): void {
  if (
    !step.accepted ||
    !['addMargin', 'removeMargin', 'settlePosition', 'closePosition', 'openPosition', 'trade'].includes(step.action.do)
  )
    return;
  const change = step.changes.program.find((candidate) => candidate.name === 'position');
  if (change?.after === undefined || change.before === undefined || change.after.state.size === 0n) return;
  const market = step.before('market', change.after.market);
  if (market === undefined) return;
  const valued = step.usesPrice ? step.valued(market) : step.resting(market);
  if (valued === undefined) return;
  const wasHealthy = !unhealthy(change.before, valued);
  const isHealthy = !unhealthy(change.after, valued);
  holds(!wasHealthy || isHealthy, name, () => `${step.action.do} made a healthy position liquidatable`);
}

export class Health {
  check(step: Step): void {
    checkPrice(step);
    checkLiquidation(step);
    checkCapped(step);
    checkBadDebt(step);
    checkStaysHealthy(step);
  }
}
