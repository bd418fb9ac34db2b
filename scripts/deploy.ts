import { parseArgs } from 'node:util';
import { messageOf } from './deploy/attempt.ts';
import { environmentNamed, knownValues, readEnvironment } from './deploy/environment.ts';
import { headCommit, headSubject, refuseUnlanded } from './deploy/git.ts';
import { deploySteps, type Release } from './deploy/steps.ts';

// `npm run deploy:staging`, `npm run deploy:production`: everything from the checks to the terminal, in order, and no further than what holds.
// `--plan` prints the steps; `--dry-run` also runs those that need this machine alone; `--from build` leaves out checks that a run before has passed.
const usage = 'npm run deploy:staging [-- --plan | --dry-run] [--from build]';

async function deploy(): Promise<void> {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: { plan: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, from: { type: 'string' } },
  });
  const environment = readEnvironment(environmentNamed(positionals[0]));
  const release: Release = {
    ...{ environment, values: knownValues(environment) },
    ...{ commit: headCommit(), subject: headSubject() },
  };
  const names = deploySteps.map(({ name }) => name);
  const first = flags.from === undefined ? 0 : names.indexOf(flags.from);
  if (first === -1) throw new Error(`There is no step "${flags.from ?? ''}": ${names.join(', ')}.`);
  const steps = deploySteps.slice(first);
  // What is built and migrated is this commit's, for this environment, only where this run did it.
  if (first > names.indexOf('build')) throw new Error('Only the checks can be left out: --from build.');
  if (flags.plan !== true && flags['dry-run'] !== true) refuseUnlanded();
  console.log(`${environment.worker} (${environment.network}), commit ${release.commit}: ${release.subject}`);
  for (const { name, needs, does, run } of steps) {
    const isRun = flags.plan !== true && (flags['dry-run'] !== true || needs === 'machine');
    const why = isRun
      ? ''
      : flags.plan === true
        ? ''
        : `  (not run: needs the ${needs === 'values' ? 'secrets' : 'account'})`;
    console.log(`\n${name}${why}`);
    for (const line of does(release)) console.log(`  · ${line}`);
    if (isRun) await run(release);
  }
}

try {
  await deploy();
} catch (error) {
  console.error(`\n${messageOf(error)}\nUsage: ${usage}`);
  process.exitCode = 1;
}
