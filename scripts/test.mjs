import { prepare } from './lib/install.mjs';

// `npm test`: every stage, each with its seconds; `npm test -- node workerd` runs those alone.
await prepare();
const { stages } = await import('./lib/stages.mjs');
const { failureSummary, runStages } = await import('./lib/run-stages.mjs');
const { lookAgain } = await import('./lib/second-look.mjs');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`No stage ${unknown.join(', ')}; there are: ${stages.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}

const reports = await runStages(stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name)));
const results = await lookAgain(stages, reports);

const failures = failureSummary(results);
if (failures !== '') console.log(failures);

console.log('\nStage       passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds, notRun } of results) {
  const counts = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)].join('  ');
  console.log(
    `${name.padEnd(10)}  ${counts}  ${seconds.toFixed(1).padStart(7)}${notRun === undefined ? '' : `  ${notRun}`}`,
  );
}

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
const skipped = total('skipped');
const unsteady = results.reduce((sum, result) => sum + (result.unsteady?.length ?? 0), 0);
const counted = [
  `${total('passed')} passed`,
  `${total('failed')} failed`,
  ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ...(unsteady > 0 ? [`${unsteady} unsteady`] : []),
];
console.log(`\n${counted.join(', ')}`);
process.exit(total('failed') === 0 ? 0 : 1);
