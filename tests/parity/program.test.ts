/** TypeScript against the compiled program: random commands on litesvm, each predicted, whole states compared. */
import { expect, test } from 'vitest';
import { differences } from './functions.ts';
import { ProgramWorld } from './program-world.ts';
import { Random } from './random.ts';
import type { WorldKind } from './world.ts';

/** 10,000 commands altogether. */
const commandsPerWorld = 200;
const worldsPerKind = 25;
const timeoutMs = 600_000;

/** Runs one world and gives the first difference, or the names of what was reached. */
async function follow(kind: WorldKind, seed: number, reached: Map<string, number>): Promise<void> {
  const world = await ProgramWorld.create(new Random(seed), kind);
  for (let i = 0; i < commandsPerWorld; i += 1) {
    const { item, predicted, actual } = await world.step();
    const outcome = `${item.fn} ${predicted.error}`;
    reached.set(outcome, (reached.get(outcome) ?? 0) + 1);
    const apart = differences(predicted, actual);
    expect(apart, `${kind} world ${seed}, command ${i}: ${outcome} ${JSON.stringify(item.input)}`).toEqual([]);
  }
}

test.each(['plain', 'complete'] as const)(
  'the compiled program does what the mathematics says, command by command (%s)',
  { timeout: timeoutMs },
  async (kind) => {
    const reached = new Map<string, number>();
    for (let seed = 1; seed <= worldsPerKind; seed += 1) await follow(kind, seed, reached);
    for (const fn of ['open', 'reduce', 'flip', 'add_margin', 'remove_margin', 'liquidate', 'close_capped']) {
      expect(reached.get(`${fn} none`) ?? 0, fn).toBeGreaterThan(20);
    }
    console.log(`${kind}: ${[...reached].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
  },
);
