import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newIdempotencyKey } from '#sdk/index.ts';
import { price, PRICE_SCALE, size, SIZE_SCALE } from '#shared/money/units.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';
import { postgresBinaries, startPostgres, type PostgresServer } from '#support/database/postgres-server.ts';
import { eventually } from '#support/examples/eventually.ts';
import { freePorts } from '#support/free-ports.ts';
import { bundle, startWorkerd, type WorkerdServer } from '#support/running-worker.ts';
import { startStack, type Stack } from '#support/stack/stack.ts';
import { accountMigrations, accountVersions, expandDatabase, nextVersionOf } from '#support/two-versions.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smoke } from '../../scripts/deploy/smoke.ts';
import { Trader, untilAnswered } from '../chaos/trader.ts';

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-rollback-'));
const stateFolder = join(folder, 'state');

let postgres: PostgresServer | null = null;
let stack: Stack;
let scripts: Readonly<Record<'this' | 'next', string>>;
let port = 0;
let running: WorkerdServer | null = null;

beforeAll(async () => {
  const binaries = postgresBinaries();
  if (binaries === null) console.log('rollback: on PGlite (no PostgreSQL server is installed)');
  else postgres = await startPostgres(binaries);
  stack = await startStack({ databaseUrl: (await postgres?.createDatabase('rollback')) ?? null });
  stack.hermes.control({ price: { base: 'SOL', usd: '150.0000' } });
  const script = await bundle(join(folder, 'bundle'));
  scripts = { this: script, next: nextVersionOf(script) };
  port = await freePorts();
});

async function stop(): Promise<void> {
  const server = running;
  running = null;
  await server?.close();
}

afterAll(async () => {
  await stop();
  await stack?.close();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a version in the place of the one that runs, over the same objects and the same database. Answers the milliseconds until it is ready. */
async function put(version: 'this' | 'next'): Promise<number> {
  const startedAt = performance.now();
  await stop();
  const bindings = { ...stack.variables, VERSION: version };
  const server = { name: 'exchange', script: scripts[version], persistTo: stateFolder, bindings };
  running = await startWorkerd(port, server);
  const { url } = running;
  const said = await eventually(async () => {
    const answer = await fetch(`${url}/ready`).catch(() => null);
    return answer?.ok === true ? ((await answer.json()) as { version: string }) : undefined;
  });
  expect(said.version).toBe(version);
  return performance.now() - startedAt;
}

const resting = {
  symbol: 'SOL-PERP',
  side: 'buy',
  order_type: 'limit',
  price: price(100n * PRICE_SCALE),
  quantity: size(SIZE_SCALE),
  leverage: 1_000,
  reduce_only: false,
  time_in_force: 'gtc',
} as const satisfies PlaceOrderRequest;
const market = { ...resting, order_type: 'market', price: undefined } as const;

/** An order and the key it was placed under. */
interface Placed {
  readonly key: string;
  readonly id: string;
}

async function place({ client }: Trader, order: PlaceOrderRequest, stage: 'filled' | 'resting'): Promise<Placed> {
  const key = newIdempotencyKey();
  const { order_id: id } = await untilAnswered(() => client.orders.place(order, key));
  await eventually(async () => ((await client.orders.get(id)).stage === stage ? true : undefined));
  return { key, id };
}

/** What the trader sees of his orders, by id, from his object. */
async function ordersOf({ client }: Trader): Promise<ReadonlyMap<string, unknown>> {
  const { items } = await untilAnswered(() => client.orders.list({ limit: 100 }));
  return new Map(items.map((order) => [order.order_id, order]));
}

/** Until the database holds as many fills: the indexer writes there after it told the objects. */
const untilFills = ({ client }: Trader, count: number): Promise<true> =>
  eventually(async () => ((await client.history.fills({ limit: 100 })).items.length === count ? true : undefined));

describe('a rollback', () => {
  test('over objects and a database that the newer version expanded and wrote loses nothing, and may go forward again', async () => {
    await put('this');
    const trader = await Trader.open({ worker: { url: `http://127.0.0.1:${port}` } }, 5_000n);
    const first = [await place(trader, market, 'filled'), await place(trader, resting, 'resting')];

    expect(await expandDatabase(stack.neon.databaseUrl, stack.neon.httpEndpoint)).toBeGreaterThan(15);
    await put('next');
    const second = [await place(trader, market, 'filled'), await place(trader, resting, 'resting')];
    await untilFills(trader, 2);
    const before = await ordersOf(trader);

    const rollbackMs = await put('this');
    const problems: string[] = [];
    const target = { origin: `http://127.0.0.1:${port}`, version: 'this', network: 'local' };
    await smoke(target, ({ ok, name, text }) => void (ok || problems.push(`${name}: ${text}`)));
    expect(problems).toEqual([]);
    console.log(`rollback: this version was ready ${(rollbackMs / 1_000).toFixed(1)} s after the decision`);
    // The session still stands, every order of both versions is as it was, and a repeated command has no second effect.
    expect(await ordersOf(trader)).toEqual(before);
    for (const { key, id } of [...first, ...second]) {
      expect((await untilAnswered(() => trader.client.orders.command(key))).order?.order_id).toBe(id);
    }
    const again = await untilAnswered(() => trader.client.orders.place(market, second[0]?.key));
    expect(again.order_id).toBe(second[0]?.id);
    // It goes on trading over what the newer version left, in the objects and in the database.
    await untilAnswered(() => trader.client.orders.cancel(second[1]?.id ?? ''));
    const third = await place(trader, market, 'filled');
    await untilFills(trader, 3);

    await stop();
    expect(accountVersions(stateFolder)).toContain(accountMigrations + 1);
    await put('next');
    await place(trader, market, 'filled');
    await untilFills(trader, 4);
    expect([...(await ordersOf(trader)).keys()]).toEqual(expect.arrayContaining([...before.keys(), third.id]));
  });
});
