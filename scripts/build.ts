import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { buildTerminal, firstLoadOf, firstLoadTable } from './lib/web-bundle.ts';
import { deploymentFlags, parseDeployment, pointAtExchange } from './lib/web-deployment.ts';

// `npm run build`: the terminal in web/dist, ready for `wrangler pages deploy web/dist`. It talks to its own origin, or to the exchange named
// after it: `npm run build -- https://api.quantdesk.com`. `npm run web:origin` points a finished build elsewhere.
// `--network`, `--usdc-mint` and `--sign-in-domain` say what it signs for: mainnet and its USDC where they are not given. `--report` names a file for the
// sizes of the first load.
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...deploymentFlags,
    'out-dir': { type: 'string', default: join(root, 'web', 'dist') },
    report: { type: 'string' },
  },
});
try {
  const deployment = parseDeployment(positionals[0] ?? '', flags);
  const { apiOrigin } = deployment;
  const dist = resolve(flags['out-dir']);
  const chunks = await buildTerminal(dist);
  pointAtExchange(dist, deployment);
  const firstLoad = firstLoadOf(chunks);
  console.log(firstLoadTable(firstLoad));
  if (flags.report !== undefined) writeFileSync(flags.report, JSON.stringify(firstLoad));
  console.log(`\n${dist} talks to ${apiOrigin === '' ? 'its own origin' : apiOrigin}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
