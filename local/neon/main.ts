import { parseArgs } from 'node:util';
import { neonPortDefault, startNeon } from './start.ts';

/**
 * The database of the local exchange: `node local/neon/main.ts [--port 5480] [--data-dir DIR] [--database-url URL]`.
 * Prints one line of JSON when it is ready; ends on SIGINT or SIGTERM.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: String(neonPortDefault) },
    'data-dir': { type: 'string', default: '.quantdesk/neon' },
    'database-url': { type: 'string' },
  },
});

const startedAtMs = performance.now();
const neon = await startNeon({
  port: Number(values.port),
  dataDir: values['data-dir'],
  databaseUrl: values['database-url'] ?? null,
});
const { port, httpEndpoint, databaseUrl } = neon;
const readyMs = Math.round(performance.now() - startedAtMs);
console.log(JSON.stringify({ ready: true, part: 'neon', port, httpEndpoint, databaseUrl, readyMs }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void neon.close().then(() => process.exit(0));
  });
}
