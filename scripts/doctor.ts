import { messageOf } from './deploy/attempt.ts';
import { examine, type Finding } from './deploy/doctor.ts';
import { environmentNamed, knownValues, readEnvironment, secretsFileOf } from './deploy/environment.ts';
import { wrangler } from './deploy/wrangler.ts';

// `npm run doctor -- staging`: what a first deployment lacks, each with what to do about it. Changes nothing; runs without an account, and says so.
const marks: Readonly<Record<Finding['state'], string>> = { ok: '✓', missing: '✗', unknown: '?', optional: '!' };
const nameWidth = 24;

try {
  const environment = readEnvironment(environmentNamed(process.argv[2]));
  const secretsFile = secretsFileOf(environment.name);
  const findings = await examine({ environment, values: knownValues(environment), secretsFile, ask: wrangler });
  console.log(`${environment.worker} on ${environment.network}\n`);
  for (const { name, state, text, todo } of findings) {
    console.log(`  ${marks[state]} ${name.padEnd(nameWidth)} ${text}`);
    if (todo !== '') console.log(`    ${' '.repeat(nameWidth)} → ${todo}`);
  }
  const count = (wanted: Finding['state']): number => findings.filter(({ state }) => state === wanted).length;
  const [lacking, open] = [count('missing'), count('unknown')];
  console.log(`\n${lacking === 0 && open === 0 ? 'Nothing is missing.' : `${lacking} missing, ${open} not known.`}`);
  process.exitCode = lacking + open === 0 ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
