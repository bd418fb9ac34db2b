/**
 * What a market's object can send beside an object that does nothing but send the same bytes: both read the same stream of prices flat out, in
 * turn. Then both at Hermes' pace: from a tick to the last socket.
 *
 *   npx node tests/bench/fan-out.ts --sockets 1000 --rounds 5 --ticks 200
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { marketOf } from '#shared/markets.ts';
import { controlReplay } from '../../examples/replay.ts';
import { startWorker, startWorkerd } from '../support/running-worker.ts';
import { TickTimes } from '../soak/tick-times.ts';
import type { RoundReport } from './fan-out-clients.ts';
import { workerdSeconds } from './processor-time.ts';
import { summary } from './summary.ts';

const { values: flags } = parseArgs({
  options: {
    sockets: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    ticks: { type: 'string', default: '200' },
    calmSeconds: { type: 'string', default: '20' },
  },
});
const sockets = Number(flags.sockets);
const ticks = Number(flags.ticks);
const symbol = 'SOL-PERP';
const controlsAtOnce = 8;
const roundMsMax = 120_000;
/** Between two ticks of 400 ms: whatever the last one caused has been said. */
const quietAfterTickMs = 200;

const exchange = await startWorker();
const before = new Set(workerdSeconds().keys());
const streamUrl = `${exchange.hermesUrl}/v2/updates/price/stream?ids[]=${marketOf(symbol).feedId}&parsed=true`;
const bare = await startWorkerd(0, {
  name: 'bare',
  script: readFileSync('tests/bench/bare-object.js', 'utf8'),
  bindings: { STREAM_URL: streamUrl, CONSTANT: '' },
  durableObjects: { ROOM: 'BareObject' },
});
const bareProcess = [...workerdSeconds().keys()].find((pid) => !before.has(pid));

const marketSocket = `${exchange.webSocketUrl}/ws/market/${symbol}`;
await fetch(bare.url, { method: 'POST', body: await oneUpdate(marketSocket) });

interface Contestant {
  readonly name: string;
  readonly url: string;
  /** Its workerd. */
  readonly pids: readonly number[];
  readonly perSecond: number[];
  /** Messages per second of workerd's own processor time, which what else runs on the machine does not change. */
  readonly perProcessorSecond: number[];
}

const contestants: readonly Contestant[] = [
  entering('the market object', marketSocket, [...before]),
  entering('a bare object', bare.url.replace(/^http/, 'ws'), bareProcess === undefined ? [] : [bareProcess]),
];

for (let round = 0; round <= Number(flags.rounds); round++) {
  for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) await flatOut(contestant, round);
}
console.log(`${sockets} sockets, ${flags.rounds} rounds of ${ticks} ticks flat out, in turn`);
for (const { name, perSecond, perProcessorSecond } of contestants) {
  const byProcessor =
    perProcessorSecond.length === 0 ? '' : `, ${show(middle(perProcessorSecond))} per processor second`;
  console.log(`${name}: ${show(middle(perSecond))} messages/s${byProcessor}`);
}
const [ours, theirs] = contestants;
if (ours !== undefined && theirs !== undefined) {
  const share = (of: 'perSecond' | 'perProcessorSecond') =>
    `${((middle(ours[of]) / middle(theirs[of])) * 100).toFixed(1)} %`;
  console.log(
    `share of the bare object: ${share('perSecond')} by the clock, ${share('perProcessorSecond')} by processor time`,
  );
}

console.log(`at Hermes' pace, ${flags.calmSeconds} s each`);
for (const contestant of contestants)
  console.log(summary(`${contestant.name}, tick → last socket`, await calm(contestant)));

await bare.close();
await exchange.close();
process.exit(0);

/** The bytes of one real message. */
async function oneUpdate(url: string): Promise<string> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send('{"op":"subscribe","channels":["price"]}');
  for (;;) {
    const [data] = (await once(socket, 'message')) as [Buffer];
    if (!String(data).startsWith('{"type":"update"')) continue;
    socket.close();
    return String(data);
  }
}

function entering(name: string, url: string, pids: readonly number[]): Contestant {
  return { name, url, pids, perSecond: [], perProcessorSecond: [] };
}

/** Both read one stream: whoever has no sockets has nothing to send, and leaves the processors to the other. */
async function withSockets<T>(url: string, run: (clients: ChildProcess) => Promise<T>): Promise<T> {
  const clients = fork('tests/bench/fan-out-clients.ts', [url, String(sockets)], { execPath: process.execPath });
  try {
    await once(clients, 'message');
    return await run(clients);
  } finally {
    clients.kill();
    await once(clients, 'exit');
  }
}

async function ask(clients: ChildProcess, command: 'begin' | 'report'): Promise<unknown> {
  clients.send(command);
  return ((await once(clients, 'message')) as [unknown])[0];
}

/** Ticks as fast as the replay gives them, until every socket has all of them. The first round warms up and does not count. */
async function flatOut({ url, pids, perSecond, perProcessorSecond }: Contestant, round: number): Promise<void> {
  const [report, used] = await withSockets(url, (clients) => all(clients, pids));
  if (round === 0) return;
  perSecond.push(report.received / ((report.lastAtMs - report.firstAtMs) / 1_000));
  if (used > 0) perProcessorSecond.push(report.received / used);
}

async function all(clients: ChildProcess, pids: readonly number[]): Promise<[RoundReport, number]> {
  await ask(clients, 'begin');
  const usedBefore = secondsOf(pids);
  for (let sent = 0; sent < ticks; sent += controlsAtOnce)
    await Promise.all(
      Array.from({ length: controlsAtOnce }, () => controlReplay(exchange.hermesUrl, { paused: false })),
    );
  const deadline = Date.now() + roundMsMax;
  for (;;) {
    const report = (await ask(clients, 'report')) as RoundReport;
    if (report.received >= ticks * sockets) return [report, secondsOf(pids) - usedBefore];
    if (Date.now() > deadline) throw new Error(`only ${report.received} of ${ticks * sockets} messages arrived`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** From each tick to the last socket that heard of it. */
async function calm({ url }: Contestant): Promise<number[]> {
  const times = new TickTimes(exchange.hermesUrl, marketOf(symbol).feedId);
  try {
    return await withSockets(url, async (clients) => {
      await times.next();
      await new Promise((resolve) => setTimeout(resolve, quietAfterTickMs));
      await ask(clients, 'begin');
      const from = times.count;
      await new Promise((resolve) => setTimeout(resolve, Number(flags.calmSeconds) * 1_000));
      const { lastSocketAtMs } = (await ask(clients, 'report')) as RoundReport;
      return times.since(from).flatMap((tickAtMs, index) => {
        const lastAtMs = lastSocketAtMs[index];
        return lastAtMs === undefined ? [] : [lastAtMs - tickAtMs];
      });
    });
  } finally {
    times.stop();
  }
}

function secondsOf(pids: readonly number[]): number {
  const seconds = workerdSeconds();
  return pids.reduce((sum, pid) => sum + (seconds.get(pid) ?? 0), 0);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function show(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
