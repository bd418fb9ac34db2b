import { neon } from '@neondatabase/serverless';
import type { NeonDbError, NeonQueryFunction } from '@neondatabase/serverless';
import { beforeAll, expect, it } from 'vitest';
import { describeOnDatabases } from '#support/database/test-database.ts';

/** The protocol as its own driver uses it, nothing of ours in between. */
describeOnDatabases("Neon's protocol", (get) => {
  let sql: NeonQueryFunction<false, false>;
  const query = (text: string, params: unknown[] = []) => sql.query(text, params);
  const failure = async (work: Promise<unknown>): Promise<NeonDbError> => {
    try {
      await work;
    } catch (error) {
      return error as NeonDbError;
    }
    throw new Error('nothing failed');
  };

  beforeAll(async () => {
    sql = neon(get().databaseUrl, { disableWarningInBrowsers: true });
    await query(
      'CREATE TABLE IF NOT EXISTS notes (id int PRIMARY KEY, text text NOT NULL, amount numeric(38,18) CHECK (amount > 0))',
    );
  });

  it('keeps every digit of a numeric and of a bigint', async () => {
    const amount = '12345678901234567890.123456789012345678';
    const [row] = await query('SELECT $1::numeric(38,18) AS amount, $2::bigint AS big', [amount, '9007199254740993']);
    expect(row).toEqual({ amount, big: '9007199254740993' });
  });

  it('passes booleans, nulls, dates, arrays, JSON and bytes both ways', async () => {
    const moment = new Date('2025-06-12T20:00:00.123Z');
    const json = { text: 'ü"\\', list: [1, { deep: null }], big: '18446744073709551615' };
    const [row] = await query(
      'SELECT $1::boolean AS yes, $2::text AS nothing, $3::timestamptz AS moment, $4::int[] AS list, $5::jsonb AS json, $6::bytea AS bytes',
      [true, null, moment, [1, 2, null], JSON.stringify(json), Buffer.from([0, 255])],
    );
    expect(row).toMatchObject({ yes: true, nothing: null, list: [1, 2, null], json });
    expect(new Date(row?.['moment'] as string | Date).getTime()).toBe(moment.getTime());
    expect([...(row?.['bytes'] as Uint8Array)]).toEqual([0, 255]);
  });

  it('gives rows as arrays where they are asked for, with equal column names kept apart', async () => {
    const result = await sql.query('SELECT 1 AS x, 2 AS x', [], { arrayMode: true, fullResults: true });
    expect(result.rows).toEqual([[1, 2]]);
    expect(result.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['x', 23],
      ['x', 23],
    ]);
  });

  it('tells the command and how many rows it changed', async () => {
    await query('DELETE FROM notes');
    const insert = await sql.query(`INSERT INTO notes VALUES (1, 'a', 1), (2, 'b', 1)`, [], { fullResults: true });
    expect(insert).toMatchObject({ command: 'INSERT', rowCount: 2, rows: [] });
    const update = await sql.query(`UPDATE notes SET text = 'c' WHERE id = 1`, [], { fullResults: true });
    expect(update).toMatchObject({ command: 'UPDATE', rowCount: 1 });
  });

  it('reports an error with its code, constraint, table and position', async () => {
    const refused = await failure(query(`INSERT INTO notes VALUES (9, 'x', -1)`));
    expect(refused).toMatchObject({
      name: 'NeonDbError',
      code: '23514',
      constraint: 'notes_amount_check',
      table: 'notes',
    });
    const missing = await failure(query('INSERT INTO notes (id, text) VALUES (9, NULL)'));
    expect(missing).toMatchObject({ code: '23502', column: 'text' });
    const syntax = await failure(query('SELEC 1'));
    expect(syntax).toMatchObject({ code: '42601', severity: 'ERROR', position: '1' });
  });

  it('applies a batch as a whole or not at all', async () => {
    await query('DELETE FROM notes');
    await sql.transaction([sql`INSERT INTO notes VALUES (1, 'a', 1)`, sql`INSERT INTO notes VALUES (2, 'b', 1)`]);
    expect(await query('SELECT id FROM notes ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);

    const refused = await failure(
      sql.transaction([sql`DELETE FROM notes`, sql`INSERT INTO notes VALUES (3, NULL, 1)`]),
    );
    expect(refused.code).toBe('23502');
    expect(await query('SELECT id FROM notes ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('gives a batch the isolation and the read-only mode it asks for', async () => {
    const options = { isolationLevel: 'Serializable', readOnly: true } as const;
    const [[row]] = (await sql.transaction([sql`SHOW transaction_isolation`], options)) as [Record<string, unknown>[]];
    expect(row).toEqual({ transaction_isolation: 'serializable' });
    const refused = await failure(sql.transaction([sql`DELETE FROM notes`], options));
    expect(refused.code).toBe('25006');
  });

  it('keeps what a batch set for itself from the next one', async () => {
    await sql.transaction([sql`SELECT set_config('app.user_id', 'someone', true)`, sql`SET LOCAL ROLE app_user`]);
    const [row] = await query(
      `SELECT current_setting('app.user_id', true) AS user_id, current_user <> 'app_user' AS own`,
    );
    expect(row).toEqual({ user_id: '', own: true });
  });

  it('serves many at once, each its own transaction', async () => {
    await query('DELETE FROM notes');
    await query(`INSERT INTO notes VALUES (1, 'counter', 1)`);
    const increment = () =>
      sql.transaction([
        sql`SELECT amount FROM notes WHERE id = 1 FOR UPDATE`,
        sql`UPDATE notes SET amount = amount + 1 WHERE id = 1`,
      ]);
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(await query('SELECT amount::int AS amount FROM notes')).toEqual([{ amount: 51 }]);
  });

  it('answers a body that is no statement with 400 and an unknown path with 404', async () => {
    const { httpEndpoint } = get().neon;
    const post = async (body: string) => (await fetch(httpEndpoint, { method: 'POST', body })).status;
    expect(await post('{')).toBe(400);
    expect(await post('{"query": 1}')).toBe(400);
    expect(await post('{"queries": [{"query": ""}]}')).toBe(400);
    expect((await fetch(`${httpEndpoint}/other`, { method: 'POST' })).status).toBe(404);
  });
});
