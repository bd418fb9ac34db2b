/**
 * What one tick of a market costs with 10,000, 100,000 and 1,000,000 open positions, in the SQLite of a real Durable Object in workerd, against
 * a scan of all of them in the same run. Times are taken outside of workerd, whose own clock stands still while code runs, over many ticks
 * per request, less what an empty request takes.
 *
 *   npx node tests/bench/liquidation-index.ts [--positions 10000,100000,1000000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { unstable_startWorker } from 'wrangler';
import type { TickFigures } from './tick-figures.ts';

const { values: flags } = parseArgs({
  options: {
    positions: { type: 'string', default: '10000,100000,1000000' },
    ticks: { type: 'string', default: '1000' },
  },
});

/** Positions written one by one; the rest are copies of them. */
const filledMax = 10_000;
const copiesPerRequest = 1;
const rowsPerScan = 100_000;
const busyTicks = 200;
const coldRuns = 5;
const runsPerFigure = 5;
const evictionPauseMs = 100;
const attemptsMax = 5;
const attemptPauseMs = 100;
const ticks = Number(flags.ticks);

const state = mkdtempSync(join(tmpdir(), 'quantdesk-bench-'));
const worker = await unstable_startWorker({
  config: 'tests/workers/bench/wrangler.toml',
  dev: { server: { port: 0 }, inspector: false, logLevel: 'none', persist: state, watch: false },
});

/**
 * Milliseconds of one request, and its answer. Workerd closes connections that were idle for 5 s, also those that only waited while a long
 * request kept it busy; the local proxy then loses the next request. It is made again, and only the one that was answered counts.
 */
async function timed<T>(path: string, name: string, query: Record<string, number> = {}) {
  const url = new URL(path, 'http://bench');
  url.searchParams.set('name', name);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
  for (let attempt = 1; ; attempt++) {
    const startedAt = performance.now();
    const response = await worker.fetch(url.href);
    const text = await response.text();
    const ms = performance.now() - startedAt;
    if (response.ok) return { ms, answer: (text === '' ? null : JSON.parse(text)) as T };
    if (attempt === attemptsMax) throw new Error(`${path}: ${response.status} ${text}`);
    await sleep(attemptPauseMs);
  }
}

const ask = async <T>(path: string, name: string, query: Record<string, number> = {}): Promise<T> =>
  (await timed<T>(path, name, query)).answer;

/** The median of several runs of so many ticks: a machine that does other things too shows in the others. */
async function repeated(path: string, name: string, ticksPerRun: number) {
  const runs = [];
  for (let run = 0; run < runsPerFigure; run++) {
    runs.push(await timed<TickFigures>(path, name, { ticks: ticksPerRun }));
  }
  return { ms: median(runs.map(({ ms }) => ms)), answer: (runs.at(-1) as (typeof runs)[number]).answer };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Reads and tests every position, so many rows per request. Times are those of the scan alone. */
async function scanAll(name: string, rowCount: number, requestMs: number) {
  const all = { ms: 0, rowsRead: 0 };
  for (let from = 0; from < rowCount; from += rowsPerScan) {
    const { ms, answer } = await timed<TickFigures>('/scan', name, { from, to: from + rowsPerScan });
    all.ms += ms - requestMs;
    all.rowsRead += answer.rowsRead;
  }
  return all;
}

async function measure(positions: number) {
  const name = `market-${positions}`;
  const fillStartedAt = performance.now();
  let rowCount = await ask<number>('/fill', name, { positions: filledMax });
  const copies = Math.floor(positions / filledMax);
  for (let from = 1; from < copies; from += copiesPerRequest)
    rowCount = await ask<number>('/copy', name, { from, to: Math.min(copies, from + copiesPerRequest) });
  const fillSeconds = (performance.now() - fillStartedAt) / 1_000;
  await ask('/quiet', name, { ticks: 200 });
  const empty: number[] = [];
  for (let i = 0; i < 20; i++) empty.push((await timed('/quiet', name, { ticks: 1 })).ms);
  const request = median(empty);
  const quiet = await repeated('/quiet', name, ticks);
  const busy = await repeated('/busy', name, busyTicks);
  const scan = await scanAll(name, rowCount, request);
  const cold: number[] = [];
  for (let run = 0; run < coldRuns; run++) {
    await ask('/evict', name);
    await sleep(evictionPauseMs);
    cold.push((await timed('/quiet', name, { ticks: 1 })).ms);
  }
  return {
    positions: positions.toLocaleString('en'),
    'quiet tick µs': Math.round(((quiet.ms - request) / ticks) * 1_000),
    'rows read': Number(quiet.answer.rowsRead.toFixed(1)),
    [`tick with ${busy.answer.hits} hits µs`]: Math.round(((busy.ms - request) / busyTicks) * 1_000),
    'its rows': Number(busy.answer.rowsRead.toFixed(1)),
    'first tick after eviction ms': Number(median(cold).toFixed(1)),
    'scan of all ms': Math.round(scan.ms),
    'scan rows': scan.rowsRead,
    'filled s': Math.round(fillSeconds),
  };
}

try {
  const results = [];
  for (const positions of flags.positions.split(',').map(Number)) results.push(await measure(positions));
  console.table(results);
} finally {
  await worker.dispose();
  rmSync(state, { recursive: true, force: true });
}
