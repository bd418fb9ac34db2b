import autocannon from 'autocannon';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../chaos/load.ts';
import { type HttpCaller, openFunded, type HttpTrader } from '../support/http-caller.ts';
import { type LoadExchange, partNames, type Use } from './exchange.ts';
import { saturation, spreadOf, tally } from './figures.ts';
import { mix, requestsPerSecond } from './mix.ts';
import { loadAverage } from './processes.ts';
import { type AskedOrder, type ScriptRequest, TraderScript } from './trader-script.ts';

const depositUsdc = 2_000;
const openingsAtOnce = 8;
/** Runs of the generator, at most, that begin one after the other within a second: its connections would all ask at the beginning of each. */
const runsPerStepMax = 20;
const answerSecondsMax = 15;
const retriesMax = 5;

interface Sample {
  readonly operation: ScriptRequest['operation'];
  readonly ms: number;
  readonly status: number;
  readonly code: string | null;
  readonly stage: string | null;
}

export interface StepResult {
  readonly traders: number;
  readonly offered: number;
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly unanswered: number;
  readonly cpu: Readonly<Record<string, number>>;
  readonly load: number | null;
  readonly saturated: string | null;
}

export interface Traders {
  readonly scripts: readonly TraderScript[];
  readonly accounts: readonly HttpTrader[];
  /** How long it took to open them, seconds. */
  readonly openedSeconds: number;
}

/** Signs in, funds and opens so many traders. */
export async function openTraders(caller: HttpCaller, count: number): Promise<Traders> {
  const startedAtMs = Date.now();
  const accounts: HttpTrader[] = [];
  const open = async (): Promise<void> => {
    while (accounts.length < count) {
      const place = accounts.push(null as unknown as HttpTrader) - 1;
      accounts[place] = await openFunded(caller, depositUsdc);
    }
  };
  await Promise.all(Array.from({ length: openingsAtOnce }, open));
  const { body } = await caller.json<{ symbol: string; price: number }[]>('GET', '/api/market/prices');
  const prices = Object.fromEntries(body.map(({ symbol, price }) => [symbol, price]));
  const scripts = accounts.map(
    ({ wallet, token }, index) => new TraderScript(wallet.address, token, index, prices, seeded(index + 1)),
  );
  return { scripts, accounts, openedSeconds: (Date.now() - startedAtMs) / 1_000 };
}

/** Offers what `traders` would ask for, by as many scripts as there are, for so long; says what came of it. */
export async function runStep(
  exchange: LoadExchange,
  { scripts }: Traders,
  traders: number,
  seconds: number,
): Promise<StepResult> {
  const wanted = requestsPerSecond(traders);
  const runsPerStep = Math.min(runsPerStepMax, scripts.length, Math.max(1, Math.floor(wanted)));
  const offered = Math.max(1, Math.round(wanted / runsPerStep)) * runsPerStep;
  const samples: Sample[] = [];
  let unanswered = 0;
  const before = exchange.use();
  const startedAtMs = performance.now();
  const perRun = offered / runsPerStep;
  const runs = Array.from({ length: runsPerStep }, async (_, run) => {
    await sleep((run * 1_000) / runsPerStep);
    const own = scripts.filter((_script, index) => index % runsPerStep === run);
    unanswered += await cannon(exchange.url, own, perRun, seconds, samples);
  });
  await Promise.all(runs);
  const took = (performance.now() - startedAtMs) / 1_000;
  const reads = samples.filter(({ operation }) => mix.some((e) => e.operation === operation && !e.isCommand));
  const failed = samples.filter(({ status }) => status >= 500).length + unanswered;
  const saturated = saturation({
    offered,
    answered: samples.length / seconds,
    readP95Ms: spreadOf(reads.map(({ ms }) => ms)).p95,
    failedShare: failed / Math.max(1, samples.length + unanswered),
  });
  const cpu = cpuShares(before, exchange.use(), took);
  return { traders, offered, seconds, samples, unanswered, cpu, load: loadAverage(), saturated };
}

/** Processors that each part kept busy. */
export function cpuShares(before: Use, after: Use, seconds: number): Record<string, number> {
  return Object.fromEntries(partNames.map((name) => [name, (after[name].seconds - before[name].seconds) / seconds]));
}

/** One run of the generator: its connections ask for the traders given in turn, each trader always on the same one. Answers how many were not answered. */
async function cannon(
  url: string,
  scripts: readonly TraderScript[],
  perSecond: number,
  seconds: number,
  samples: Sample[],
): Promise<number> {
  const connections = Math.min(scripts.length, perSecond);
  const byConnection = Array.from({ length: connections }, (_, at) =>
    scripts.filter((_script, index) => index % connections === at),
  );
  let next = 0;
  let unanswered = 0;
  const setupClient = (client: autocannon.Client): void => {
    const speaker = speak(byConnection[next++] ?? [], samples, () => unanswered++);
    client.setRequests([speaker]);
  };
  const options = {
    url,
    connections,
    overallRate: perSecond,
    duration: seconds,
    timeout: answerSecondsMax,
    setupClient,
  };
  await autocannon({ ...options, excludeErrorStats: false } as autocannon.Options);
  return unanswered;
}

