import { prepare } from './lib/install.mjs';

// `npm test`: every stage, each with its seconds; `npm test -- node workerd` runs those alone.
await prepare();
const { stages } = await import('./lib/stages.mjs');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`No stage ${unknown.join(', ')}; there are: ${stages.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}

const results = [];
for (const { name, run } of stages.filter((stage) => wanted.length === 0 || wanted.includes(stage.name))) {
  console.log(`\n▶ ${name}`);
  const startedAt = performance.now();
  const result = await run();
  if (result.notRun !== undefined) console.log(`  ${result.notRun}`);
  results.push({ name, seconds: (performance.now() - startedAt) / 1000, ...result });
}

console.log('\nStage       passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds, notRun } of results) {
  const counts = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)].join('  ');
  console.log(
    `${name.padEnd(10)}  ${counts}  ${seconds.toFixed(1).padStart(7)}${notRun === undefined ? '' : `  ${notRun}`}`,
  );
}

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
const skipped = total('skipped');
console.log(`\n${total('passed')} passed, ${total('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(total('failed') === 0 ? 0 : 1);
