import { spawn } from 'node:child_process';
import { neon } from '@neondatabase/serverless';
import { PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { createDatabase } from '#db/client.ts';
import { DatabaseConflict } from '#db/errors.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import type { ProjectionRepository } from '#db/repositories/projection.ts';
import { ChainTrader } from '#support/chain/trader.ts';
import { type Stack, startStack } from '#support/stack/stack.ts';
import { Chain } from '../../workers/chain/chain.ts';
import { type Env, readSettings } from '../../workers/env.ts';
import { ChainReader } from '../../workers/indexer/chain-reader.ts';
import { decodeEvents } from '../../workers/indexer/event-decoder.ts';
import { sleep } from '../../workers/platform/clock.ts';
import { userIdOf } from '../../workers/platform/ids.ts';

const projected = [
  ...['trading_positions', 'position_history', 'fills', 'liquidations', 'funding_payments', 'transfers'],
  ...['projected_events', 'projection_streams'],
];
const notRebuilt = ['users', 'trading_orders', 'risk_alerts', 'ai_analysis', 'portfolio_snapshots'];
const openedSize = 10n ** 8n;

// Each run is a process of its own, which takes seconds to start on a busy machine.
describe('npm run reindex on the real local chain', { timeout: 120_000 }, () => {
  let stack: Stack;
  let chain: Chain;
  let reader: ChainReader;
  let projection: ProjectionRepository;
  let asOwner: (query: string) => Promise<Record<string, unknown>[]>;
  let traders: ChainTrader[];
  let lastRead: string | null = null;

  const program = () => chain.addresses.program.toBase58();

  /** Again and again while it is held, as the indexer's sink does. */
  const apply = async (events: readonly IndexedEvent[]): Promise<void> => {
    for (;;) {
      try {
        const { held } = await projection.apply(events);
        expect(held).toEqual([]);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseConflict)) throw error;
        await sleep(200);
      }
    }
  };

  /** What the indexer does all the time: applies what is new. */
  const project = async (): Promise<void> => {
    const page = await reader.page(program(), { before: null, until: lastRead });
    for (const { signature, failed } of page.toReversed()) {
      const transaction = failed ? null : await reader.transaction(signature);
      const eventAuthority = chain.addresses.eventAuthority.toBase58();
      if (transaction !== null) await apply(decodeEvents(transaction, { program: program(), eventAuthority }));
      lastRead = signature;
    }
  };

  /** Every row but when it was written last. */
  const rowsOf = async (tables: readonly string[]): Promise<Record<string, unknown>> => {
    const entries = await Promise.all(
      tables.map(async (table) => {
        const rows = await asOwner(
          `SELECT to_jsonb(t) - 'updated_at' AS row FROM ${table} t ORDER BY to_jsonb(t)::text`,
        );
        return [table, rows.map(({ row }) => row)] as const;
      }),
    );
    return Object.fromEntries(entries);
  };

  /** Runs the command; `onLine` may kill it. */
  const run = (
    onLine: (line: string, kill: () => void) => void = () => undefined,
  ): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['scripts/reindex.ts'], { env: { ...process.env, ...stack.variables } });
      let output = '';
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        onLine(chunk.toString(), () => child.kill('SIGKILL'));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('close', (code) => resolve({ code, output }));
    });

  const forgetTheDead = () => asOwner(`UPDATE projection_rebuild.run SET seen_at = seen_at - interval '1 minute'`);

  beforeAll(async () => {
    stack = await startStack();
    chain = new Chain(readSettings(stack.variables as unknown as Env));
    reader = new ChainReader(chain.rpc);
    const { DATABASE_URL: databaseUrl = '', DATABASE_HTTP_ENDPOINT: httpEndpoint } = stack.variables;
    projection = createProjectionRepository(createDatabase({ databaseUrl, httpEndpoint }), (owner, symbol) =>
      chain.addresses.position(new PublicKey(owner), symbol as 'SOL-PERP').toBase58(),
    );
    const sql = neon(databaseUrl);
    asOwner = (query) => sql.query(query);
    traders = [await new ChainTrader(chain).fund(2_000n), await new ChainTrader(chain).fund(2_000n)];
    for (const trader of traders) {
      await trader.trade('SOL-PERP', 'long', openedSize, 500);
      await trader.trade('SOL-PERP', 'long', openedSize, 500);
    }
    // Amounts differ: two transactions that are the same are one.
    for (let count = 0; count < 60; count++) await traders[count % 2]?.deposit(BigInt(count + 1));
    await project();
    for (const table of ['trading_orders', 'risk_alerts'])
      await asOwner(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
    const [{ id: userId, position } = {}] = await asOwner(
      `SELECT u.id, p.id AS position FROM users u JOIN trading_positions p ON p.user_id = u.id LIMIT 1`,
    );
    await asOwner(`INSERT INTO trading_orders (user_id, order_type, side, market_symbol, quantity, position_id)
      VALUES ('${String(userId)}', 'market', 'buy', 'SOL-PERP', 1, '${String(position)}')`);
  }, 120_000);
  afterAll(async () => stack.close());

  it('gives the same rows from the chain alone, and leaves everything else as it is', async () => {
    const before = await rowsOf([...projected, ...notRebuilt]);
    expect(before['fills']).toHaveLength(4);
    expect(before['transfers']).toHaveLength(62);
    const { code, output } = await run();
    expect(code, output).toBe(0);
    expect(await rowsOf([...projected, ...notRebuilt])).toEqual(before);
    expect(output).not.toMatch(/[1-9]\d* +│\s*$/m);
    expect(await asOwner(`SELECT 1 FROM pg_namespace WHERE nspname = 'projection_rebuild'`)).toEqual([]);
  });

  it('mends rows that were lost, changed or made up, and orders keep their positions', async () => {
    const before = await rowsOf([...projected, ...notRebuilt]);
    await asOwner(`DELETE FROM fills WHERE account_seq = (SELECT max(account_seq) FROM fills)`);
    await asOwner(`UPDATE trading_positions SET size = size + 1`);
    await asOwner(`UPDATE transfers SET amount = amount + 1 WHERE kind = 'deposit'`);
    await asOwner(`DELETE FROM projection_streams WHERE stream LIKE 'position:%'`);
    await asOwner(`INSERT INTO transfers SELECT uuid_generate_v4(), user_id, kind, amount, collateral, 999, transaction_hash, created_at, status, paid
      FROM transfers LIMIT 1`);
    await asOwner(`DELETE FROM trading_positions WHERE user_id = '${userIdOf(traders[1]?.wallet ?? '')}'`);
    const { code, output } = await run();
    expect(code, output).toBe(0);
    expect(await rowsOf([...projected, ...notRebuilt])).toEqual(before);
  });

  it('killed in the middle leaves what is served as it was, and the next run goes on from there', async () => {
    const before = await rowsOf([...projected, ...notRebuilt]);
    await asOwner(`DELETE FROM fills`);
    const broken = await rowsOf([...projected, ...notRebuilt]);
    const killed = await run((line, kill) => {
      if (/\b50 of \d+ read/.test(line)) kill();
    });
    expect(killed.code, killed.output).toBeNull();
    expect(await rowsOf([...projected, ...notRebuilt])).toEqual(broken);

    const refused = await run();
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('RebuildBusy') as unknown });
    await forgetTheDead();
    const { code, output } = await run();
    expect(code, output).toBe(0);
    expect(Number(/(\d+) applied before/.exec(output)?.[1])).toBeGreaterThan(10);
    expect(await rowsOf([...projected, ...notRebuilt])).toEqual(before);
  });

  it('loses nothing that is applied while it runs', async () => {
    let isRunning = true;
    const working = (async () => {
      for (let count = 0; isRunning; count++) {
        await traders[count % 2]?.deposit(BigInt(1 + (count % 9)));
        await project();
      }
    })();
    const { code, output } = await run();
    isRunning = false;
    await working;
    await project();
    expect(code, output).toBe(0);
    const during = await rowsOf(projected);
    expect((await run()).code).toBe(0);
    expect(await rowsOf(projected)).toEqual(during);
    for (const { wallet } of traders) {
      const account = await chain.rpc.getAccount(chain.addresses.userAccount(new PublicKey(wallet)).toBase58());
      expect(account).not.toBeNull();
      const next = await projection.nextSeqs([`account:${wallet}`]);
      expect(next.get(`account:${wallet}`)).toBeGreaterThan(30n);
    }
  });
});
