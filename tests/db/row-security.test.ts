import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { Scope } from '#db/client.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { OWN_ROWS } from './own-rows.ts';

const [alice, bob] = ['A1ice', 'Bob1'].map((name) => {
  const wallet = name.padEnd(44, 'z');
  return { wallet, id: userIdOf(wallet) };
}) as [{ wallet: string; id: string }, { wallet: string; id: string }];

/** Rows by whose they are: tables that name a user, or belong to a row that does. Found in the catalog, so that no new table is left out. */
const USER_TABLES = `
  WITH RECURSIVE owned (oid) AS (
    SELECT 'public.users'::regclass::oid
    UNION SELECT c.conrelid FROM pg_constraint c JOIN owned o ON c.confrelid = o.oid WHERE c.contype = 'f'
  ), named AS (
    SELECT attrelid AS oid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attname IN ('user_id', 'owner', 'wallet_address') AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  )
  SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS secured
  FROM (SELECT oid FROM owned UNION SELECT oid FROM named) found JOIN pg_class c USING (oid) ORDER BY 1`;

/** Everything a role may do, table by table; columns in brackets where it is not the whole row. */
const PRIVILEGES = (role: string): string => `
  SELECT c.relname AS name, string_agg(privilege || columns, ' ' ORDER BY privilege) AS may FROM pg_class c, LATERAL (
    SELECT p.privilege, CASE WHEN has_table_privilege('${role}', c.oid, p.privilege) THEN '' ELSE
      '(' || (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND p.privilege <> 'DELETE' AND has_column_privilege('${role}', c.oid, a.attnum, p.privilege)) || ')' END AS columns
    FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (privilege)
  ) granted
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND columns IS NOT NULL
  GROUP BY c.relname ORDER BY c.relname`;

const all = 'DELETE INSERT SELECT UPDATE';
const read = 'SELECT';
const EXPECTED: Readonly<Record<'app_user' | 'app_writer' | 'projector', Readonly<Record<string, string>>>> = {
  app_user: {
    ...{
      ai_analysis: read,
      ai_conversations: read,
      ai_messages: read,
      ai_usage: read,
      fills: read,
      funding_payments: read,
      liquidations: read,
      market_data: read,
    },
    ...{
      pool_snapshots: read,
      portfolio_snapshots: read,
      position_history: read,
      risk_alerts: read,
      trading_orders: read,
    },
    ...{ trading_positions: read, transfers: read },
    users: `${read} UPDATE(email,trading_preferences,risk_level,email_sealed,email_key_id,email_digest)`,
  },
  app_writer: {
    admin_actions: 'INSERT SELECT',
    ai_analysis: 'DELETE INSERT SELECT UPDATE(user_id,reasoning,figures)',
    ai_conversations: 'DELETE INSERT SELECT UPDATE(updated_at)',
    ai_messages: 'INSERT SELECT',
    ai_reservations: 'DELETE INSERT SELECT',
    ai_usage: 'DELETE INSERT SELECT UPDATE(input_tokens,output_tokens,cost_microusd,reserved_until)',
    ai_usage_days: 'INSERT SELECT UPDATE(tokens,cost_microusd)',
    dead_letters: 'INSERT SELECT UPDATE(status,replayed_at)',
    risk_alerts: 'DELETE INSERT SELECT',
    risk_events: 'INSERT SELECT UPDATE(resolved_at)',
    trading_orders: 'INSERT SELECT UPDATE',
    trading_positions: 'SELECT(id,user_id)',
    users:
      'INSERT(id,wallet_address,created_at,last_login) ' +
      'SELECT(id,wallet_address,email,created_at,last_login,trading_preferences,kyc_status,risk_level,is_active,email_sealed,email_key_id) ' +
      'UPDATE(email,last_login,trading_preferences,kyc_status,risk_level,is_active,email_sealed,email_key_id,email_digest)',
  },
  projector: {
    ...{ fills: all, funding_payments: all, liquidations: all, position_history: all, trading_positions: all },
    ...{ transfers: all, projection_streams: all },
    ...{ market_data: 'DELETE INSERT SELECT', portfolio_snapshots: 'DELETE INSERT SELECT' },
    ai_analysis:
      'SELECT(id,market_symbol,recommendation,created_at,expires_at,is_active,model,horizon,probability_up_bps,price,cost_bps,' +
      'last_move,outcome,exit_price,brier_e8,return_bps,last_move_return_bps,scored_at) ' +
      'UPDATE(is_active,outcome,exit_price,brier_e8,return_bps,last_move_return_bps,scored_at)',
    pool_snapshots: 'DELETE INSERT SELECT',
    projected_events: 'DELETE INSERT SELECT',
    trading_orders: 'SELECT(id,user_id,position_id,status,created_at,stage) UPDATE(position_id)',
    users: 'INSERT(id,wallet_address,created_at) SELECT(id,wallet_address)',
  },
};

