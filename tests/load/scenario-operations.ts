import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { neon } from '@neondatabase/serverless';
import { controlReplay } from '../../examples/replay.ts';
import { Chain } from '../../workers/chain/chain.ts';
import { type Env, readSettings } from '../../workers/env.ts';
import { ExchangeStream } from '#sdk/index.ts';
import { act, HttpCaller, type HttpTrader, openFunded, signIn } from '../support/http-caller.ts';
import { type Billed, billedNames, billedOf } from './billed.ts';
import { ChainFees } from './chain-fees.ts';
import { createPositions } from './crash-positions.ts';
import { type LoadExchange, startLoadExchange, sweepOnce } from './exchange.ts';
import { difference } from './figures.ts';
import { loadAverage } from './processes.ts';
import type { Scenario } from './scenario.ts';

/** What the cost model reads; rewritten by a whole run of this scenario. */
export const measuredFile = 'tests/load/measured.json';

/** Reads leave nothing behind and cost little: more of them, and no wait after them. */
const repeats = { short: { read: 10, command: 3 }, long: { read: 100, command: 20 } };
const quietSeconds = { short: 10, long: 60 };
/** What an action causes later, its finality on chain among it, is over by then: 32 slots of 400 ms, and the indexer's look after them. */
const afterMs = { short: 3_000, long: 15_000 };
const readAfterMs = 2_000;
const sweeps = 3;
const liquidations = { short: 3, long: 20 };
const sockets = { short: 5, long: 50 };
const fallUsd = '132';

type Run = (trader: HttpTrader, index: number) => Promise<void>;
interface Action {
  readonly kind: 'read' | 'command';
  readonly run: Run;
}

/** What one action of each kind costs in what the platforms charge for, less what the exchange costs at rest meanwhile. */
export const operationsScenario: Scenario = async ({ isShort, say }) => {
  const size = isShort ? 'short' : 'long';
  const exchange = await startLoadExchange({ sweeps: false });
  const caller = new HttpCaller(exchange.url);
  try {
    await controlReplay(exchange.hermesUrl, { price: { base: 'SOL', usd: '150', conf: '0.01' } });
    const trader = await openFunded(caller, 5_000);
    const meter = new Meter(exchange, afterMs[size]);
    const rest = await meter.rest(quietSeconds[size]);
    say(`at rest, per second: ${JSON.stringify(rest)}`);
    const measured: Record<string, Billed> = {};
    measured.sweep = await meter.each(sweeps, async () => {
      for (let index = 0; index < sweeps; index++) await sweepOnce(exchange.url);
    });
    for (const [name, { kind, run }] of Object.entries(actionsOf(exchange, caller))) {
      const count = repeats[size][kind];
      const all = async (): Promise<void> => {
        for (let index = 0; index < count; index++) await run(trader, index);
      };
      measured[name] = await meter.each(count, all, kind === 'read' ? readAfterMs : afterMs[size]);
      say(`${name}: ${JSON.stringify(measured[name])}`);
    }
    measured['socket minute'] = await socketMinute(exchange, meter, sockets[size]);
    measured.liquidation = await liquidated(exchange, meter, liquidations[size]);
    const result = { load: loadAverage(), restPerSecond: rest, actions: measured };
    if (!isShort) writeFileSync(measuredFile, `${JSON.stringify(result, null, 2)}\n`);
    const rows = [['at rest, per second', rest] as const, ...Object.entries(measured)].map(([action, billed]) => ({
      action,
      ...billed,
    }));
    return { tables: [{ title: 'Per action', rows }], notes: [`load average ${result.load}`], findings: [] };
  } finally {
    caller.close();
    await exchange.close();
  }
};

/** Counts before and after, and takes away what the exchange costs at rest. */
class Meter {
  readonly #exchange: LoadExchange;
  readonly #afterMs: number;
  readonly #fees: ChainFees;
  #rest: Billed | null = null;

  constructor(exchange: LoadExchange, waitMs: number) {
    this.#exchange = exchange;
    this.#afterMs = waitMs;
    this.#fees = new ChainFees(exchange.rpcUrl);
  }

  /** Per second of nothing but prices. */
  async rest(seconds: number): Promise<Billed> {
    await sleep(this.#afterMs);
    const [billed, took] = await this.#between(() => sleep(seconds * 1_000));
    const rest = mapped(billed, (value) => value / took);
    this.#rest = rest;
    return rest;
  }

  /** Per one of `count`. */
  async each(count: number, run: () => Promise<unknown>, waitMs = this.#afterMs): Promise<Billed> {
    const [billed, took] = await this.#between(async () => {
      await run();
      await sleep(waitMs);
    });
    const rest = this.#rest;
    return mapped(billed, (value, name) => Math.max(0, value - (rest?.[name] ?? 0) * took) / count);
  }

  async #between(run: () => Promise<unknown>): Promise<[Billed, number]> {
    const before = await this.#look();
    const startedAtMs = performance.now();
    await run();
    const after = await this.#look();
    const changed = difference(before, after);
    return [billedOf(changed), (performance.now() - startedAtMs) / 1_000];
  }

  async #look(): Promise<Record<string, number>> {
    const use = this.#exchange.use();
    const cpu = { 'cpu worker': use.worker.seconds, 'cpu database': use.database.seconds };
    const [counts, fees, bytes] = await Promise.all([
      this.#exchange.counts(),
      this.#fees.sums(),
      rowBytes(this.#exchange.databaseUrl),
    ]);
    return { ...counts, ...fees, ...cpu, 'database row bytes': bytes };
  }
}

