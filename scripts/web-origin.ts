import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { deploymentFlags, parseDeployment, pointAtExchange } from './lib/web-deployment.ts';

// `npm run web:origin -- https://api.quantdesk.com`: points the built terminal in web/dist at that exchange; without an address, at its own origin.
// `--network`, `--usdc-mint` and `--sign-in-domain` say what it signs for; without them that stays as it was.
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: deploymentFlags });
  const deployment = parseDeployment(positionals[0] ?? '', values);
  pointAtExchange(join(root, 'web', 'dist'), deployment);
  const { apiOrigin } = deployment;
  console.log(apiOrigin === '' ? 'web/dist talks to its own origin' : `web/dist talks to ${apiOrigin}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