describeOnDatabases('row-level security', (get) => {
  const run = async (scope: Scope, query: string) => {
    const [result] = await get().database.transaction(scope, (orm) => [orm.execute(sql.raw(query))]);
    return result.rows;
  };
  const asUser = (userId: string | null): Scope => ({ role: 'app_user', userId });
  /** With the number of the transaction that wrote each: an update that changes nothing shows too. */
  const rowsOfBob = (table: string) =>
    run(asUser(bob.id), `SELECT xmin::text AS written_by, * FROM ${table} ORDER BY ctid`);
  const tables = ['users', ...Object.keys(OWN_ROWS)];

  beforeAll(async () => {
    const { asOwner } = get();
    for (const table of tables) await asOwner(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
    for (const { id, wallet } of [alice, bob]) {
      await asOwner('INSERT INTO users (id, wallet_address) VALUES ($1, $2)', [id, wallet]);
      for (const insert of Object.values(OWN_ROWS)) await asOwner(insert, [id]);
    }
    for (const table of tables) await asOwner(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  });

  it('holds for every table whose rows are a user’s, and binds their owner too; each is tried below', async () => {
    const found = await get().asOwner(USER_TABLES);
    expect(found.map(({ name }) => name)).toEqual(tables.toSorted());
    expect(found.filter(({ secured }) => secured !== true)).toEqual([]);
  });

  it('leaves a role that serves users no table without it, but prices and what the pool was worth', async () => {
    const open = await get().asOwner(`SELECT relname AS name FROM pg_class WHERE relkind = 'r'
      AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity AND has_table_privilege('app_user', oid, 'SELECT') ORDER BY relname`);
    expect(open).toEqual([{ name: 'market_data' }, { name: 'pool_snapshots' }]);
  });

  it.each(tables)('lets nobody but the user see, change, add or delete rows of %s', async (table) => {
    const owner = table === 'users' ? 'id' : table === 'position_history' ? 'position_id' : 'user_id';
    const before = await rowsOfBob(table);
    expect(before.length).toBeGreaterThan(0);
    const columns = before[0] === undefined ? [] : Object.keys(before[0]).filter((name) => name !== 'written_by');
    for (const userId of [alice.id, null]) {
      for (const role of ['app_user', 'app_writer'] as const) {
        const scope: Scope = { role, userId };
        const isOperator = role === 'app_writer' && userId === null && table === 'users';
        const seen = await run(scope, `SELECT ${owner} AS owner FROM ${table}`).catch(() => []);
        if (!isOperator) expect(seen.map((row) => row['owner'])).not.toContain(bob.id);
        const attempts = [
          ...columns.map((column) => `UPDATE ${table} SET ${column} = ${column} WHERE ${owner} = '${bob.id}'`),
          ...columns.map((column) => `UPDATE ${table} SET ${column} = ${column}`),
          `UPDATE ${table} SET ${owner} = '${bob.id}'`,
          `DELETE FROM ${table}`,
          (OWN_ROWS[table] ?? `INSERT INTO users (id, wallet_address) VALUES ($1, 'x')`).replaceAll(
            '$1',
            `'${bob.id}'`,
          ),
        ];
        for (const attempt of attempts) await run(scope, attempt).catch(() => undefined);
        expect(await rowsOfBob(table), `${role} as ${userId ?? 'nobody'}`).toEqual(before);
      }
    }
  });

  it.each(['app_user', 'app_writer', 'projector'] as const)('%s may do exactly this', async (role) => {
    const granted = await get().asOwner(PRIVILEGES(role));
    expect(Object.fromEntries(granted.map(({ name, may }) => [name, may]))).toEqual(EXPECTED[role]);
  });

  it('gives nobody else anything', async () => {
    const others = await get().asOwner(`SELECT grantee, table_name FROM information_schema.role_table_grants
      WHERE table_schema = 'public' AND grantee NOT IN ('app_user', 'app_writer', 'projector', current_user)`);
    expect(others).toEqual([]);
  });
});
