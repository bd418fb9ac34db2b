import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ListenersReport } from './listeners.ts';
import { type Faults, noFaults } from './listener.ts';
import { TickTimes } from './tick-times.ts';

export interface SoakOptions {
  readonly webSocketUrl: string;
  readonly hermesUrl: string;
  readonly symbol: string;
  readonly feedId: string;
  readonly sockets: number;
  readonly processes: number;
  readonly seconds: number;
}

export interface SoakResult {
  readonly faults: Faults;
  /** Sockets that got other bytes under a number than others did, within a process or between two. */
  readonly differing: number;
  /** Messages that some socket did not receive, between the last one to join and the end. */
  readonly lost: number;
  /** Ticks on Hermes' stream, in the same span, that no socket was told of. */
  readonly untold: number;
  /** Received, by channel. */
  readonly delivered: Readonly<Record<string, number>>;
  /** From a tick on Hermes' stream to the last socket that was told of it, milliseconds. */
  readonly lastSocketMs: readonly number[];
  readonly seconds: number;
}

const channels = ['price', 'trades', 'stats', 'candles:1m'];
/** Messages of the last moments may be under way when the sockets are asked. */
const tailMs = 2_000;

/** Holds many sockets on a market for a while and says what each of them missed. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { hermesUrl, feedId, processes, sockets, symbol, webSocketUrl } = options;
  const ticks = new TickTimes(hermesUrl, feedId);
  const url = `${webSocketUrl}/ws/market/${symbol}`;
  const each = Math.ceil(sockets / processes);
  const children = Array.from({ length: processes }, () =>
    fork('tests/soak/listeners.ts', [url, String(each), channels.join(',')], { execPath: process.execPath }),
  );
  try {
    await Promise.all(children.map((child) => answerOf(child)));
    const startedAtMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, options.seconds * 1_000));
    const endedAtMs = Date.now();
    const reports = (await Promise.all(
      children.map((child) => {
        child.send('stop');
        return answerOf(child);
      }),
    )) as ListenersReport[];
    return judge(reports, each * processes, { startedAtMs, endedAtMs: endedAtMs - tailMs }, ticks);
  } finally {
    ticks.stop();
    for (const child of children) child.kill();
  }
}

/** The next message of a child. @throws when it ends first. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the clients ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  return message;
}

interface Span {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

function judge(reports: readonly ListenersReport[], sockets: number, span: Span, ticks: TickTimes): SoakResult {
  const faults = noFaults();
  for (const report of reports)
    for (const name of Object.keys(faults) as (keyof Faults)[]) faults[name] += report.faults[name];
  const delivered: Record<string, number> = {};
  const lastSocketMs: number[] = [];
  const told = new Set<string>();
  let lost = 0;
  let differing = reports.reduce((sum, report) => sum + report.differing, 0);
  for (const channel of channels) {
    for (const message of merged(reports, channel)) {
      delivered[channel] = (delivered[channel] ?? 0) + message.count;
      if (message.hashes.size > 1) differing += 1;
      if (message.tick !== null) told.add(message.tick);
      if (message.lastAtMs < span.startedAtMs || message.lastAtMs > span.endedAtMs) continue;
      lost += sockets - message.count;
      const tickAtMs = message.tick === null ? undefined : ticks.at(message.tick);
      if (tickAtMs !== undefined) lastSocketMs.push(message.lastAtMs - tickAtMs);
    }
  }
  const untold = ticks.within(span.startedAtMs, span.endedAtMs).filter((tick) => !told.has(tick)).length;
  const seconds = (span.endedAtMs - span.startedAtMs) / 1_000;
  return { faults, differing, lost, untold, delivered, lastSocketMs, seconds };
}

interface MergedMessage {
  count: number;
  lastAtMs: number;
  readonly tick: string | null;
  readonly hashes: Set<string>;
}

/** The messages of a channel as all processes received them. */
function merged(reports: readonly ListenersReport[], channel: string): Iterable<MergedMessage> {
  const messages = new Map<number, MergedMessage>();
  for (const { seq, count, lastAtMs, hash, tick } of reports.flatMap((report) => report.channels[channel] ?? [])) {
    const message = messages.get(seq) ?? { count: 0, lastAtMs: 0, tick, hashes: new Set<string>() };
    messages.set(seq, message);
    message.count += count;
    message.lastAtMs = Math.max(message.lastAtMs, lastAtMs);
    message.hashes.add(hash);
  }
  return messages.values();
}
