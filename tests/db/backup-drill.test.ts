import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neon } from '@neondatabase/serverless';
import { PublicKey } from '@solana/web3.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '#db/client.ts';
import { createAnalysisRepository } from '#db/repositories/analyses.ts';
import { createConversationRepository } from '#db/repositories/conversations.ts';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createOrderRepository } from '#db/repositories/orders.ts';
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { createTransferRepository } from '#db/repositories/transfers.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { price } from '#shared/money/units.ts';
import { ChainTrader } from '#support/chain/trader.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { copyOfTemplate } from '#support/database/pglite-template.ts';
import { postgresBinaries, startPostgres } from '#support/database/postgres-server.ts';
import { type Stack, startStack } from '#support/stack/stack.ts';
import { type Neon, startNeon } from '../../local/neon/start.ts';
import { Chain } from '../../workers/chain/chain.ts';
import { type Env, readSettings } from '../../workers/env.ts';
import { ChainReader } from '../../workers/indexer/chain-reader.ts';
import { decodeEvents } from '../../workers/indexer/event-decoder.ts';
import { newId, userIdOf } from '../../workers/platform/ids.ts';
import { anOrder } from './orders.ts';

/** Where a drill keeps its database, and how it loses it. */
interface Place {
  /** The commands' variables and arguments for it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  open(): Promise<Neon>;
  /** Nothing of the database is left but an empty one. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-backup-'));
const atMs = Date.UTC(2026, 5, 12, 20, 0, 0, 123);
const size = 10n ** 8n;

/** The embedded database: the files of a local exchange. */
async function files(): Promise<Place> {
  const stateDir = join(folder, 'state');
  const dataDir = join(stateDir, 'postgres');
  mkdirSync(stateDir);
  renameSync(await copyOfTemplate('migrated'), dataDir);
  return {
    variables: { DATABASE_URL: '' },
    args: ['--state-dir', stateDir],
    open: () => startNeon({ port: 0, dataDir }),
    lose: () => {
      rmSync(dataDir, { recursive: true });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** A server; the backup is taken as its superuser, everything else done as an owner that is none. */
async function onServer(binaries: string): Promise<Place> {
  const server = await startPostgres(binaries);
  const databaseUrl = await server.createDatabase('drill');
  return {
    variables: { DATABASE_URL: databaseUrl },
    args: [],
    open: () => startNeon({ port: 0, databaseUrl }),
    lose: async () => {
      const { host } = new URL(databaseUrl);
      const superuser = new pg.Client({ connectionString: `postgres://postgres@${host}/postgres` });
      await superuser.connect();
      await superuser.query('DROP DATABASE drill WITH (FORCE)');
      await superuser.query('CREATE DATABASE drill OWNER drill_owner');
      await superuser.end();
    },
    close: () => server.close(),
  };
}

const asSuperuser = (variables: Readonly<Record<string, string>>): Record<string, string> => {
  const { DATABASE_URL: databaseUrl = '' } = variables;
  return { DATABASE_URL: databaseUrl.replace(/\/\/\w+@/, '//postgres@') };
};

function run(script: string, args: readonly string[], variables: Readonly<Record<string, string>>) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, [`scripts/${script}.ts`, ...args], { env: { ...process.env, ...variables } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const binaries = postgresBinaries();
if (binaries === null) console.log('backup drill: not run on a PostgreSQL server (none is installed)');
const places: [string, () => Promise<Place>][] = [
  ['the files of a local exchange', files],
  ...(binaries === null ? [] : [['a PostgreSQL server', () => onServer(binaries)] as [string, () => Promise<Place>]]),
];

describe('a backup, the loss of the database, a restore and a reindex', { timeout: 300_000 }, () => {
  let stack: Stack;
  let chain: Chain;
  let trader: ChainTrader;

  /** What the indexer does: applies everything the chain has. */
  const project = async (database: Database): Promise<void> => {
    const program = chain.addresses.program.toBase58();
    const eventAuthority = chain.addresses.eventAuthority.toBase58();
    const projection = createProjectionRepository(database, (owner, symbol) =>
      chain.addresses.position(new PublicKey(owner), symbol as 'SOL-PERP').toBase58(),
    );
    const reader = new ChainReader(chain.rpc);
    const page = await reader.page(program, { before: null, until: null });
    for (const { signature, failed } of page.toReversed()) {
      const transaction = failed ? null : await reader.transaction(signature);
      if (transaction === null) continue;
      const { held } = await projection.apply(decodeEvents(transaction, { program, eventAuthority }));
      expect(held).toEqual([]);
    }
  };

  /** What no chain can bring back. */
  const writeIntent = async (database: Database): Promise<void> => {
    const [userId, wallet] = [userIdOf(trader.wallet), trader.wallet];
    const owner = { userId, wallet };
    await createOrderRepository(database).upsert(
      anOrder({ owner: wallet, userId, orderType: 'limit', price: price(123_45678901n), clientOrderId: 'mine' }),
    );
    await createAnalysisRepository(database).create(owner, {
      id: newId(),
      symbol: 'SOL-PERP',
      analysisType: 'trading_signal',
      horizon: '15m',
      model: 'quantitative',
      recommendation: 'buy',
      confidenceBps: 6_200,
      probabilityUpBps: 6_000,
      reasoning: 'It rose.\n“1.2 %” \\ \u2028',
      figures: [{ id: 'trend', label: 'Trend', value: '1.20', unit: '%' }],
      price: price(100_00000001n),
      costBps: 20,
      lastMove: 'down',
      createdAtMs: atMs,
      expiresAtMs: atMs + 900_000,
    });
    const conversations = createConversationRepository(database);
    const conversationId = newId();
    await conversations.begin(owner, { id: conversationId, title: 'what now?', createdAtMs: atMs });
    await conversations.ask(userId, { id: newId(), conversationId, text: "what's “now”?\n\t{}", atMs });
    await createRiskAlertRepository(database).insert(userId, {
      id: newId(),
      kind: 'margin_warning',
      symbol: 'SOL-PERP',
      positionId: newId(),
      message: 'close to liquidation',
      signature: null,
      createdAtMs: atMs,
    });
  };

  /** What the API answers the trader from the database, but when a row was written last. */
  const answers = async (database: Database) => {
    const userId = userIdOf(trader.wallet);
    const conversations = createConversationRepository(database);
    const positions = await createPositionRepository(database).list(userId, {});
    const talks = await conversations.list(userId, {});
    const projected = {
      // When a row was written last follows from no event.
      positions: positions.rows.map(({ updatedAtMs: _, ...position }) => position),
      histories: await Promise.all(
        positions.rows.map(({ id }) => createPositionRepository(database).history(userId, id, {})),
      ),
      fills: await createFillRepository(database).list(userId, {}),
      transfers: await createTransferRepository(database).list(userId, {}),
    };
    const intent = {
      user: await createUserRepository(database, testPersonalData).get(userId),
      orders: await createOrderRepository(database).list(userId, {}),
      conversations: await Promise.all(talks.rows.map(({ id }) => conversations.get(userId, id))),
      alerts: await createRiskAlertRepository(database).list(userId, {}),
      analyses: await createAnalysisRepository(database).list(userId, {}),
    };
    return { projected, intent };
  };

  const databaseOf = ({ databaseUrl, httpEndpoint }: Neon): Database => createDatabase({ databaseUrl, httpEndpoint });

  /** What guards the rows: row security, triggers. */
  const guards = ({ databaseUrl }: Neon) =>
    neon(databaseUrl, { disableWarningInBrowsers: true }).query(
      `SELECT relname, relrowsecurity, relforcerowsecurity,
        ARRAY(SELECT tgname || tgenabled::text FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal ORDER BY 1) AS triggers
      FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
    );

  beforeAll(async () => {
    stack = await startStack({ dataDir: await copyOfTemplate('migrated'), migrate: false });
    chain = new Chain(readSettings(stack.variables as unknown as Env));
    trader = await new ChainTrader(chain).fund(2_000n);
    await trader.trade('SOL-PERP', 'long', size, 500);
    await trader.trade('SOL-PERP', 'long', size, 500);
  }, 120_000);
  afterAll(async () => {
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(places)('give the same answers, and what happened on chain since: %s', async (_name, makePlace) => {
    const place = await makePlace();
    const file = join(folder, `${newId()}.gz`);
    let opened = await place.open();
    await project(databaseOf(opened));
    await writeIntent(databaseOf(opened));
    const guarded = await guards(opened);
    await opened.close();
    const taken = await run('backup', [file, ...place.args], asSuperuser(place.variables));
    expect(taken.code, taken.output).toBe(0);
    expect(statSync(file).mode & 0o077).toBe(0);

    opened = await place.open();
    await trader.deposit(7n);
    await trader.trade('SOL-PERP', 'long', size, 500);
    await project(databaseOf(opened));
    const before = await answers(databaseOf(opened));
    expect(before.intent.conversations[0]?.messages).toHaveLength(1);
    await opened.close();
    await place.lose();

    const restored = await run('restore', [file, ...place.args], place.variables);
    expect(restored.code, restored.output).toBe(0);
    opened = await place.open();
    const early = await answers(databaseOf(opened));
    expect(early.intent).toEqual(before.intent);
    expect(early.projected.fills.rows.length).toBe(before.projected.fills.rows.length - 1);

    const now = { DATABASE_URL: opened.databaseUrl, DATABASE_HTTP_ENDPOINT: opened.httpEndpoint };
    const rebuilt = await run('reindex', [], { ...stack.variables, ...now });
    expect(rebuilt.code, rebuilt.output).toBe(0);
    expect(await answers(databaseOf(opened))).toEqual(before);
    expect(await guards(opened)).toEqual(guarded);
    await opened.close();
    await place.close();
  });
});
