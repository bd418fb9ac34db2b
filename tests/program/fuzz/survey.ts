/** What a generator looks up in the world before it chooses. */
import { ENTRY_VALUE_PER_QUOTE, price } from '#shared/money/units.ts';
import { positionValue } from '#shared/perps/pnl.ts';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { positionOf } from '#support/program/mirror.ts';
import type { Scene } from './generator.ts';
import { type PositionAccount, accrued, acceptance } from './views.ts';
import { type World, roles, singleton } from './world.ts';

/** Tries before a search gives up: what is rare is found often enough. */
const triesMax = 12;

/** A position of a person in a market. */
export interface Place {
  readonly who: number;
  readonly market: number;
  readonly position: PositionAccount;
}

/** Some open position; undefined where few are open. */
export function openPlace(scene: Scene, wanted: (place: Place) => boolean = () => true): Place | undefined {
  const { world, random } = scene;
  for (let i = 0; i < triesMax; i += 1) {
    const who = random.int(0, world.people.length - 1);
    const market = scene.market();
    const position = world.accounts.find('position', world.position(who, market));
    if (position === undefined || position.state.size === 0n) continue;
    const place = { who, market, position };
    if (wanted(place)) return place;
  }
  return undefined;
}

/** The price a market would use now, 1e-8 USD; its last one where that is refused. */
export function priceNow(world: World, market: number): bigint {
  const account = world.accounts.get('market', world.market(market).key);
  const accepted = acceptance(account, world.published[market], world.vm.now);
  return typeof accepted === 'string' ? account.price.price : accepted.price;
}

/** Whether a position can be liquidated now. */
export function isUnhealthy(world: World, { market, position }: Place): boolean {
  const account = world.accounts.get('market', world.market(market).key);
  const accepted = acceptance(account, world.published[market], world.vm.now);
  if (typeof accepted === 'string') return false;
  const present = accrued(account, accepted.price, world.vm.now);
  return isLiquidatable(positionOf(position), present, accepted.price, present.config.maintenanceMarginBps);
}

/** Everyone whose position in a market can be liquidated now. */
export function unhealthyIn(world: World, market: number): number[] {
  return world.people.flatMap((_, who) => {
    const position = world.accounts.find('position', world.position(who, market));
    if (position === undefined || position.state.size === 0n) return [];
    return isUnhealthy(world, { who, market, position }) ? [who] : [];
  });
}

/** Whether a position can win nothing more at the present price. */
export function isCapped(world: World, { market, position }: Place): boolean {
  const state = positionOf(position);
  return positionValue(state, price(priceNow(world, market))) > state.reserve * ENTRY_VALUE_PER_QUOTE;
}

/** Free collateral of a person, 1e-6 USDC. */
export const collateralOf = (world: World, who: number): bigint =>
  world.accounts.find('userAccount', world.person(who).userAccount)?.collateral ?? 0n;

/** Whether keepers may act for a person now. */
export function isDelegated(world: World, who: number): boolean {
  const delegate = world.accounts.find('userAccount', world.person(who).userAccount)?.delegate;
  return delegate !== undefined && delegate.enabled && delegate.expiresAt > world.vm.now;
}

/** Number of a keeper that may act now; 0 where there is none. */
export function activeKeeper(world: World): number {
  const slots = world.accounts.find('exchange', singleton('exchange'))?.keepers ?? [];
  const active = roles.keepers.findIndex((key) =>
    slots.some((slot) => slot.key === key && slot.activeFrom <= world.vm.now),
  );
  return Math.max(0, active);
}
