import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from '../lib/checks.mjs';
import { root } from '../lib/paths.mjs';
import { runNode } from '../lib/run.mjs';
import { applyMigrations, appliedMigrations, readJournal } from './database.ts';
import { type Environment, secretsFileOf, strangeNames, uploadedSecrets, withSecretsFile } from './environment.ts';
import { journalAt, lockAt, refuseUnlanded } from './git.ts';
import { type Landed, parseLock } from './migration-lock.ts';
import { compareProgram } from './program-check.ts';
import { type DeployedVersion, planMigrations, rollbackRefusals, uploadWay } from './release-rules.ts';
import { keptSecrets, settingProblems } from './settings-check.ts';
import { showResult } from './show.ts';
import { smoke } from './smoke.ts';
import { deployVersions, servedVersion, versionMadeBy, wrangler } from './wrangler.ts';

/** What one deployment knows, and learns on its way. */
export interface Release {
  readonly environment: Environment;
  readonly values: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly subject: string;
  /** Null before the first deployment; undefined until it was asked. */
  served?: DeployedVersion | null;
  /** The uploaded version; undefined until there is one. */
  uploaded?: string;
}

/** One step of a deployment. */
export interface Step {
  readonly name: string;
  /** What has to be there: nothing but this machine, the environment's values, or the account on Cloudflare as well. */
  readonly needs: 'machine' | 'values' | 'account';
  /** What it does, a line each. */
  readonly does: (release: Release) => readonly string[];
  readonly run: (release: Release) => Promise<void>;
}

const lockHere = (): readonly Landed[] => parseLock(readFileSync(join(root, 'migrations.lock'), 'utf8'));

/** @throws where it is not known on this machine. */
function valueOf({ values, environment }: Release, ...names: readonly string[]): string {
  const name = names.find((candidate) => values[candidate] !== undefined);
  if (name !== undefined) return values[name] ?? '';
  throw new Error(`${names.join(' or ')} is not known: set it in the shell or in ${secretsFileOf(environment.name)}`);
}

const servedLock = ({ served }: Release): readonly Landed[] | null =>
  served === null || served === undefined ? null : lockAt(served.commit);

const envFlags = ({ environment }: Release): readonly string[] => ['--env', environment.name];

/** A version carries its commit. */
const uploadFlags = (release: Release): readonly string[] => {
  const { commit, subject } = release;
  return [...envFlags(release), '--var', `VERSION:${commit}`, '--tag', commit, '--message', subject];
};

/** Does something with the flags that take the secrets of this machine up with a version; without any the worker keeps those it has. */
function withSecrets<T>({ environment }: Release, work: (flags: readonly string[]) => Promise<T>): Promise<T> {
  const given = uploadedSecrets(secretsFileOf(environment.name));
  if (Object.keys(given).length === 0) return work([]);
  return withSecretsFile(given, (file) => work(['--secrets-file', file]));
}

const check: Step = {
  name: 'check',
  needs: 'machine',
  does: () => ['the checkout is a commit of origin/main, without changes', 'npm run check'],
  run: async () => {
    refuseUnlanded();
    if ((await runChecks()).failed > 0) throw new Error('The checks fail.');
  },
};

const settings: Step = {
  name: 'settings',
  needs: 'account',
  does: ({ environment }) => [
    `variables and secrets of ${environment.name} are complete and well-formed: here, or kept on Cloudflare (wrangler secret list)`,
  ],
  run: async ({ environment, values }) => {
    const strange = strangeNames(secretsFileOf(environment.name));
    if (strange.length > 0) throw new Error(`${strange.join(', ')}: no secret has this name (docs/deploying.md)`);
    const problems = settingProblems(values, await keptSecrets(wrangler, environment.name));
    if (problems.length > 0)
      throw new Error(`The worker would not start: ${problems.map(({ name }) => name).join(', ')}. npm run doctor`);
  },
};

const build: Step = {
  name: 'build',
  needs: 'machine',
  does: ({ environment }) => [`npm run build -- ${environment.origin} --network ${environment.network}`],
  run: async ({ environment, values }) => {
    const { USDC_MINT: mint } = values;
    const flags = ['--network', environment.network, '--sign-in-domain', environment.webHost];
    const args = [
      'scripts/build.ts',
      environment.origin,
      ...flags,
      ...(mint === undefined ? [] : ['--usdc-mint', mint]),
    ];
    const { code, output } = await runNode(args, { capture: true });
    if (code !== 0) throw new Error(`The terminal does not build:\n${output}`);
  },
};

const bundle: Step = {
  name: 'bundle',
  needs: 'machine',
  does: (release) => [`wrangler deploy --dry-run ${envFlags(release).join(' ')}`],
  run: async (release) => {
    const said = await wrangler(['deploy', '--dry-run', ...envFlags(release)]);
    console.log(`  ${/Total Upload:.*/.exec(said)?.[0] ?? 'bundled'}`);
  },
};

const served: Step = {
  name: 'served version',
  needs: 'account',
  does: ({ environment }) => [`wrangler deployments status --env ${environment.name}`],
  run: async (release) => {
    release.served = await servedVersion(release.environment.name);
    console.log(
      `  ${release.served === null ? 'none: this is the first deployment' : `commit ${release.served.commit}`}`,
    );
  },
};

