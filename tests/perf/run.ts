/**
 * `npm run perf:web`: what the production build of the terminal costs a visitor, and what a tick costs with 50 open positions. Writes its tables
 * to test-results/perf-web.md. Fails where something moves after it was shown, or where a tick takes longer than a frame.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pointAtExchange } from '../../scripts/lib/web-deployment.ts';
import { startExchange } from '../support/running-exchange.ts';
import { buildInto } from '../support/terminal/built-terminal.ts';
import { servePages } from '../support/terminal/pages-server.ts';
import { repeatPositions } from './many-positions.ts';
import { frameMsMax, measureLoads, measureTicks, positionCount } from './measure.ts';
import { startRelay } from './relay.ts';

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
  const load = await measureLoads(exchange.webUrl);
  const tick = await measureTicks(exchange.webUrl, exchange.apiUrl);
  const report = `${load.table}\n\n${tick.table}\n`;
  mkdirSync('test-results', { recursive: true });
  writeFileSync(join('test-results', 'perf-web.md'), report);
  console.log(`\n${report}`);
  for (const text of load.shifted) console.error(`Moved after it was shown: ${text}`);
  if (tick.slow) console.error(`More than one tick in 20 takes longer than a frame of ${frameMsMax} ms.`);
  process.exitCode = load.shifted.length > 0 || tick.slow ? 1 : 0;
} finally {
  front.close();
  relay.close();
  await pages.close();
  await exchange.close();
  rmSync(folder, { recursive: true, force: true });
}
