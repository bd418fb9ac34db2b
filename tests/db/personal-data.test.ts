import { beforeAll, expect, it } from 'vitest';
import { createPersonalRecordRepository, PERSONAL_TABLES } from '#db/repositories/personal-records.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { PersonalData } from '../../workers/platform/personal-data.ts';
import { OWN_ROWS } from './own-rows.ts';

const wallets = ['Leaving1', 'Staying2'].map((name) => name.padEnd(44, 'z')) as [string, string];
const [leaving, staying] = wallets.map(userIdOf) as [string, string];
const at = Date.UTC(2025, 5, 12);
const email = 'someone@example.com';

describeOnDatabases('personal data', (get) => {
  const users = (keys = testPersonalData) => createUserRepository(get().database, keys);
  const records = (keys = testPersonalData) => createPersonalRecordRepository(get().database, keys);
  const stored = async (id: string) => (await get().asOwner('SELECT * FROM users WHERE id = $1', [id]))[0] ?? {};
  const counted = async (table: string, id: string): Promise<number> => {
    const owner = table === 'position_history' ? 'position_id' : 'user_id';
    return Number((await get().asOwner(`SELECT count(*) AS n FROM ${table} WHERE ${owner} = $1`, [id]))[0]?.['n']);
  };

  beforeAll(async () => {
    for (const wallet of wallets) await users().signIn(wallet, at);
    const { asOwner } = get();
    // The owner looks past the policies; the roles do not.
    for (const table of ['users', ...Object.keys(OWN_ROWS)])
      await asOwner(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
    for (const id of [leaving, staying]) for (const insert of Object.values(OWN_ROWS)) await asOwner(insert, [id]);
  });

  it('lie in the database under a key that it does not hold: no column shows an address', async () => {
    await users().changeProfile(leaving, { email });
    const row = await stored(leaving);
    expect(row['email']).toBeNull();
    expect(row['email_sealed']).toMatch(/^test\./);
    expect(JSON.stringify(row)).not.toContain('someone');
    expect((await users().get(leaving))?.email).toBe(email);
    expect((await users().list({ limit: 50 })).rows.map((user) => user.email)).toContain(email);
  });

  it('are unreadable where somebody moves them to another row', async () => {
    const { email_sealed, email_key_id } = await stored(leaving);
    await get().asOwner('UPDATE users SET email_sealed = $1, email_key_id = $2 WHERE id = $3', [
      email_sealed,
      email_key_id,
      staying,
    ]);
    expect((await users().get(staying))?.email).toBeNull();
    await users().changeProfile(staying, { email: null });
  });

  it('that an older version wrote in plain text, or under a key that is to go, are sealed again and stay unique', async () => {
    await get().asOwner('UPDATE users SET email = $1 WHERE id = $2', ['Plain@example.com', staying]);
    expect((await users().get(staying))?.email).toBe('Plain@example.com');
    expect(await records().reseal(50)).toBe(1);
    expect(await stored(staying)).toMatchObject({ email: null, email_key_id: 'test' });
    const rotated = new PersonalData([
      { kid: 'next', secret: 'n'.repeat(40) },
      { kid: 'test', secret: 'worth-nothing-'.repeat(3) },
    ]);
    expect(await records(rotated).reseal(1)).toBe(1);
    expect(await records(rotated).reseal(50)).toBe(1);
    expect(await records(rotated).reseal(50)).toBe(0);
    expect([(await users(rotated).get(leaving))?.email, (await users(rotated).get(staying))?.email]).toEqual([
      email,
      'plain@example.com',
    ]);
    const taken = users(rotated).changeProfile(staying, { email });
    await expect(taken).rejects.toMatchObject({ constraint: 'users_email_digest_key' });
  });

  it('keep their readers where two rows wrote one address while keys changed', async () => {
    const other = new PersonalData([{ kid: 'test', secret: 'worth-nothing-'.repeat(3) }]);
    await users(other).changeProfile(staying, { email });
    const rotated = new PersonalData([
      { kid: 'next', secret: 'n'.repeat(40) },
      { kid: 'test', secret: 'worth-nothing-'.repeat(3) },
    ]);
    expect(await records(rotated).reseal(50)).toBe(1);
    expect((await users(rotated).get(staying))?.email).toBe(email);
    expect((await stored(staying))['email_digest']).toBeNull();
    await users(rotated).changeProfile(staying, { email: 'staying@example.com' });
  });

  it('are exported from every table that holds rows of a user, and nobody else’s', async () => {
    expect(Object.keys(PERSONAL_TABLES).sort()).toEqual(['users', ...Object.keys(OWN_ROWS)].sort());
    for (const table of Object.keys(PERSONAL_TABLES) as (keyof typeof PERSONAL_TABLES)[]) {
      const rows: string[] = [];
      for await (const page of records().rows(leaving, table)) rows.push(...page);
      expect([table, rows.length]).toEqual([table, 1]);
      expect(rows[0]).toContain(leaving);
      expect(rows[0]).not.toContain(staying);
      expect(rows[0]).not.toMatch(/email_(sealed|key_id|digest)/);
    }
  });

  it('are erased: the person goes, the trades stay, and no row of another user is touched', async () => {
    await get().asOwner(
      `UPDATE ai_analysis SET probability_up_bps = 6000, reasoning = 'as you hold 5 SOL' WHERE user_id = $1`,
      [leaving],
    );
    await users().changeProfile(leaving, { tradingPreferences: { theme: 'dark' }, riskLevel: 'aggressive' });
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    expect(await records().erase(leaving, tomorrow)).toEqual({ conversations: 1, analyses: 1, alerts: 1 });
    expect(await stored(leaving)).toMatchObject({
      ...{ email: null, email_sealed: null, email_key_id: null, email_digest: null, last_login: null },
      ...{ trading_preferences: {}, risk_level: 'moderate', wallet_address: wallets[0] },
    });
    const gone = ['ai_conversations', 'ai_messages', 'ai_analysis', 'ai_usage', 'risk_alerts'];
    for (const table of Object.keys(OWN_ROWS)) {
      expect([table, await counted(table, leaving)]).toEqual([table, gone.includes(table) ? 0 : 1]);
      expect([table, await counted(table, staying)]).toEqual([table, 1]);
    }
    const [forecast] = await get().asOwner('SELECT reasoning, figures FROM ai_analysis WHERE user_id IS NULL');
    expect(forecast).toEqual({ reasoning: null, figures: [] });
    expect(await records().erase(leaving, tomorrow)).toEqual({ conversations: 0, analyses: 0, alerts: 0 });
  });

  it('leave today’s count of model use when they are erased: erasing buys no new budget', async () => {
    const today = new Date().toISOString().slice(0, 10);
    await get().asOwner('UPDATE ai_usage SET day = $2 WHERE user_id = $1', [staying, today]);
    await records().erase(staying, today);
    expect(await counted('ai_usage', staying)).toBe(1);
  });
});
