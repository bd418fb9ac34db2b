import { prepare } from './lib/install.mjs';

// `npm run check`: format, lint, types and everything that would drift unseen. The same in CI.
await prepare();
const { runChecks } = await import('./lib/checks.mjs');
const { failed } = await runChecks();
process.exit(failed === 0 ? 0 : 1);
