import { setTimeout as sleep } from 'node:timers/promises';
import { controlReplay } from '../../examples/replay.ts';
import { Chain } from '../../workers/chain/chain.ts';
import { type Env, readSettings } from '../../workers/env.ts';
import { createPositions } from './crash-positions.ts';
import { type LoadExchange, startLoadExchange } from './exchange.ts';
import { tally } from './figures.ts';
import { readGauges } from './gauges.ts';
import { loadAverage } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { cpuShares } from './traders.ts';
import { compareWithChain } from './truth.ts';

const symbol = 'SOL-PERP';
const positionsCount = { short: 60, long: 10_000 };
const entryUsd = '150';
/** A fall of 12 % between two prices. */
const fallUsd = '132';
const indexedMsMax = 900_000;
const liquidatedMsMax = 1_800_000;
const settleMsMax = 600_000;
const lookEveryMs = 5_000;
/** Lines of the table over time, at most. */
const linesMax = 25;

interface Look {
  readonly seconds: number;
  readonly liquidated: number;
  readonly open: number;
  readonly queued: number;
  readonly queueAge: number;
  readonly backlog: number;
  readonly cpu: Readonly<Record<string, number>>;
}

/** One fall of the price takes every position of a market below its maintenance margin at once. */
export const crashScenario: Scenario = async ({ isShort, positions, say }) => {
  const count = positions ?? positionsCount[isShort ? 'short' : 'long'];
  const exchange = await startLoadExchange();
  try {
    const setPrice = (usd: string): Promise<void> =>
      controlReplay(exchange.hermesUrl, { price: { base: 'SOL', usd, conf: '0.01' } });
    await setPrice(entryUsd);
    await sleep(lookEveryMs);
    const chain = new Chain(readSettings(exchange.variables as unknown as Env));
    const created = await createPositions(chain, symbol, count);
    say(`${count} positions opened on chain in ${created.seconds.toFixed(0)} s`);
    const indexedSeconds = await untilIndexed(exchange, count);
    say(`in the index of the market and in the database ${indexedSeconds.toFixed(0)} s later`);
    await setPrice(fallUsd);
    const looks = await untilLiquidated(exchange, count, say);
    const truth = await compareWithChain(exchange, [], settleMsMax);
    const seconds = looks.at(-1)?.seconds ?? Number.NaN;
    const warnings = tally(exchange.failures().map((line) => /"message":"([^"]*)"/.exec(line)?.[1] ?? line));
    return {
      notes: [
        `${count} positions opened in ${created.seconds.toFixed(0)} s by ${created.transactions} transactions, indexed and projected ${indexedSeconds.toFixed(0)} s later`,
        `${truth.liquidations} liquidations in ${seconds.toFixed(0)} s: ${(truth.liquidations / seconds).toFixed(1)} per second; load average ${loadAverage()}`,
        `bad debt ${truth.badDebt} USDC, insurance paid ${truth.insuranceUsed} USDC; vault ${truth.vault} USDC; agreed after ${truth.settledSeconds.toFixed(0)} s`,
        `warnings of the worker: ${JSON.stringify(warnings)}`,
      ],
      tables: [{ title: 'Over time', rows: thinned(looks).map(rowOf) }],
      findings: [
        ...truth.findings,
        ...(truth.liquidations < count ? [`only ${truth.liquidations} liquidations of ${count} positions`] : []),
      ],
    };
  } finally {
    await exchange.close();
  }
};

/** Seconds until the market's index and the database have every position. */
async function untilIndexed(exchange: LoadExchange, count: number): Promise<number> {
  const startedAtMs = Date.now();
  for (;;) {
    const gauges = await readGauges(exchange.url);
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const isIndexed = gauges.quantdesk_open_positions === count;
    if (isIndexed && gauges.quantdesk_database_backlog_events === 0) return seconds;
    if (Date.now() - startedAtMs > indexedMsMax)
      throw new Error(`${gauges.quantdesk_open_positions} of ${count} positions are in the index after ${seconds} s`);
    await sleep(lookEveryMs / 5);
  }
}

async function untilLiquidated(
  exchange: LoadExchange,
  count: number,
  say: (line: string) => void,
): Promise<readonly Look[]> {
  const startedAtMs = Date.now();
  const looks: Look[] = [];
  let before = { use: exchange.use(), seconds: 0 };
  for (;;) {
    await sleep(count < 1_000 ? lookEveryMs / 5 : lookEveryMs);
    const gauges = await readGauges(exchange.url);
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const use = exchange.use();
    const look = {
      ...{ seconds, liquidated: gauges.quantdesk_liquidations_total ?? 0, open: gauges.quantdesk_open_positions ?? 0 },
      ...{ queued: gauges.quantdesk_risk_queue_depth ?? 0, queueAge: gauges.quantdesk_risk_queue_age_seconds ?? 0 },
      backlog: gauges.quantdesk_database_backlog_events ?? 0,
      cpu: cpuShares(before.use, use, seconds - before.seconds),
    };
    before = { use, seconds };
    looks.push(look);
    say(JSON.stringify(rowOf(look)));
    if (look.queued === 0 && look.liquidated > 0 && (await isNobodyDue(exchange))) return looks;
    if (Date.now() - startedAtMs > liquidatedMsMax) return looks;
  }
}

/** Nobody can be liquidated any more, says the exchange's public list. */
async function isNobodyDue({ url }: LoadExchange): Promise<boolean> {
  const answer = await fetch(`${url}/api/risk/liquidatable?symbol=${symbol}&limit=1`);
  return answer.ok && ((await answer.json()) as unknown[]).length === 0;
}

const thinned = (looks: readonly Look[]): readonly Look[] => {
  const every = Math.ceil(looks.length / linesMax);
  return looks.filter((_look, index) => index % every === 0 || index === looks.length - 1);
};

const rowOf = (look: Look): Record<string, string | number> => ({
  'seconds after the fall': Math.round(look.seconds),
  liquidated: look.liquidated,
  'still open': look.open,
  'in the queue': look.queued,
  'oldest, seconds': Math.round(look.queueAge),
  'events the database waits for': look.backlog,
  ...Object.fromEntries(Object.entries(look.cpu).map(([name, share]) => [`${name} CPU`, share.toFixed(2)])),
});
