/**
 * `npm run fuzz:api -- --cases 20000 --seed 7 [--only /api/trading] [--survey] [--url http://127.0.0.1:8787]`: requests made from
 * `/openapi.json` against the exchange; without `--url` one of its own.
 */
import { parseArgs } from 'node:util';
import { startWorker } from '#support/running-worker.ts';
import { fuzz, survey } from './fuzz.ts';

const { values: flags } = parseArgs({
  options: {
    cases: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    survey: { type: 'boolean', default: false },
    url: { type: 'string' },
  },
});
const worker = flags.url === undefined ? await startWorker() : null;
const options = {
  url: flags.url ?? worker?.url ?? '',
  cases: Number(flags.cases),
  seed: Number(flags.seed),
  only: flags.only,
};
try {
  const startedAt = performance.now();
  if (flags.survey) {
    for (const [kind, [times, sent, answer]] of await survey(options)) {
      console.log(`${times} × ${kind}\n    ${JSON.stringify(sent).slice(0, 600)}\n    ${answer.slice(0, 300)}`);
    }
  } else {
    console.log(JSON.stringify(await fuzz(options)));
  }
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s, seed ${options.seed}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await worker?.close();
}
