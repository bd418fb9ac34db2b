/** TypeScript against the compiled program: random commands on litesvm, each predicted, whole states compared. */
import { expect, test } from 'vitest';
import { differences } from './functions.ts';
import { ProgramWorld } from './program-world.ts';
import { Random } from './random.ts';
import type { WorldKind } from './world.ts';

/** 100,000 commands altogether. */
const commandsPerWorld = 1_000;
const worldsPerKind = 50;
const timeoutMs = 600_000;

/** Each must be executed often; settlements only where something accrues. */
const commands = [
  ...['open', 'reduce', 'flip', 'add_margin', 'remove_margin', 'liquidate', 'close_capped', 'execute_close_request'],
  'pay_owed',
];

/** Runs one world and gives the first difference, or the names of what was reached. */
async function follow(kind: WorldKind, seed: number, reached: Map<string, number>): Promise<void> {
  const world = await ProgramWorld.create(new Random(seed), kind);
  for (let i = 0; i < commandsPerWorld; i += 1) {
    const { item, sent, predicted, actual } = world.step();
    const outcome = `${sent} ${predicted.error}`;
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
    for (const fn of [...commands, ...(kind === 'complete' ? ['settle'] : [])]) {
      expect(reached.get(`${fn} none`) ?? 0, fn).toBeGreaterThan(20);
    }
    console.log(`${kind}: ${[...reached].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
  },
);
