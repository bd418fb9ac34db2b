import { parseArgs } from 'node:util';
import { messageOf } from './deploy/attempt.ts';
import { environmentNamed, knownValues, readEnvironment, withSecretsFile } from './deploy/environment.ts';
import { changedSecrets } from './deploy/changed-secrets.ts';
import { showResult } from './deploy/show.ts';
import { smoke } from './deploy/smoke.ts';
import { deployVersions, newestVersion, servedVersion, wrangler } from './deploy/wrangler.ts';

// `npm run secret -- production SESSION_KEYS`: the version that serves gets this secret (several may be named), as `.secrets.production` or the shell has
// it, and nothing else changes. Looked at before: its form, and that wrangler copies the version that serves and not one that failed.
async function change(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  const [place, ...names] = positionals;
  const environment = readEnvironment(environmentNamed(place));
  const changed = changedSecrets(environment.name, names, knownValues(environment));
  const served = await servedVersion(environment.name);
  if (served === null) throw new Error('Nothing serves yet: the first deployment takes the secrets up.');
  const newest = await newestVersion(environment.name);
  if (newest?.id !== served.id)
    throw new Error(
      `Commit ${newest?.commit ?? ''} was uploaded last, and ${served.commit} serves: the secret would go with the wrong code. ` +
        `Deploy: npm run deploy:${environment.name} takes it up.`,
    );
  const message = `changed ${names.join(', ')}`;
  const flags = ['--tag', served.commit, '--message', message, '--env', environment.name];
  await withSecretsFile(changed, (file) => wrangler(['versions', 'secret', 'bulk', file, ...flags]));
  const made = await newestVersion(environment.name);
  if (made === null || made.id === served.id) throw new Error('No version was made of it: look at Cloudflare.');
  await deployVersions(environment.name, { [made.id]: 100 }, message);
  console.log(`${message}: version ${made.id} of commit ${served.commit} serves`);
  const expected = { origin: environment.origin, version: served.commit, network: environment.network };
  if (await smoke(expected, showResult)) return;
  // Not put back: who changes a secret in an outage has other parts that are unwell, and who changes a stolen one must not get it again.
  throw new Error(
    `It serves, and is not well. Back, with the old secret: npx wrangler versions deploy ${served.id}@100% --env ${environment.name}`,
  );
}

try {
  await change();
} catch (error) {
  console.error(`${messageOf(error)}\nUsage: npm run secret -- staging|production NAME…`);
  process.exitCode = 1;
}
