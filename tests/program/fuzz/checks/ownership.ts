/**
 * Invariants 3 and 4: an instruction changes only what belongs to those who agreed to it, and no command makes anybody richer at the
 * price and the indexes it was executed at. What may touch somebody else's position costs him nothing but the liquidation fee.
 */
import type { AccountOf } from '#support/program/client.ts';
import type { Change } from '../accounts.ts';
import type { Key } from '../codec.ts';
import { Broken, type Step, holds } from '../step.ts';
import { fine, worth } from '../views.ts';

const name = '3 ownership';
const wealth = '4 wealth';
/** Realising rounds PnL, funding and borrow once each against the position's owner. */
const roundingUnits = 3n;

/** Instructions anybody may send that change another's account or position. */
const byAnyone = new Set<string>([
  'liquidatePosition',
  'closeCapped',
  'settlePosition',
  'payOwed',
  'executeCloseRequest',
  'executePoolRequest',
  'executeWithdrawal',
  'createPosition',
  'migrateAccount',
]);

type Owned = Extract<Change, { readonly name: 'userAccount' | 'position' | 'lpAccount' | 'withdrawal' }>;
const isOwned = (change: Change): change is Owned =>
  ['userAccount', 'position', 'lpAccount', 'withdrawal'].includes(change.name);
const ownerOf = (change: Owned): Key => (change.after ?? change.before)?.owner ?? '';

/** Who may change an account of his, or have it changed. */
function checkTouched(step: Step, change: Owned): void {
  const owner = ownerOf(change);
  if (step.built.call.agreed.includes(owner)) return;
  const { do: instruction } = step.action;
  if (change.name === 'userAccount' && isReward(step, change)) return;
  holds(
    byAnyone.has(instruction),
    name,
    () => `${instruction} changed the ${change.name} of ${owner}, who had not agreed`,
  );
}

/** The liquidator's account grows by the reward and changes in nothing else. */
function isReward(step: Step, change: Owned & { readonly name: 'userAccount' }): boolean {
  const { before, after } = change;
  const reward = step.event('liquidationRewarded');
  if (before === undefined || after === undefined || reward?.owner !== after.owner) return false;
  const expected = { ...before, collateral: before.collateral + reward.amount, seq: before.seq + 1n };
  return same(expected, after);
}

const same = (a: object, b: object): boolean =>
  JSON.stringify(a, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ===
  JSON.stringify(b, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** What a trader owns in the exchange as far as this market goes, 1e-26 USD. */
function owns(
  user: AccountOf<'userAccount'> | undefined,
  position: AccountOf<'position'> | undefined,
  valued: NonNullable<ReturnType<Step['valued']>>,
): bigint {
  return fine(user?.collateral ?? 0n) + worth(position, valued.market, valued.price.price);
}

/** Nobody is richer after a command at its own price, and a liquidated trader is poorer by the fee at most. */
function checkWealth(step: Step): void {
  const change = step.changes.program.find((candidate) => candidate.name === 'position');
  const position = change?.after;
  if (change === undefined || position === undefined || step.action.do === 'createPosition') return;
  const marketBefore = step.before('market', position.market);
  if (marketBefore === undefined) throw new Broken(wealth, 'a position without a market');
  const valued = step.usesPrice ? step.valued(marketBefore) : step.resting(marketBefore);
  // A market whose oracle just changed has no price yet: nothing can be valued at it.
  if (valued === undefined && !step.usesPrice) return;
  if (valued === undefined)
    throw new Broken(wealth, `${step.action.do} was accepted at a price that is not acceptable`);
  const user = userKey(step, position.owner);
  const had = owns(step.before('userAccount', user), change.before, valued);
  const has = owns(step.after('userAccount', user), position, valued);
  const gained = (): string => `${step.action.do} made ${position.owner} richer by ${has - had} e-26 USD`;
  holds(has <= had, wealth, gained);
  if (step.built.call.agreed.includes(position.owner)) return;
  const lost = had - has;
  const allowed = fine(feeOf(step) + roundingUnits);
  holds(lost <= allowed, name, () => `${step.action.do} took ${lost} of ${position.owner}, ${allowed} allowed`);
  const exact = ['settlePosition', 'payOwed'].includes(step.action.do);
  holds(!exact || lost === 0n, name, () => `${step.action.do} changed what ${position.owner} owns by ${lost}`);
}

/** Fee that an instruction of somebody else may take. */
function feeOf(step: Step): bigint {
  const reduced = step.event('positionReduced');
  return (
    step.event('positionLiquidated')?.liquidationFee ?? (reduced === undefined ? 0n : reduced.fee + reduced.impact)
  );
}

function userKey(step: Step, owner: Key): Key {
  const person = step.world.people.find((candidate) => candidate.owner === owner);
  if (person === undefined) throw new Broken(name, `nobody owns ${owner}`);
  return person.userAccount;
}

/** Tokens of a wallet: only its owner spends them. */
function checkTokens(step: Step): void {
  for (const { key, before, after } of step.changes.tokens) {
    if (after >= before) continue;
    const person = step.world.people.find((candidate) => candidate.tokens === key);
    if (person === undefined) continue;
    holds(
      step.built.call.agreed.includes(person.owner),
      name,
      () => `${step.action.do} spent tokens of ${person.owner}`,
    );
  }
}

export class Ownership {
  check(step: Step): void {
    for (const change of step.changes.program) if (isOwned(change)) checkTouched(step, change);
    checkTokens(step);
    checkWealth(step);
  }
}
