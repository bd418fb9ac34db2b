import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import type { Scope } from '#db/client.ts';
import { DatabaseRefusal } from '#db/errors.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { OWN_ROWS } from './own-rows.ts';

const alice = {
  wallet: 'A1iceAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  id: userIdOf('A1iceAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
};
const bob = {
  wallet: 'Bob1Bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
  id: userIdOf('Bob1Bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'),
};

const PROJECTED = [
  'trading_positions',
  'position_history',
  'fills',
  'liquidations',
  'transfers',
  'funding_payments',
] as const;

const asUser = (user: { id: string } | null): Scope => ({ role: 'app_user', userId: user?.id ?? null });
const asWriter = (user: { id: string }): Scope => ({ role: 'app_writer', userId: user.id });
const asProjector: Scope = { role: 'projector' };
const PERMISSION_DENIED = { sqlState: '42501' };

describeOnDatabases('the roles', (get) => {
  /** Runs one statement in a scope; answers its rows. */
  const run = async (scope: Scope, query: string): Promise<readonly unknown[]> => {
    const [result] = await get().database.transaction(scope, (orm) => [orm.execute(sql.raw(query))]);
    return result.rows;
  };
  const refuses = (scope: Scope, query: string) =>
    expect(run(scope, query), `${scope.role}: ${query}`).rejects.toMatchObject(PERMISSION_DENIED);

  beforeAll(async () => {
    // Row-level security binds the owner; taken off while the rows of both users are put in.
    const { asOwner } = get();
    const tables = ['users', ...Object.keys(OWN_ROWS)];
    for (const table of tables) await asOwner(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
    for (const { id, wallet } of [alice, bob]) {
      await asOwner('INSERT INTO users (id, wallet_address, email) VALUES ($1, $2, $3)', [
        id,
        wallet,
        `${wallet}@example.com`,
      ]);
      for (const insert of Object.values(OWN_ROWS)) await asOwner(insert, [id]);
    }
    await asOwner(`INSERT INTO ai_analysis (analysis_type, market_symbol, confidence_score, expires_at)
      VALUES ('market_analysis', 'SOL-PERP', 0.5, now())`);
    await asOwner(
      `INSERT INTO dead_letters VALUES (uuid_generate_v4(), 'risk-checks', 'm1', '{}', NULL, 3, 'stored', now())`,
    );
    for (const table of tables) await asOwner(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  });

  it.each(Object.keys(OWN_ROWS))('show a user only the own rows of %s', async (table) => {
    const owner = table === 'position_history' ? 'position_id' : 'user_id';
    const rows = (await run(asUser(alice), `SELECT ${owner} AS owner FROM ${table}`)) as { owner: string | null }[];
    const owners = rows.map((row) => row.owner);
    expect(owners).toContain(alice.id);
    expect(owners).not.toContain(bob.id);
    expect(owners).toHaveLength(table === 'ai_analysis' ? 2 : 1);
  });

  it('show a user only the own profile', async () => {
    expect(await run(asUser(alice), 'SELECT wallet_address FROM users')).toEqual([{ wallet_address: alice.wallet }]);
  });

  it.each(['users', ...Object.keys(OWN_ROWS)])('show nobody nothing of %s', async (table) => {
    const rows = await run(asUser(null), `SELECT * FROM ${table}`);
    expect(rows).toHaveLength(table === 'ai_analysis' ? 1 : 0);
  });

  it('leave nothing of a transaction to the next one: neither role nor user', async () => {
    await run(asUser(alice), 'SELECT 1');
    const [row] = await get().asOwner(
      `SELECT current_user AS role, coalesce(current_setting('app.user_id', true), '') AS user_id`,
    );
    expect(row).toMatchObject({ user_id: '' });
    expect(['app_user', 'app_writer', 'projector']).not.toContain(row?.['role']);
  });

  it('hide every row from an owner that took no role, where the owner is no superuser', async () => {
    const [{ superuser } = {}] = await get().asOwner(
      'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
    );
    const rows = await get().asOwner('SELECT * FROM users');
    expect(rows).toHaveLength(superuser === true ? 2 : 0);
  });

  it.each(PROJECTED)('do not let a user or a writer change %s', async (table) => {
    const column = table === 'position_history' ? 'notes' : 'created_at';
    for (const scope of [asUser(alice), asWriter(alice)]) {
      await refuses(scope, `UPDATE ${table} SET ${column} = ${column}`);
      await refuses(scope, `DELETE FROM ${table}`);
      await refuses(scope, `INSERT INTO ${table} DEFAULT VALUES`);
    }
  });

  it('do not let a user write orders, alerts, dead letters or prices', async () => {
    await refuses(asUser(alice), `UPDATE trading_orders SET status = 'filled'`);
    await refuses(asUser(alice), 'INSERT INTO risk_alerts DEFAULT VALUES');
    await refuses(asUser(alice), 'SELECT * FROM dead_letters');
    await refuses(asUser(alice), 'INSERT INTO market_data DEFAULT VALUES');
    await refuses(asUser(alice), 'SELECT * FROM projected_events');
  });

  it('let a user change own preferences, but not who he is', async () => {
    await run(asUser(alice), `UPDATE users SET risk_level = 'aggressive'`);
    const rows = await get().database.transaction(asProjector, (orm) => [orm.execute(sql`SELECT id FROM users`)]);
    expect(rows[0].rows).toHaveLength(2);
    expect(await run(asUser(bob), 'SELECT risk_level FROM users')).toEqual([{ risk_level: 'moderate' }]);
    await refuses(asUser(alice), `UPDATE users SET kyc_status = 'verified'`);
    await refuses(asUser(alice), `UPDATE users SET wallet_address = 'x'`);
    await refuses(asUser(alice), `UPDATE users SET is_active = true`);
  });

  it('let the writer write only for the user it names', async () => {
    const order = (id: string) =>
      `INSERT INTO trading_orders (user_id, order_type, side, market_symbol, quantity) VALUES ('${id}', 'market', 'buy', 'SOL-PERP', 1)`;
    await refuses(asWriter(alice), order(bob.id));
    await run(asWriter(bob), `UPDATE trading_orders SET version = 7`);
    expect(await run(asUser(alice), 'SELECT version FROM trading_orders')).toEqual([{ version: 0 }]);
    await refuses(asWriter(alice), `INSERT INTO users (id, wallet_address) VALUES ('${bob.id}', 'x')`);
    // An erasure sets a user's own settings back; nobody else's, and never who he is.
    await run(asWriter(alice), `UPDATE users SET risk_level = 'conservative'`);
    expect(await run(asUser(bob), 'SELECT risk_level FROM users')).toEqual([{ risk_level: 'moderate' }]);
    await refuses(asWriter(alice), `UPDATE users SET wallet_address = 'x'`);
    await refuses(asWriter(alice), 'DELETE FROM trading_orders');
  });

  it('tell the projector no e-mail address, preference, price of an order, alert or dead letter', async () => {
    await refuses(asProjector, 'SELECT email FROM users');
    await refuses(asProjector, 'SELECT trading_preferences FROM users');
    await refuses(asProjector, 'SELECT price FROM trading_orders');
    await refuses(asProjector, 'SELECT * FROM risk_alerts');
    await refuses(asProjector, 'SELECT * FROM dead_letters');
    await refuses(asProjector, `UPDATE trading_orders SET status = 'filled'`);
    await refuses(asProjector, 'DELETE FROM users');
  });

  it('cannot log in, bypass row-level security or make roles', async () => {
    const rows = await get().asOwner(`SELECT rolname, rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole AS strong
      FROM pg_roles WHERE rolname IN ('app_user', 'app_writer', 'projector')`);
    expect(rows).toHaveLength(3);
    expect(rows.every((row) => row['strong'] === false)).toBe(true);
  });

  it('end a statement on the server when its time is over', async () => {
    const [row] = await run(asUser(alice), 'SHOW statement_timeout');
    expect(row).toEqual({ statement_timeout: '4s' });
    // PGlite cannot interrupt itself: there only the setting is seen.
    if (get().databaseUrl === get().neon.databaseUrl) return;
    const impatient = createDatabase({ databaseUrl: get().databaseUrl, requestTimeoutMs: 500, attemptsMax: 1 });
    const work = impatient.transaction(asUser(alice), (orm) => [orm.execute(sql`select pg_sleep(60)`)]);
    await expect(work).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
    // Which of the two clocks rang first does not matter; that nothing runs on does.
    const running = `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()`;
    await expect.poll(() => get().asOwner(running), { timeout: 20_000, interval: 200 }).toEqual([]);
  });

  it('report a refusal as such, without the statement in the message', async () => {
    const error: unknown = await run(asUser(alice), 'SELECT secret FROM nowhere').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseRefusal);
    expect((error as Error).message).not.toMatch(/secret|nowhere/);
  });
});
