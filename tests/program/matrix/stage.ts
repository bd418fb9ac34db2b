import { type Snapshot, restore, snapshot } from './attempt.ts';
import type { Baseline } from './mutations.ts';
import type { Scenario } from './scenarios.ts';
import { type World, emptyWorld, fullWorld } from './world.ts';

/** A scenario set up, ready to be sent. */
export interface Played {
  readonly world: World;
  readonly baseline: Baseline;
}

/** One world for many scenarios: making it takes longer than putting everything back. */
export class Stage {
  readonly #world: World;
  readonly #start: Snapshot;
  readonly #startTime: bigint;

  private constructor(world: World) {
    const { chain } = world.exchange;
    this.#world = world;
    this.#start = snapshot(chain);
    this.#startTime = chain.now;
  }

  static async create(): Promise<Stage> {
    return new Stage(await fullWorld());
  }

  /** Sets a scenario up in a world in which nothing has happened since it was made. */
  async play(scenario: Scenario): Promise<Played> {
    const world = scenario.fromNothing === true ? emptyWorld() : this.#restored();
    return { world, baseline: await scenario.build(world) };
  }

  #restored(): World {
    const { chain } = this.#world.exchange;
    restore(chain, this.#start);
    chain.advance(this.#startTime - chain.now);
    return this.#world;
  }
}

/** A scenario's name in a list of tests. */
export const nameOf = ({ instruction, variant }: Scenario): string =>
  variant === undefined ? instruction : `${instruction} (${variant})`;
