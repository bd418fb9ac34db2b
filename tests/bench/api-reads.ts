/**
 * How long reads over HTTP take, beside a worker that answers a constant of the same size: one after the other, in turn, on one machine.
 *
 *   npx node tests/bench/api-reads.ts --reads 150
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { quote, QUOTE_SCALE } from '#shared/money/units.ts';
import { openFundedAccount } from '../../examples/funded-account.ts';
import { startWorker, startWorkerd } from '../support/running-worker.ts';
import { summary } from './summary.ts';

const { values: flags } = parseArgs({ options: { reads: { type: 'string', default: '150' } } });
const reads = Number(flags.reads);
/** Reads that are not counted: connections, caches and the compiler warm up. */
const warmUps = 20;

const exchange = await startWorker();
const { token } = await openFundedAccount(exchange.url, quote(1_000n * QUOTE_SCALE));

const routes = {
  'GET markets': '/api/market/markets',
  'GET prices': '/api/market/prices',
  'GET candles': '/api/market/candles?symbol=SOL-PERP&interval=1m',
  'GET orders': '/api/trading/orders',
  'GET positions': '/api/trading/positions',
};

async function read(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return text;
}

async function timed(url: string): Promise<number> {
  const startedAt = performance.now();
  await read(url);
  return performance.now() - startedAt;
}

console.log(
  `${reads} reads of each, one after the other, in turn with a worker that answers the same bytes from memory`,
);
for (const [name, path] of Object.entries(routes)) {
  const url = `${exchange.url}${path}`;
  const bare = await startWorkerd(0, {
    name: 'constant',
    script: readFileSync('tests/bench/bare-object.js', 'utf8'),
    bindings: { CONSTANT: await read(url), STREAM_URL: '' },
    durableObjects: { ROOM: 'BareObject' },
  });
  const [ours, constant]: [number[], number[]] = [[], []];
  for (let i = 0; i < warmUps + reads; i++) {
    const pair = [await timed(url), await timed(`${bare.url}/constant`)] as const;
    if (i < warmUps) continue;
    ours.push(pair[0]);
    constant.push(pair[1]);
  }
  console.log(summary(name, ours));
  console.log(summary(`${' '.repeat(name.length)} as a constant`, constant));
  await bare.close();
}
await exchange.close();
process.exit(0);
