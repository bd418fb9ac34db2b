import { setTimeout as sleep } from 'node:timers/promises';
import { MARKETS } from '#shared/markets.ts';
import { ChannelRecord } from '../soak/channel-record.ts';
import { type Faults, Listener, noFaults } from '../soak/listener.ts';
import { runSoak, type SoakResult } from '../soak/soak.ts';
import { HttpCaller, type HttpTrader } from '../support/http-caller.ts';
import { type LoadExchange, startLoadExchange } from './exchange.ts';
import { spreadOf } from './figures.ts';
import { loadAverage } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { cpuShares, openTraders, runStep, settleTraders, type Traders } from './traders.ts';
import { balanceFindings, compareWithChain } from './truth.ts';

const tradersCount = { short: 10, long: 50 };
const socketsPerTrader = 4;
/** Sockets of all markets together; those of the accounts come on top. */
const steps = { short: [90], long: [300, 900, 1_800, 3_600] };
const stepSeconds = { short: 15, long: 40 };
/** Traders are asked for this long at a time, until the sockets are done. */
const tradingSeconds = 10;
const tailMs = 3_000;
const settleMsMax = 240_000;

interface SocketStep {
  readonly marketSockets: number;
  readonly accountSockets: number;
  readonly markets: readonly SoakResult[];
  readonly accounts: AccountResult;
  readonly cpu: Readonly<Record<string, number>>;
  readonly load: number | null;
}

interface AccountResult {
  readonly faults: Faults;
  /** Updates that some socket of a trader received and another one of his did not. */
  readonly lost: number;
  readonly differing: number;
  readonly delivered: number;
}

/** Sockets on every market and on traders' accounts while they trade: each message once, in order, in the same bytes. */
export const socketsScenario: Scenario = async ({ isShort, say }) => {
  const size = isShort ? 'short' : 'long';
  const exchange = await startLoadExchange();
  const caller = new HttpCaller(exchange.url);
  try {
    const traders = await openTraders(caller, tradersCount[size]);
    const results: SocketStep[] = [];
    for (const sockets of steps[size]) {
      const result = await socketStep(exchange, traders, sockets, stepSeconds[size]);
      results.push(result);
      say(JSON.stringify(row(result)));
    }
    const truth = await compareWithChain(exchange, await settleTraders(caller, traders), settleMsMax);
    const balances = await balanceFindings(exchange, caller, traders.accounts);
    return {
      notes: [`${truth.fills} fills; vault ${truth.vault} USDC; agreed after ${truth.settledSeconds.toFixed(0)} s`],
      tables: [{ title: 'By step', rows: results.map(row) }],
      findings: [...results.flatMap(faultsOf), ...truth.findings, ...balances],
    };
  } finally {
    caller.close();
    await exchange.close();
  }
};

async function socketStep(
  exchange: LoadExchange,
  traders: Traders,
  sockets: number,
  seconds: number,
): Promise<SocketStep> {
  const listening = await listenToAccounts(exchange, traders.accounts);
  const before = exchange.use();
  const startedAtMs = performance.now();
  const { webSocketUrl, hermesUrl } = exchange;
  const soaks = MARKETS.map(({ symbol, feedId }) =>
    runSoak({
      ...{ webSocketUrl, hermesUrl, symbol, feedId, seconds, processes: 1 },
      sockets: Math.ceil(sockets / MARKETS.length),
    }),
  );
  let isOver = false;
  const trading = (async () => {
    while (!isOver) await runStep(exchange, traders, traders.scripts.length, tradingSeconds);
  })();
  const [markets] = await Promise.all([Promise.all(soaks).finally(() => (isOver = true)), trading]);
  const took = (performance.now() - startedAtMs) / 1_000;
  const cpu = cpuShares(before, exchange.use(), took);
  await sleep(tailMs);
  const accounts = listening.end();
  const accountSockets = traders.accounts.length * socketsPerTrader;
  return { marketSockets: sockets, accountSockets, markets, accounts, cpu, load: loadAverage() };
}

/** Several sockets of each trader, which must hear the same. */
async function listenToAccounts(
  { webSocketUrl }: LoadExchange,
  accounts: readonly HttpTrader[],
): Promise<{ end(): AccountResult }> {
  const faults = noFaults();
  const records = accounts.map(() => new ChannelRecord());
  const listeners: Listener[] = [];
  for (const [index, { token }] of accounts.entries()) {
    const own = new Map([['orders', records[index] as ChannelRecord]]);
    const options = { url: `${webSocketUrl}/ws/account`, channels: ['orders'], records: own, faults, token };
    const opened = Array.from({ length: socketsPerTrader }, () => new Listener(options));
    listeners.push(...opened);
    await Promise.all(opened.map(({ ready }) => ready));
  }
  return {
    end: () => {
      for (const listener of listeners) listener.close();
      const messages = records.flatMap((record) => record.messages());
      return {
        faults: { ...faults },
        lost: messages.reduce((sum, { count }) => sum + socketsPerTrader - count, 0),
        differing: records.reduce((sum, record) => sum + record.differing, 0),
        delivered: messages.reduce((sum, { count }) => sum + count, 0),
      };
    },
  };
}

/** What must be zero, by name. */
function sums({ markets, accounts }: SocketStep): Record<string, number> {
  const total = (pick: (result: SoakResult) => number): number => markets.reduce((sum, soak) => sum + pick(soak), 0);
  const faults = Object.keys(noFaults()) as (keyof Faults)[];
  return {
    lost: total(({ lost }) => lost) + accounts.lost,
    untold: total(({ untold }) => untold),
    differing: total(({ differing }) => differing) + accounts.differing,
    ...Object.fromEntries(faults.map((name) => [name, total((soak) => soak.faults[name]) + accounts.faults[name]])),
  };
}

const faultsOf = (step: SocketStep): string[] =>
  Object.entries(sums(step)).flatMap(([name, count]) =>
    count === 0 ? [] : [`${step.marketSockets + step.accountSockets} sockets: ${name} ${count}`],
  );

function row(step: SocketStep): Record<string, string | number> {
  const lag = spreadOf(step.markets.flatMap(({ lastSocketMs }) => lastSocketMs));
  const seconds = step.markets[0]?.seconds ?? Number.NaN;
  const delivered = step.markets.flatMap((soak) => Object.values(soak.delivered)).reduce((a, b) => a + b, 0);
  const { lost, untold, differing, gaps, reorders, duplicates, resets, closes, errors } = sums(step);
  return {
    'sockets of markets + accounts': `${step.marketSockets.toLocaleString('en-US')} + ${step.accountSockets}`,
    'messages /s': Math.round(delivered / seconds),
    'tick → last socket p50 / p95 / p99 ms': [lag.p50, lag.p95, lag.p99].map(Math.round).join(' / '),
    'account messages': step.accounts.delivered,
    'lost, untold, differing': `${lost}, ${untold}, ${differing}`,
    'gaps, reordered, duplicated': `${gaps}, ${reorders}, ${duplicates}`,
    'resets, closes, errors': `${resets}, ${closes}, ${errors}`,
    ...Object.fromEntries(Object.entries(step.cpu).map(([name, share]) => [`${name} CPU`, share.toFixed(2)])),
    'load average': step.load?.toFixed(1) ?? '–',
  };
}
