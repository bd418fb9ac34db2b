/**
 * Invariant 4 for several people together: a coalition that starts and ends flat at a constant price and constant indexes, before or
 * after one price move that it meets with as many longs as shorts, ends with no more than it started with, whatever it does in
 * between: trades of any size, liquidations of each other, pool shares, donations.
 */
import { quote } from '#shared/money/units.ts';
import { poolEquity } from '#shared/perps/pool.ts';
import type { Action, Instruction } from './action.ts';
import { signing } from './generate-trading.ts';
import { Generator, type Scene } from './generator.ts';
import { Random } from './random.ts';
import { Session } from './session.ts';
import { openingPrices, setupActions } from './setup.ts';
import { affordableSize, partOf } from './generate-trading.ts';
import { collateralOf, isCapped, isUnhealthy } from './survey.ts';
import { marketOf } from './views.ts';
import { type World, singleton } from './world.ts';

/** Members of the coalition, by number of the person: none of them provides the first liquidity. */
export const members: readonly number[] = [0, 1, 2, 3, 4, 5];
/** Instructions of everybody before the coalition's part, where there are outsiders. */
const preludeLength = 500;
const actionsMax = 60;
const settlingRounds = 3;
const poolWait = 61n;
const confidenceBpsMax = 200n;

/** What the coalition did and what became of it, 1e-6 USDC. */
export interface Outcome {
  readonly started: bigint;
  readonly ended: bigint;
  /** Losses beyond margins that others bore: what a price move in one step makes possible. */
  readonly badDebt: bigint;
  /** False where something could not be closed in the end. */
  readonly flat: boolean;
  readonly actions: readonly Action[];
}

/** Value of a member's shares, as redeeming counts the pool. */
function sharesWorth(world: World, shares: bigint): bigint {
  const pool = world.accounts.get('pool', singleton('pool'));
  if (shares === 0n || pool.supply === 0n) return 0n;
  const priced = world.openMarkets.flatMap(({ key }) => {
    const market = marketOf(world.accounts.get('market', key));
    return market.price === null ? [] : [{ market, oracle: market.price }];
  });
  const equity = poolEquity('redeem', quote(pool.free), priced);
  return equity <= 0n ? 0n : (shares * equity) / pool.supply;
}

/** Everything the members own outside of open positions. */
export function wealthOf(world: World): bigint {
  return members.reduce((sum, who) => {
    const person = world.person(who);
    const lp = world.accounts.find('lpAccount', person.lpAccount);
    const isRedeeming = lp !== undefined && 'redeem' in lp.requestKind;
    const deposit = lp !== undefined && 'mint' in lp.requestKind ? lp.requestAmount : 0n;
    const shares = (lp?.shares ?? 0n) + (isRedeeming ? (lp?.requestAmount ?? 0n) : 0n);
    const owed = world.openMarkets.reduce(
      (total, { index }) => total + (held(world, who, index)?.payoutOwed ?? 0n),
      0n,
    );
    return (
      sum +
      world.accounts.tokens(person.tokens) +
      collateralOf(world, who) +
      deposit +
      owed +
      sharesWorth(world, shares)
    );
  }, 0n);
}

const held = (world: World, who: number, market: number) =>
  world.accounts.find('position', world.position(who, market));
const sizeOf = (world: World, who: number, market: number): bigint => held(world, who, market)?.state.size ?? 0n;

/** Whether no member has an open position. */
export const isFlat = (world: World): boolean =>
  members.every((who) => world.openMarkets.every(({ index }) => sizeOf(world, who, index) === 0n));

class Coalition {
  readonly #session: Session;
  readonly #random: Random;
  readonly #scene: Scene;
  readonly #prices: bigint[] = [...openingPrices];
  readonly actions: Action[] = [];
  badDebt = 0n;

  constructor(seed: number) {
    this.#session = new Session(seed, { still: true });
    this.#random = new Random(seed ^ 0xc0a1);
    const { world } = this.#session;
    const never = (): never => {
      throw new Error('a coalition keeps its own prices');
    };
    const market = (): number => this.#random.pick(world.openMarkets).index;
    this.#scene = { world, random: this.#random, starved: false, market, pass: never, priced: never, moved: never };
    for (const action of setupActions(seed)) this.#session.run(action);
  }

