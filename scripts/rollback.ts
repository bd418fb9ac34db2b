import { parseArgs } from 'node:util';
import { messageOf } from './deploy/attempt.ts';
import { appliedMigrations } from './deploy/database.ts';
import { environmentNamed, knownValues, readEnvironment } from './deploy/environment.ts';
import { journalAt, lockAt } from './deploy/git.ts';
import { rollbackRefusals, versionBefore } from './deploy/release-rules.ts';
import { showResult } from './deploy/show.ts';
import { smoke } from './deploy/smoke.ts';
import { deployedVersions, wrangler } from './deploy/wrangler.ts';

// `npm run rollback -- production`: the version that was fully deployed before serves again, at once, and is looked at. `--to COMMIT` names another;
// `--plan` only says what would be done. docs/deploying.md says what it may go back over.
/** Secrets that changed since the version was uploaded, as wrangler tells them, a line each: the version runs with its own. */
const olderSecrets = (said: string): readonly string[] => {
  const [, list = ''] = /secrets have changed since[^\n]*\n((?:\s*\*[^\n]*\n?)+)/.exec(said) ?? [];
  return [...list.matchAll(/\*\s*(\w+)/g)].flatMap(([, name]) => name ?? []);
};

async function rollback(): Promise<void> {
  const startedAt = performance.now();
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: 'string' }, plan: { type: 'boolean' } },
  });
  const environment = readEnvironment(environmentNamed(positionals[0]));
  const versions = await deployedVersions(environment.name);
  const [served] = versions;
  if (served === undefined) throw new Error('Nothing was ever fully deployed.');
  const { to } = flags;
  const target =
    to === undefined
      ? versionBefore(served, versions)
      : versions.slice(1).find(({ commit }) => commit !== '' && (commit.startsWith(to) || to.startsWith(commit)));
  if (target === undefined)
    throw new Error(to === undefined ? 'There is no version before this one.' : `${to} was not deployed of late.`);
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: workerUrl } = knownValues(environment);
  const databaseUrl = ownerUrl ?? workerUrl;
  const journals = [journalAt(served.commit)];
  // A database that is down must not keep a bad version serving: unknown counts as applied, which refuses only where a contract landed.
  const applied = databaseUrl === undefined ? null : await appliedMigrations(databaseUrl, journals).catch(() => null);
  const refusals = rollbackRefusals(lockAt(target.commit), lockAt(served.commit), applied);
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
  console.log(`${environment.worker}: ${served.commit} → ${target.commit}`);
  if (flags.plan === true) return;
  const message = `rollback from ${served.commit}`;
  const said = await wrangler(['rollback', target.id, '--yes', '--message', message, '--env', environment.name]);
  const seconds = (): string => ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`it serves, ${seconds()} s after the decision`);
  for (const name of olderSecrets(said)) console.log(`  ! ${name} is the one of then: docs/deploying.md#rollback`);
  const expected = { origin: environment.origin, version: target.commit, network: environment.network };
  const isFine = await smoke(expected, showResult);
  console.log(`looked at, ${seconds()} s after the decision`);
  if (!isFine) throw new Error('It serves, and is not well: see docs/runbooks.');
}

try {
  await rollback();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
