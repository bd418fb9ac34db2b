import { parseArgs } from 'node:util';
import { messageOf } from './deploy/attempt.ts';
import { smoke } from './deploy/smoke.ts';
import { showResult } from './deploy/show.ts';

// `npm run smoke -- http://127.0.0.1:8787`: looks at a running exchange from outside, and changes nothing. `--version` and `--network` say what it
// has to call itself, `--worker` and `--version-id` ask one version of a worker on Cloudflare, also one that serves nobody else.
try {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      version: { type: 'string' },
      network: { type: 'string' },
      worker: { type: 'string' },
      'version-id': { type: 'string' },
    },
  });
  const [origin = ''] = positionals;
  if (!URL.canParse(origin)) throw new Error('Give the address of an exchange: npm run smoke -- http://127.0.0.1:8787');
  const { worker, 'version-id': versionId, version, network } = flags;
  if ((worker === undefined) !== (versionId === undefined)) throw new Error('--worker and --version-id go together.');
  const headers = worker === undefined ? {} : { 'Cloudflare-Workers-Version-Overrides': `${worker}="${versionId}"` };
  const target = {
    ...{ origin: new URL(origin).origin, headers },
    ...(version === undefined ? {} : { version }),
    ...(network === undefined ? {} : { network }),
  };
  process.exitCode = (await smoke(target, showResult)) ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
