import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { pointAtExchange } from './lib/web-deployment.ts';

// `npm run web:origin -- https://api.quantdesk.com`: points the built terminal in web/dist at that exchange; without an address, at its own origin.
const [origin = ''] = process.argv.slice(2);
try {
  pointAtExchange(join(root, 'web', 'dist'), origin);
  console.log(origin === '' ? 'web/dist talks to its own origin' : `web/dist talks to ${origin}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