const migrate: Step = {
  name: 'migrate',
  needs: 'account',
  does: () => [
    'the database: what expands now; what contracts once the version that serves was built with it',
    'the objects migrate by themselves when they wake under the new version, and only expand',
  ],
  run: async (release) => {
    const databaseUrl = valueOf(release, 'DATABASE_OWNER_URL', 'DATABASE_URL');
    const [here, there] = [lockHere(), servedLock(release)];
    const older = release.served?.commit;
    const journals = [readJournal(), ...(older === undefined ? [] : [journalAt(older)])];
    const applied = await appliedMigrations(databaseUrl, journals);
    // An older commit is deployed like a newer one, and goes back behind the same things as a rollback.
    const refusals = rollbackRefusals(here, there ?? [], applied);
    if (refusals.length > 0) throw new Error(refusals.join('\n'));
    const plan = planMigrations(here, applied, there);
    await applyMigrations(databaseUrl, plan.apply);
    console.log(`  applied: ${plan.apply.join(', ') || 'nothing was pending'}`);
    if (plan.held.length > 0) console.log(`  waits for the next deployment: ${plan.held.join(', ')}`);
  },
};

const program: Step = {
  name: 'program',
  needs: 'values',
  does: ({ environment }) => [
    `the program deployed on ${environment.network} is the committed artifact, byte for byte`,
  ],
  run: async (release) => {
    const state = await compareProgram(valueOf(release, 'RPC_URL'), valueOf(release, 'PROGRAM_ID'));
    if (state.state === 'missing')
      throw new Error('The program is not deployed: npm run network:init (docs/deploying.md)');
    if (state.state === 'different')
      throw new Error(`Another program is deployed: ${state.deployed ?? ''}, committed is ${state.committed}`);
    console.log(`  ${state.committed}`);
  },
};

const upload: Step = {
  name: 'upload',
  needs: 'account',
  does: (release) => [
    `wrangler versions upload ${uploadFlags(release).slice(0, 6).join(' ')} …`,
    'first deployment, or changed classes of objects: wrangler deploy, which serves at once (the platform takes them only so)',
  ],
  run: async (release) => {
    const way = uploadWay(lockHere(), servedLock(release));
    const command = way === 'deploy' ? ['deploy'] : ['versions', 'upload'];
    release.uploaded = await withSecrets(release, (flags) =>
      versionMadeBy([...command, ...uploadFlags(release), ...flags]),
    );
    console.log(`  version ${release.uploaded}${way === 'deploy' ? ', serving' : ''}`);
  },
};

/** Puts the version that served before this deployment back. @throws when there is none. */
export async function putBack(release: Release): Promise<void> {
  const { served: before } = release;
  if (before === null || before === undefined) throw new Error('There is no version before this one.');
  await deployVersions(release.environment.name, { [before.id]: 100 }, `back to ${before.commit}`);
}

async function smokeOf({ environment, commit }: Release, versionId: string | null): Promise<boolean> {
  const headers: Readonly<Record<string, string>> =
    versionId === null ? {} : { 'Cloudflare-Workers-Version-Overrides': `${environment.worker}="${versionId}"` };
  return smoke({ origin: environment.origin, headers, version: commit, network: environment.network }, showResult);
}

const tryOut: Step = {
  name: 'try out',
  needs: 'account',
  does: ({ environment }) => [
    'wrangler versions deploy OLD@100% NEW@0%: nobody reaches the new version but who names it',
    `npm run smoke -- ${environment.origin} --worker ${environment.worker} --version-id NEW`,
  ],
  run: async (release) => {
    const { served: before, uploaded } = release;
    if (before === null || before === undefined || uploaded === undefined) return console.log('  it serves already');
    if (uploadWay(lockHere(), servedLock(release)) === 'deploy') return console.log('  it serves already');
    const now = await servedVersion(release.environment.name);
    if (now?.id !== before.id)
      throw new Error(
        `Somebody else deployed meanwhile: ${now?.commit ?? 'nothing'} serves. Look there, then run this again.`,
      );
    await deployVersions(release.environment.name, { [before.id]: 100, [uploaded]: 0 }, `trying ${release.commit}`);
    if (await smokeOf(release, uploaded)) return;
    await putBack(release);
    throw new Error('The new version fails its smoke test. Nobody was served by it.');
  },
};

const promote: Step = {
  name: 'promote',
  needs: 'account',
  does: ({ environment }) => [
    'wrangler versions deploy NEW@100%',
    'wrangler triggers deploy: domain, cron and queue consumers, which no version carries',
    `npm run smoke -- ${environment.origin}; when it fails, the version before is put back`,
  ],
  run: async (release) => {
    const { uploaded } = release;
    if (uploaded === undefined) throw new Error('Nothing was uploaded.');
    const way = uploadWay(lockHere(), servedLock(release));
    if (way === 'version') {
      await deployVersions(release.environment.name, { [uploaded]: 100 }, release.subject);
      await wrangler(['triggers', 'deploy', ...envFlags(release)]);
    }
    if (await smokeOf(release, null)) return;
    if (way === 'deploy')
      throw new Error('The new version fails its smoke test, and there is none to go back to: go forward with a fix.');
    await putBack(release);
    throw new Error('The new version fails its smoke test; the one before serves again.');
  },
};

const web: Step = {
  name: 'web',
  needs: 'account',
  does: ({ environment, commit }) => [
    `wrangler pages deploy web/dist --project-name ${environment.worker} --branch main --commit-hash ${commit}`,
  ],
  run: async ({ environment, commit, subject }) => {
    const project = ['--project-name', environment.worker, '--branch', 'main'];
    await wrangler(['pages', 'deploy', 'web/dist', ...project, '--commit-hash', commit, '--commit-message', subject]);
  },
};

/** A deployment, in its order. */
export const deploySteps: readonly Step[] = [
  ...[check, settings, build, bundle, served, migrate, program, upload, tryOut, promote, web],
];
