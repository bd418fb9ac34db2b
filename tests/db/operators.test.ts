import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createAdminActionRepository } from '#db/repositories/admin-actions.ts';
import { createRiskEventRepository } from '#db/repositories/risk-events.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { newId, userIdOf } from '../../workers/platform/ids.ts';

const at = Date.UTC(2026, 4, 2, 11, 0, 0, 250);
const dayMs = 86_400_000;
const denied = { sqlState: '42501' };

describeOnDatabases("the operators' tables", (get) => {
  const anEvent = (symbol: string | null, createdAtMs: number) => ({
    ...({ id: newId(), kind: 'price_move', symbol, severity: 'warning' } as const),
    ...{ message: 'the price moved too fast', details: { moved_bps: '512' }, createdAtMs },
  });

  it('keep a risk event once, list what lasts apart from what is over, newest first, and end it once', async () => {
    const events = createRiskEventRepository(get().database);
    const [first, second] = [anEvent('SOL-PERP', at), anEvent(null, at + 1)];
    for (const event of [first, second, first]) await events.create(event);
    const stored = [second, first].map((event) => ({ ...event, resolvedAtMs: null }));
    expect((await events.list({ isResolved: false })).rows).toEqual(stored);
    expect((await events.list({ symbol: 'SOL-PERP' })).rows).toEqual([stored[1]]);

    expect(await events.resolve(first.id, at + 9)).toBe(true);
    expect(await events.resolve(first.id, at + 9)).toBe(true);
    expect(await events.resolve(first.id, at + 10)).toBe(false);
    expect(await events.resolve(newId(), at)).toBe(false);
    expect((await events.list({ isResolved: true })).rows).toEqual([{ ...stored[1], resolvedAtMs: at + 9 }]);

    const page = await events.list({ limit: 1 });
    expect(page.rows).toEqual([stored[0]]);
    expect((await events.list({ limit: 1, cursor: page.nextCursor })).rows).toMatchObject([{ id: first.id }]);
  });

  it('keep what administrators did for good', async () => {
    const actions = createAdminActionRepository(get().database);
    const action = (target: string, createdAtMs: number) => ({
      ...{ id: newId(), adminWallet: 'Admin'.padEnd(44, 'x'), action: 'users.change', target },
      ...{ details: { is_active: false }, requestId: newId(), createdAtMs },
    });
    const [first, second] = [action('wallet-1', at), action('wallet-2', at + 1)];
    for (const row of [first, second, first]) await actions.create(row);
    expect((await actions.list({})).rows).toEqual([second, first]);
    expect((await actions.list({ target: 'wallet-1' })).rows).toEqual([first]);
    for (const change of ['UPDATE admin_actions SET target = $$x$$', 'DELETE FROM admin_actions']) {
      const work = get().database.transaction({ role: 'app_writer', userId: null }, (orm) => [
        orm.execute(sql.raw(change)),
      ]);
      await expect(work).rejects.toMatchObject(denied);
    }
  });

  it('keep it from their owner too, who can change nothing and delete what is two years old', async () => {
    const { asOwner, database } = get();
    const actions = createAdminActionRepository(database);
    const action = (createdAtMs: number) => ({
      ...{ id: newId(), adminWallet: 'Admin'.padEnd(44, 'x'), action: 'users.change', target: 'kept' },
      ...{ details: {}, requestId: newId(), createdAtMs },
    });
    const [old, young] = [action(Date.now() - 800 * dayMs), action(Date.now() - 700 * dayMs)];
    for (const row of [old, young]) await actions.create(row);
    for (const change of [
      `UPDATE admin_actions SET target = 'x' WHERE id = '${old.id}'`,
      `DELETE FROM admin_actions WHERE id = '${young.id}'`,
      'TRUNCATE admin_actions',
    ])
      await expect(asOwner(change)).rejects.toThrow('append-only');
    for (const role of ['app_user', 'app_writer'] as const) {
      const work = database.transaction({ role, userId: null }, (orm) => [
        orm.execute('SELECT prune_admin_actions(9)'),
      ]);
      await expect(work).rejects.toMatchObject(denied);
    }
    expect(await actions.prune()).toBe(1);
    expect((await actions.list({ target: 'kept' })).rows).toEqual([young]);
    expect(await actions.prune()).toBe(0);
  });

  it('show an operator every user, and let one change the standing of the user that is named', async () => {
    const { database } = get();
    const wallets = ['A', 'B'].map((letter) => letter.repeat(44));
    for (const wallet of wallets) await createUserRepository(database, testPersonalData).signIn(wallet, at);
    const asOperator = { role: 'app_writer', userId: null } as const;
    const list = async () => {
      const [{ rows }] = await database.transaction(asOperator, (orm) => [
        orm.execute(sql`select wallet_address, kyc_status, is_active from users order by wallet_address`),
      ]);
      return rows;
    };
    expect((await list()).map((row) => row['wallet_address'])).toEqual(wallets);
    const reject = sql`update users set kyc_status = 'rejected', is_active = false`;
    await database.transaction(asOperator, (orm) => [orm.execute(reject)]);
    await database.transaction({ role: 'app_writer', userId: userIdOf('A'.repeat(44)) }, (orm) => [
      orm.execute(reject),
    ]);
    expect(await list()).toMatchObject([{ kyc_status: 'rejected', is_active: false }, { kyc_status: 'pending' }]);
  });
});
