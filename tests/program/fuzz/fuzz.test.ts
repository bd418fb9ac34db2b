import { expect, it } from 'vitest';
import { fuzz, table } from './fuzz.ts';
import { reachable } from './reached.ts';

/** Instructions of a run of the tests; `npm run program:fuzz` goes on for as long as it is told. */
const instructionCount = 100_000;
const seed = 20_250_612;
const timeoutMs = 900_000;
/** Markets of a sequence, and the compute units that executing a pool request may take with all their settlements. */
const marketCount = 4;
const poolUnitsMax = 200_000;

it(
  'whatever happens in whatever order: every invariant of the exchange holds after every instruction',
  { timeout: timeoutMs },
  () => {
    const report = fuzz({ seed, instructions: instructionCount });
    console.log(table(report));
    expect(report.failure?.test ?? null, report.failure?.message).toBeNull();
    expect(report.executed).toBeGreaterThanOrEqual(instructionCount);
    // One transaction settles every market and executes a pool request.
    const [executing, settling] = [report.tallies.get('executePoolRequest'), report.tallies.get('settleMarket')];
    expect((executing?.units ?? 0) + marketCount * (settling?.units ?? 0)).toBeLessThan(poolUnitsMax);
    // The sequences are worth something only if every instruction of the IDL was accepted at times, and every rare state reached.
    const neverAccepted = [...report.tallies].filter(([, { accepted }]) => accepted === 0).map(([name]) => name);
    expect(neverAccepted, 'instructions that no sequence got accepted').toEqual([]);
    expect(reachable.filter((what) => !report.reached.has(what))).toEqual([]);
  },
);
