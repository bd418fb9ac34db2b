/** One executed instruction, as the checks look at it. */
import { PerpError } from '#shared/perps/errors.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';
import type { AccountName, AccountOf } from '#support/program/client.ts';
import type { EventName, EventOf } from '#support/program/events.ts';
import type { Changes } from './accounts.ts';
import type { Instruction } from './action.ts';
import { type Built, describedBy } from './build.ts';
import type { Key } from './codec.ts';
import { type MarketAccount, acceptance, accrued, marketOf } from './views.ts';
import type { Outcome } from './vm.ts';
import type { World, WorldMarket } from './world.ts';

/** An invariant that does not hold. */
export class Broken extends Error {
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.name = 'Broken';
    this.invariant = invariant;
  }
}

/** Throws Broken where the condition does not hold. */
export function holds(condition: boolean, invariant: string, what: () => string): void {
  if (!condition) throw new Broken(invariant, what());
}

export class Step {
  readonly world: World;
  readonly action: Instruction;
  readonly built: Built;
  readonly outcome: Outcome;
  readonly changes: Changes;
  readonly now: bigint;

  constructor(world: World, action: Instruction, built: Built, outcome: Outcome, changes: Changes) {
    this.world = world;
    this.action = action;
    this.built = built;
    this.outcome = outcome;
    this.changes = changes;
    this.now = world.vm.now;
  }

  get accepted(): boolean {
    return this.outcome.error === null;
  }

  /** An account before the instruction. */
  before<Name extends AccountName>(name: Name, key: Key): AccountOf<Name> | undefined {
    const change = this.changes.program.find((candidate) => candidate.key === key);
    if (change === undefined) return this.world.accounts.find(name, key);
    return change.name === name ? (change.before as AccountOf<Name> | undefined) : undefined;
  }

  /** An account after the instruction. */
  after<Name extends AccountName>(name: Name, key: Key): AccountOf<Name> | undefined {
    return this.world.accounts.find(name, key);
  }

  /** The market the instruction names; undefined where it names none. */
  get market(): WorldMarket | undefined {
    const names = describedBy(this.action.do).accounts.map(({ name }) => name);
    return names.includes('market') ? this.world.market(this.action.market ?? 0) : undefined;
  }

  get usesPrice(): boolean {
    return describedBy(this.action.do).accounts.some(({ name }) => name === 'priceUpdate');
  }

  /** The price that the mathematics says the market accepts, or the error that refuses it. */
  #accepted: OraclePrice | string | undefined;
  price(market: MarketAccount): OraclePrice | string {
    this.#accepted ??= acceptance(market, this.world.published[market.index], this.now);
    return this.#accepted;
  }

  /** The market of before, brought to now where the instruction uses its price; undefined where that is refused. */
  #valued: { readonly market: MarketState; readonly price: OraclePrice } | undefined;
  valued(before: MarketAccount): { readonly market: MarketState; readonly price: OraclePrice } | undefined {
    if (this.#valued !== undefined) return this.#valued;
    const price = this.price(before);
    if (typeof price === 'string') return undefined;
    try {
      this.#valued = { market: accrued(before, price.price, this.now), price };
    } catch (error) {
      if (error instanceof PerpError) return undefined;
      throw error;
    }
    return this.#valued;
  }

  /** The market as it stands at its last price, without accrual; undefined before the first price. */
  resting(before: MarketAccount): { readonly market: MarketState; readonly price: OraclePrice } | undefined {
    const market = marketOf(before);
    return market.price === null ? undefined : { market, price: market.price };
  }

  /** The data of the event of this name. */
  event<Name extends EventName>(name: Name): EventOf<Name> | undefined {
    return this.outcome.events.find((event) => event.name === name)?.data as EventOf<Name> | undefined;
  }
}