  get world(): World {
    return this.#session.world;
  }

  #do(action: Action): void {
    this.actions.push(action);
    const step = this.#session.run(action);
    for (const event of step?.outcome.events ?? []) {
      if (event.name === 'positionLiquidated' || event.name === 'positionReduced') this.badDebt += event.data.badDebt;
    }
  }

  /** A moment later, every market has the price it had. */
  #same(seconds: bigint): void {
    this.#do({ do: 'clock', seconds });
    for (const { index } of this.world.openMarkets) {
      const price = this.#prices[index] ?? 1n;
      // Only the price is constant: how sure it is of itself changes, and with it the spread.
      const conf = (price * this.#random.big(0n, confidenceBpsMax)) / 10_000n;
      this.#do({ do: 'price', market: index, price, conf, ema: price });
    }
  }

  /** Others trade for a while; then everything is open again and nobody of them is liquidatable or capped. */
  outsiders(seed: number): void {
    const generator = new Generator(this.world, seed);
    const before = this.#session.executed;
    while (this.#session.executed - before < preludeLength) this.#do(generator.next());
    for (const { index } of this.world.markets) this.#prices[index] = this.world.published[index]?.price ?? 1n;
    this.#do({ do: 'clock', seconds: 200n });
    this.#do({ do: 'resumeOperations', number: 31n });
    for (const { index } of this.world.openMarkets) this.#do({ do: 'setMarketStatus', market: index });
    this.#same(1n);
    for (const { index: market } of this.world.openMarkets) {
      for (const who of this.world.people.keys()) {
        if (sizeOf(this.world, who, market) === 0n) continue;
        this.#do({ do: 'liquidatePosition', who, market, insured: true });
        this.#do({ do: 'closeCapped', who, market, insured: true });
      }
    }
    this.flatten();
  }

  /** Closes what the members have, and takes their shares out. */
  flatten(): void {
    for (let round = 0; round < settlingRounds; round += 1) {
      this.#same(1n);
      for (const who of members) {
        for (const { index: market } of this.world.openMarkets) {
          if (sizeOf(this.world, who, market) === 0n) continue;
          this.#do({ do: 'closePosition', who, market, self: true, insured: true });
        }
      }
    }
    if (this.#holders().length === 0) return;
    for (let round = 0; round < settlingRounds; round += 1) {
      for (const who of this.#holders()) {
        const lp = this.world.accounts.find('lpAccount', this.world.person(who).lpAccount);
        this.#do({ do: 'requestRedeem', who, amount: lp?.shares ?? 0n });
      }
      this.#executeRequests();
    }
  }

  #holders(): number[] {
    return members.filter((who) => {
      const lp = this.world.accounts.find('lpAccount', this.world.person(who).lpAccount);
      return lp !== undefined && (lp.shares > 0n || !('none' in lp.requestKind));
    });
  }

  #executeRequests(): void {
    this.#same(poolWait);
    for (const { index: market } of this.world.openMarkets) this.#do({ do: 'settleMarket', market });
    if (this.#isBusy()) return;
    for (const who of members) this.#do({ do: 'executePoolRequest', who });
  }

  /** Keepers execute nothing while a position is capped or can be liquidated. */
  #isBusy(): boolean {
    const { world } = this;
    return world.openMarkets.some(({ index: market }) =>
      [...world.people.keys()].some((who) => {
        const position = held(world, who, market);
        if (position === undefined || position.state.size === 0n) return false;
        const place = { who, market, position };
        return isCapped(world, place) || isUnhealthy(world, place);
      }),
    );
  }

  /** Something a member does. */
  act(): void {
    const random = this.#random;
    const { world } = this;
    const who = random.pick(members);
    const market = random.pick(world.openMarkets).index;
    if (random.chance(30)) this.#same(random.big(0n, 2n));
    const choice = random.int(0, 99);
    if (choice < 55) this.#do(this.#trade(who, market));
    else if (choice < 70) this.#do(this.#margin(who, market));
    else if (choice < 78) {
      this.#do({ do: 'liquidatePosition', who, market, insured: true, other: random.pick(members) });
      this.#do({ do: 'closeCapped', who, market, insured: true });
    } else if (choice < 84) this.#do({ do: 'requestMint', who, amount: random.magnitude(1n, 10n ** 12n) });
    else if (choice < 88) {
      const shares = world.accounts.find('lpAccount', world.person(who).lpAccount)?.shares ?? 0n;
      this.#do({ do: 'requestRedeem', who, amount: random.magnitude(1n, shares + 1n) });
    } else if (choice < 92) this.#executeRequests();
    else if (choice < 94) this.#do({ do: 'settleMarket', market });
    else if (choice < 96) this.#do({ do: 'donate', who, amount: random.magnitude(1n, 10n ** 8n) });
    else this.#closeByRequest(who, market);
  }

  #trade(who: number, market: number): Instruction {
    const random = this.#random;
    const position = held(this.world, who, market);
    const leverage = random.chance(50)
      ? this.world.accounts.get('market', this.world.market(market).key).config.maxLeverage * 100
      : 300;
    const side = random.chance(50) ? 'long' : 'short';
    const signs = signing(this.#scene, who);
    if (position !== undefined && position.state.size > 0n && random.chance(50)) {
      return {
        do: 'closePosition',
        who,
        market,
        insured: true,
        ...partOf(this.#scene, { who, market, position }),
        ...signs,
      };
    }
    // One unit after the other must not pay either.
    const size = random.chance(25) ? random.big(1n, 20n) : affordableSize(this.#scene, who, market, leverage);
    return { do: 'trade', who, market, side, size, leverage, insured: true, ...signs };
  }

  #margin(who: number, market: number): Instruction {
    const random = this.#random;
    const margin = held(this.world, who, market)?.state.margin ?? 0n;
    return random.chance(50)
      ? { do: 'removeMargin', who, market, amount: random.magnitude(1n, margin + 1n), self: true }
      : { do: 'addMargin', who, market, amount: random.magnitude(1n, collateralOf(this.world, who) + 1n), self: true };
  }

  #closeByRequest(who: number, market: number): void {
    this.#do({ do: 'requestClose', who, market });
    this.#same(6n);
    this.#do({ do: 'executeCloseRequest', who, market, insured: true });
  }

  /** Longs and shorts of the coalition are made equal in every market, or closed; then every price moves once. */
  move(): void {
    for (const { index: market } of this.world.openMarkets) {
      this.#balance(market);
      if (this.#skew(market) === 0n) continue;
      for (const who of members) this.#do({ do: 'closePosition', who, market, self: true, insured: true });
    }
    const balanced = this.world.openMarkets.every(({ index }) => this.#skew(index) === 0n);
    if (!balanced) return;
    for (const { index } of this.world.openMarkets) {
      const by = this.#random.big(-400n, 400n);
      this.#prices[index] = ((this.#prices[index] ?? 1n) * (10_000n + by)) / 10_000n;
    }
    this.#same(6n);
  }

  #skew(market: number): bigint {
    return members.reduce((sum, who) => {
      const state = held(this.world, who, market)?.state;
      if (state === undefined) return sum;
      return 'long' in state.side ? sum + state.size : sum - state.size;
    }, 0n);
  }

  #balance(market: number): void {
    for (const who of members) {
      const skew = this.#skew(market);
      if (skew === 0n) return;
      const side = skew > 0n ? 'short' : 'long';
      this.#do({
        do: 'trade',
        who,
        market,
        side,
        size: skew > 0n ? skew : -skew,
        leverage: 500,
        self: true,
        insured: true,
      });
    }
  }
}

/** One coalition: among outsiders at a constant price, or alone with one price move. */
export function coalition(seed: number, kind: 'among outsiders' | 'with a price move'): Outcome {
  const party = new Coalition(seed);
  if (kind === 'among outsiders') party.outsiders(seed);
  const startFlat = isFlat(party.world);
  const started = wealthOf(party.world);
  const before = party.badDebt;
  const first = party.actions.length;
  const count = actionsMax;
  for (let i = 0; i < count; i += 1) {
    party.act();
    if (kind === 'with a price move' && i === Math.floor(count / 2)) party.move();
  }
  party.flatten();
  return {
    started,
    ended: wealthOf(party.world),
    badDebt: party.badDebt - before,
    flat: startFlat && isFlat(party.world),
    actions: party.actions.slice(first),
  };
}
