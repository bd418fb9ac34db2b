/** `npm run program:fuzz -- --instructions 5000000 --seed 7`: a longer run than the tests', from any seed. */
import { parseArgs } from 'node:util';
import { fuzz, table } from './fuzz.ts';

const { values } = parseArgs({
  options: { instructions: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const instructions = Number(values.instructions);
const seed = Number(values.seed);
if (!Number.isSafeInteger(instructions) || instructions < 1 || !Number.isSafeInteger(seed)) {
  throw new Error('--instructions and --seed are whole numbers');
}
const started = performance.now();
const report = fuzz({ seed, instructions, say: console.log });
console.log(table(report));
console.log(`${report.executed} instructions in ${Math.round((performance.now() - started) / 1_000)} s`);
if (report.failure !== undefined) {
  console.error(
    `\nInvariant ${report.failure.invariant} broke in the sequence of seed ${report.failure.seed}:\n\n${report.failure.test}`,
  );
  process.exitCode = 1;
}