const mapped = (billed: Billed, change: (value: number, name: keyof Billed) => number): Billed =>
  Object.fromEntries(billedNames.map((name) => [name, Number(change(billed[name], name).toPrecision(4))])) as Billed;

/** Bytes of all rows, without indexes. */
async function rowBytes(databaseUrl: string): Promise<number> {
  const sql = neon(databaseUrl);
  const tables = (await sql.query(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )) as { name: string }[];
  const sums = tables.map(({ name }) => `SELECT sum(pg_column_size(t.*)) AS bytes FROM ${name} t`);
  const [row] = (await sql.query(`SELECT sum(bytes)::text AS bytes FROM (${sums.join(' UNION ALL ')}) s`)) as {
    bytes: string | null;
  }[];
  return Number(row?.bytes ?? 0);
}

function actionsOf({ url }: LoadExchange, caller: HttpCaller): Record<string, Action> {
  const made: { order_id: string; position_id: string | null }[] = [];
  const command = async (
    method: string,
    path: string,
    { token }: HttpTrader,
    body?: object,
  ): Promise<(typeof made)[0]> => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const answer = await caller.json<(typeof made)[0]>(method, path, { token, headers, ...(body && { body }) });
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const read = (run: Run): Action => ({ kind: 'read', run });
  const write = (run: Run): Action => ({ kind: 'command', run });
  const get = (path: string): Action => read(async ({ token }) => void (await caller.json('GET', path, { token })));
  const order = { symbol: 'SOL-PERP', side: 'buy', quantity: '0.5', leverage: '10' };
  const limit = { ...order, order_type: 'limit', price: '120' };
  return {
    'page of the terminal': read(async () => void (await fetch(`${url}/api/config`).then((answer) => answer.text()))),
    'read of an object': get('/api/trading/positions'),
    'list of orders': get('/api/trading/orders?limit=50'),
    'read of the database': get('/api/trading/fills?limit=50'),
    'read of a market': get('/api/market/markets'),
    preview: read(async ({ token }) => {
      await caller.json('POST', '/api/trading/preview', { token, body: { ...order, order_type: 'market' } });
    }),
    'sign-in': write(async () => void (await signIn(caller))),
    deposit: write(async (trader) => void (await act(caller, trader, 'deposit', { amount: 10 }))),
    'limit order': write(async (trader) => {
      made.push(await command('POST', '/api/trading/orders', trader, limit));
    }),
    amendment: write(async (trader, index) => {
      await command('PATCH', `/api/trading/orders/${made[index]?.order_id}`, trader, { price: '121' });
    }),
    cancellation: write(async (trader, index) => {
      await command('DELETE', `/api/trading/orders/${made[index]?.order_id}`, trader);
    }),
    'market order opened and closed': write(async (trader) => {
      const body = { ...order, order_type: 'market' };
      const { position_id: id } = await command('POST', '/api/trading/orders', trader, body);
      await command('POST', `/api/trading/positions/${id}/close`, trader, {});
    }),
  };
}

/** A socket on a market for a minute, one of so many. */
async function socketMinute({ webSocketUrl }: LoadExchange, meter: Meter, count: number): Promise<Billed> {
  const url = `${webSocketUrl}/ws/market/SOL-PERP`;
  const channels = ['price', 'trades', 'stats', 'candles:1m'] as const;
  return meter.each(count, async () => {
    const streams = Array.from(
      { length: count },
      () => new ExchangeStream({ url, channels, onMessage: () => undefined }),
    );
    for (const stream of streams) stream.open();
    await sleep(60_000);
    for (const stream of streams) stream.close();
  });
}

/** A position that the price makes liquidatable, from the tick to the projection. */
async function liquidated(exchange: LoadExchange, meter: Meter, count: number): Promise<Billed> {
  const chain = new Chain(readSettings(exchange.variables as unknown as Env));
  await createPositions(chain, 'SOL-PERP', count);
  await sleep(20_000);
  return meter.each(count, async () => {
    await controlReplay(exchange.hermesUrl, { price: { base: 'SOL', usd: fallUsd, conf: '0.01' } });
    await sleep(20_000);
  });
}
