import { describe, expect, test } from 'vitest';
import { kindOf } from './migration-kinds.ts';
import { hashOf, type Migration, presentMigrations } from './migration-list.ts';
import { lockLine, lockProblems, newLines, parseLock } from './migration-lock.ts';

describe('what a migration does to older code', () => {
  test.each([
    'CREATE TABLE notes (id uuid PRIMARY KEY, CONSTRAINT short CHECK (length(id::text) < 40))',
    'ALTER TABLE users ADD COLUMN nickname text',
    "ALTER TABLE users ADD COLUMN tier text NOT NULL DEFAULT 'none'",
    'CREATE INDEX users_by_tier ON users (tier)',
    'DROP INDEX users_by_tier',
    'CREATE TABLE a (id int); ALTER TABLE a ADD CONSTRAINT a_fk FOREIGN KEY (id) REFERENCES b (id)',
    '-- DROP TABLE users\nSELECT 1',
    "COMMENT ON TABLE users IS 'RENAME'",
    'CREATE FUNCTION prune() RETURNS void LANGUAGE sql AS $$ DELETE FROM market_data $$',
  ])('expands: %s', (sql) => {
    expect(kindOf(sql)).toBe('expand');
  });

  test.each([
    'DROP TABLE users',
    'ALTER TABLE users DROP COLUMN email',
    'ALTER TABLE users RENAME COLUMN email TO mail',
    'ALTER TABLE users ALTER COLUMN email SET NOT NULL',
    'ALTER TABLE users ALTER COLUMN email SET DATA TYPE varchar(20)',
    'ALTER TABLE users ADD COLUMN tier text NOT NULL',
    'ALTER TABLE "users" ADD CONSTRAINT users_tier CHECK (tier <> 0)',
    'CREATE UNIQUE INDEX users_email ON users (email)',
    'REVOKE SELECT ON users FROM app_user',
    'DELETE FROM users',
  ])('contracts: %s', (sql) => {
    expect(kindOf(sql)).toBe('contract');
  });
});

const migration = (of: string, name: string, text = 'CREATE TABLE a (id INTEGER)'): Migration => ({ of, name, text });
const landedAs = (kind: 'baseline' | 'expand' | 'contract', entry: Migration): string =>
  lockLine({ ...entry, kind, hash: hashOf(entry) });

describe('migrations.lock', () => {
  const [first, second] = [migration('database', '0000_first'), migration('database', '0001_second')];
  const lock = landedAs('baseline', first) + landedAs('expand', second);

  test('is content with migrations that are what they were, and with new ones once they are listed', () => {
    const third = migration('AccountObject', '1');
    expect(lockProblems([first, second], lock, [])).toEqual([]);
    expect(lockProblems([first, second, third], lock, [lock])).toEqual([expect.stringContaining('AccountObject/1')]);
    const longer = lock + newLines([first, second, third], parseLock(lock));
    expect(lockProblems([first, second, third], longer, [lock])).toEqual([]);
  });

  test.each([
    ['changed', [first, { ...second, text: 'CREATE TABLE b (id INTEGER)' }]],
    ['gone', [first]],
    ['stands before', [second, first]],
  ])('tells of one that %s', (word, present) => {
    expect(lockProblems(present, lock, [])).toEqual(expect.arrayContaining([expect.stringContaining(word)]));
  });

  test('is append-only itself: neither a line nor what counts as landed before the first deployment changes', () => {
    const rewritten = landedAs('expand', { ...first, text: 'SELECT 1' });
    expect(lockProblems([{ ...first, text: 'SELECT 1' }], rewritten, [lock])).toContainEqual(
      expect.stringContaining('append-only'),
    );
    const widened = lock + landedAs('baseline', migration('database', '0002_third'));
    expect(lockProblems([first, second, migration('database', '0002_third')], widened, [lock])).toContainEqual(
      expect.stringContaining('baseline'),
    );
  });

  test('lets nothing that takes away pass as an expand, and objects take nothing away at all', () => {
    const drop = migration('database', '0002_drop', 'DROP TABLE users');
    expect(lockProblems([first, second, drop], lock + landedAs('expand', drop), [])).toEqual([
      expect.stringContaining('no expand'),
    ]);
    expect(lockProblems([first, second, drop], lock + landedAs('contract', drop), [])).toEqual([]);
    const object = migration('MarketObject', '1', 'ALTER TABLE facts DROP COLUMN value');
    expect(lockProblems([object], landedAs('contract', object), [])).toEqual([expect.stringContaining('Only add')]);
  });

  test('counts every sequence there is: the database, the classes of objects, and the tables of each class', () => {
    const present = presentMigrations();
    const classes = present
      .filter(({ of }) => of === 'classes')
      .flatMap(
        ({ text }) =>
          (JSON.parse(text) as { readonly new_sqlite_classes?: readonly string[] }).new_sqlite_classes ?? [],
      );
    expect(classes).toContain('AccountObject');
    expect(new Set(present.map(({ of }) => of))).toEqual(new Set(['database', 'classes', ...classes]));
  });
});
