/** Chooses what happens next: mostly what honest people do, often enough what they should not. */
import type { Action, Instruction } from './action.ts';
import { exchangeMenu } from './generate-exchange.ts';
import { fundsMenu } from './generate-funds.ts';
import { squeezeMenu } from './generate-squeeze.ts';
import { tradingMenu } from './generate-trading.ts';
import { Prices } from './prices.ts';
import { Random } from './random.ts';
import { initialMarkets } from './setup.ts';
import { activeKeeper, unhealthyIn } from './survey.ts';
import { type World, start } from './world.ts';

/** What a choice may look at. */
export interface Scene {
  readonly world: World;
  readonly random: Random;
  /** Nobody tops up the backing of the last market of the beginning: what winners take out of it is missing. */
  readonly starved: boolean;
  /** Some market that exists. */
  readonly market: () => number;
  /** Time passes. */
  readonly pass: (seconds: bigint) => Planned;
  /** The next price of a market is published. */
  readonly priced: (market: number) => Planned;
  /** The same, moved by so many basis points. */
  readonly moved: (market: number, bps: bigint) => Planned;
}

/** An action of a plan; a function where it depends on the moment it is done. */
export type Planned = Action | (() => Action);

/** Something that may happen: the actions of it, in order; none where it makes no sense now. */
export interface Choice {
  readonly weight: number;
  readonly make: (scene: Scene) => readonly Planned[];
}

/** How long a pool request can be executed, seconds of `publish_time`. */
const poolWindowSeconds = 10n;
/** What happens around the instructions, in ten thousand choices. */
const surroundings = { longPause: 8, pause: 50, poolRequest: 300, jump: 160, moment: 2_200, gift: 10 } as const;
const menu: readonly Choice[] = [...tradingMenu, ...fundsMenu, ...exchangeMenu, ...squeezeMenu];

export class Generator {
  readonly #scene: Scene;
  readonly #prices: Prices;
  #plan: Planned[] = [];

  constructor(world: World, seed: number) {
    const random = new Random(seed);
    const pass = (seconds: bigint): Planned => ({ do: 'clock', seconds });
    const starved = seed % 3 === 0;
    const market = (): number => {
      // In a starved world most of the trading is where the backing runs dry.
      const markets = world.openMarkets;
      return starved && random.chance(60) ? initialMarkets - 1 : random.pick(markets).index;
    };
    const priced = (index: number): Planned => this.#priceOf(index);
    const moved = (index: number, bps: bigint): Planned => {
      return () => {
        this.#prices.move(index, bps);
        return this.#prices.next(world, index, Number(world.vm.now - start));
      };
    };
    this.#scene = { world, random, starved, market, pass, priced, moved };
    this.#prices = new Prices(world, seed, random);
  }

  /** The next action, for the world as it is now. */
  next(): Action {
    for (;;) {
      const planned = this.#plan.shift();
      if (planned !== undefined) return typeof planned === 'function' ? planned() : planned;
      this.#plan = this.#choose();
    }
  }

  #choose(): Planned[] {
    const { random } = this.#scene;
    let drawn = random.int(0, 9_999);
    const falls = (share: number): boolean => (drawn -= share) < 0;
    if (falls(surroundings.longPause)) return this.#pass(random.big(3_600n, 30_000n), 100);
    if (falls(surroundings.pause)) return this.#pass(random.big(20n, 2_000n), 100);
    if (falls(surroundings.poolRequest)) return this.#poolWindow();
    if (falls(surroundings.jump)) return this.#jump();
    if (falls(surroundings.moment)) return this.#pass(random.big(0n, 3n), 60);
    if (falls(surroundings.gift)) return [{ do: 'gift', amount: random.magnitude(1n, 10n ** 12n) }];
    return [...random.weighted(menu).make(this.#scene)];
  }

  #priceOf(market: number): Planned {
    const { world } = this.#scene;
    return () => this.#prices.next(world, market, Number(world.vm.now - start));
  }

  /** Time passes, and prices are published, each with this chance in a hundred. */
  #pass(seconds: bigint, chance: number): Planned[] {
    const { random, world } = this.#scene;
    const markets = world.openMarkets.filter(() => random.chance(chance));
    return [{ do: 'clock', seconds }, ...markets.map(({ index }) => this.#priceOf(index))];
  }

  /** A market's price jumps; most of those who became liquidatable are liquidated at once, the others whenever somebody tries. */
  #jump(): Planned[] {
    const { random, world } = this.#scene;
    const market = this.#scene.market();
    this.#prices.jump(market);
    const moved: Planned[] = [{ do: 'clock', seconds: random.big(1n, 3n) }, this.#priceOf(market)];
    if (random.chance(30)) return moved;
    // Looked for when the price is there; a keeper misses one now and then.
    const sweep = (): Planned[] =>
      unhealthyIn(world, market)
        .filter(() => random.chance(85))
        .map((who): Planned => ({ do: 'liquidatePosition', who, market, insured: true, keeper: activeKeeper(world) }));
    return [
      ...moved,
      () => {
        this.#plan.unshift(...sweep());
        return { do: 'clock', seconds: 0n };
      },
    ];
  }

  /** Waits until a pool request can be executed, and executes it as a keeper does. */
  #poolWindow(): Planned[] {
    const { random, world, starved } = this.#scene;
    const pending = world.people.flatMap(({ lpAccount }, who) => {
      const lp = world.accounts.find('lpAccount', lpAccount);
      return lp === undefined || 'none' in lp.requestKind ? [] : [{ who, from: lp.executableFrom }];
    });
    if (pending.length === 0 || starved) return [];
    const timely = pending.filter(({ from }) => from + poolWindowSeconds >= world.vm.now);
    const { who, from } = random.pick(timely.length > 0 && random.chance(90) ? timely : pending);
    const wait = from - world.vm.now + random.big(-1n, poolWindowSeconds + 1n);
    const markets = world.openMarkets.map(({ index }) => index);
    const keeper = random.chance(90) ? activeKeeper(world) : random.pick([-2, -1]);
    const without = random.chance(3) ? { without: true } : {};
    const execute: Instruction = { do: 'executePoolRequest', who, keeper, ...without };
    return [
      { do: 'clock', seconds: wait < 0n ? 0n : wait },
      ...markets.map((market) => this.#priceOf(market)),
      ...markets.map((market): Planned => ({ do: 'settleMarket', market })),
      execute,
    ];
  }
}
