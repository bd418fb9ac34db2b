/**
 * `npm run perf:web`: what the production build of the terminal costs a visitor, what moves while a trader's screens load, and what a tick costs
 * with 50 open positions. Writes its tables to test-results/perf-web.md. Fails where something moves after it was shown, or where a tick takes
 * longer than a frame.
 *
 *   npm run perf:web                       all of it
 *   npm run perf:web -- --only returning   the named parts: loads, returning, ticks
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pointAtExchange } from '../../scripts/lib/web-deployment.ts';
import { startExchange } from '../support/running-exchange.ts';
import { buildInto } from '../support/terminal/built-terminal.ts';
import { servePages } from '../support/terminal/pages-server.ts';
import { repeatPositions } from './many-positions.ts';
import { frameMsMax, measureLoads, measureTicks, positionCount } from './measure.ts';
import { startRelay } from './relay.ts';
import { measureReturning } from './returning.ts';

const parts = ['loads', 'returning', 'ticks'];
const { values: flags } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = flags.only?.split(',') ?? parts;
const unknown = wanted.find((part) => !parts.includes(part));
if (unknown !== undefined) throw new Error(`there is no part ${unknown}: name some of ${parts.join(', ')}`);

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-perf-'));
const distDir = join(folder, 'dist');
const exchange = await startExchange({ web: false });
const relay = await startRelay({ target: exchange.apiUrl, port: 0, frame: repeatPositions(positionCount) });
await buildInto(distDir, exchange.apiUrl);
pointAtExchange(distDir, { apiOrigin: relay.url });
// Pages may come from the one address that the exchange allows: there the answers are compressed, as the edge does.
const webPort = Number(new URL(exchange.webUrl).port);
const pagesUrl = `http://127.0.0.1:${webPort + 1_000}`;
const pages = await servePages(distDir, pagesUrl);
const front = await startRelay({ target: pagesUrl, port: webPort });

try {
  const load = wanted.includes('loads') ? await measureLoads(exchange.webUrl) : undefined;
  const returning = wanted.includes('returning') ? await measureReturning(exchange.webUrl, relay.url) : undefined;
  const tick = wanted.includes('ticks') ? await measureTicks(exchange.webUrl, exchange.apiUrl) : undefined;
  const report = `${[load, returning, tick].flatMap((part) => part?.table ?? []).join('\n\n')}\n`;
  mkdirSync('test-results', { recursive: true });
  writeFileSync(join('test-results', 'perf-web.md'), report);
  console.log(`\n${report}`);
  const shifted = [...(load?.shifted ?? []), ...(returning?.shifted ?? [])];
  for (const text of shifted) console.error(`Moved after it was shown: ${text}`);
  if (tick?.slow === true) console.error(`More than one tick in 20 takes longer than a frame of ${frameMsMax} ms.`);
  process.exitCode = shifted.length > 0 || tick?.slow === true ? 1 : 0;
} finally {
  front.close();
  relay.close();
  await pages.close();
  await exchange.close();
  rmSync(folder, { recursive: true, force: true });
}