/** The request of a connection: another one each time, of the next of its traders. */
function speak(scripts: readonly TraderScript[], samples: Sample[], onUnanswered: () => void): autocannon.Request {
  let turn = 0;
  let under: { script: TraderScript; request: ScriptRequest; atMs: number } | null = null;
  return {
    setupRequest: (defaults: autocannon.Request) => {
      if (under !== null) onUnanswered();
      const script = scripts[turn++ % scripts.length] as TraderScript;
      const request = script.next();
      under = { script, request, atMs: performance.now() };
      const { method, path, headers, body } = request;
      return { ...defaults, method, path, headers: { ...headers }, body };
    },
    onResponse: (status: number, text: string) => {
      if (under === null) return;
      const { script, request, atMs } = under;
      under = null;
      script.hear(request, status, text);
      samples.push({
        operation: request.operation,
        ms: performance.now() - atMs,
        status,
        ...said(request, status, text),
      });
    },
  } as autocannon.Request;
}

/** Code of a refusal; stage of an order. */
function said(request: ScriptRequest, status: number, text: string): Pick<Sample, 'code' | 'stage'> {
  if (status >= 400) return { code: /"code":"(\w+)"/.exec(text)?.[1] ?? `HTTP ${status}`, stage: null };
  return { code: null, stage: request.key === null ? null : (/"stage":"(\w+)"/.exec(text)?.[1] ?? null) };
}

/** Asks what became of requests that had no answer, takes every order back that rests, and gives all that was asked for. */
export async function settleTraders(caller: HttpCaller, { scripts, accounts }: Traders): Promise<AskedOrder[]> {
  for (const [index, script] of scripts.entries()) {
    const { token } = accounts[index] as HttpTrader;
    for (const order of script.asked.filter(({ orderId }) => orderId === undefined)) {
      const path = `/api/trading/commands/${order.key}`;
      const { status, body } = await patient(() =>
        caller.json<{ order?: { order_id: string } | null }>('GET', path, { token }),
      );
      // Not known: the request never arrived, and has no effect.
      if (status === 404) order.orderId = null;
      else if (status === 200) order.orderId = body.order?.order_id ?? null;
    }
    const headers = { 'idempotency-key': `end-${script.address}` };
    await patient(() => caller.json('DELETE', '/api/trading/orders', { token, headers }));
  }
  return scripts.flatMap(({ asked }) => asked);
}

/** Again where a limit or a part of the exchange says to wait. */
async function patient<Answer extends { status: number; headers: Record<string, unknown> }>(
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    if ((answer.status !== 429 && answer.status < 500) || attempt === retriesMax) return answer;
    await sleep(Number(answer.headers['retry-after'] ?? 1) * 1_000);
  }
}

/** A line of the load table. */
export function stepRow(step: StepResult): Record<string, string | number> {
  const of = (...names: string[]): number[] =>
    step.samples.filter(({ operation }) => names.includes(operation)).map(({ ms }) => ms);
  const reads = spreadOf(of('markets', 'candles', 'positions', 'balance', 'orders', 'preview'));
  const writes = spreadOf(of('limit', 'amend', 'cancel', 'cancel-after'));
  const filled = step.samples.filter(({ stage }) => stage === 'filled');
  const fills = spreadOf(filled.map(({ ms }) => ms));
  const late = step.samples.filter(
    ({ operation, stage }) => /open|close/.test(operation) && stage !== null && stage !== 'filled',
  );
  const triple = ({ p50, p95, p99 }: { p50: number; p95: number; p99: number }): string =>
    [p50, p95, p99].map((ms) => (Number.isFinite(ms) ? Math.round(ms).toLocaleString('en-US') : '–')).join(' / ');
  return {
    traders: step.traders.toLocaleString('en-US'),
    'offered, answered /s': `${step.offered}, ${Math.round(step.samples.length / step.seconds)}`,
    'reads p50 / p95 / p99 ms': triple(reads),
    'commands p50 / p95 / p99 ms': triple(writes),
    'POST → filled p50 / p95 / p99 ms': triple(fills),
    'filled; later than 3 s': `${filled.length}; ${late.length}`,
    'refused, unanswered': `${refusals(step) || '0'}, ${step.unanswered}`,
    ...Object.fromEntries(Object.entries(step.cpu).map(([name, share]) => [`${name} CPU`, share.toFixed(2)])),
    'load average': step.load?.toFixed(1) ?? '–',
    'kept up': step.saturated ?? 'yes',
  };
}

const refusals = ({ samples }: StepResult): string =>
  Object.entries(tally(samples.flatMap(({ code }) => code ?? [])))
    .map(([code, count]) => `${code} ${count}`)
    .join(' ');

/** By operation, of one step. */
export function operationRows({ samples }: StepResult): Record<string, string | number>[] {
  return mix.map(({ operation, perMinute }) => {
    const own = samples.filter((sample) => sample.operation === operation);
    const { n, p50, p95, p99 } = spreadOf(own.map(({ ms }) => ms));
    const codes = Object.entries(tally(own.flatMap(({ code }) => code ?? [])));
    return {
      operation,
      'per trader and minute': perMinute,
      ...{ n, 'p50 ms': p50, 'p95 ms': p95, 'p99 ms': p99 },
      refused: codes.map(([code, count]) => `${code} ${count}`).join(' ') || '0',
    };
  });
}
