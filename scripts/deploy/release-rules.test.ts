import { describe, expect, test } from 'vitest';
import type { Landed } from './migration-lock.ts';
import { appliedNames } from './migration-list.ts';
import { planMigrations, rollbackRefusals, uploadWay, versionBefore } from './release-rules.ts';
import { versionOf } from './wrangler.ts';

const entry = (kind: Landed['kind'], of: string, name: string): Landed => ({ kind, of, name, hash: '0'.repeat(64) });
const base = [entry('baseline', 'database', 'base'), entry('baseline', 'classes', 'v1')];
const widen = entry('expand', 'database', 'widen');
const narrow = entry('contract', 'database', 'narrow');

describe('a deployment', () => {
  const applied = new Set(['base']);

  test('expands the database before the worker that needs it', () => {
    expect(planMigrations([...base, widen], applied, base)).toEqual({ apply: ['widen'], held: [] });
  });

  test('contracts it only when the version that serves was built with the contract: its predecessor may come back until then', () => {
    expect(planMigrations([...base, narrow], applied, base)).toEqual({ apply: [], held: ['narrow'] });
    expect(planMigrations([...base, narrow], applied, [...base, narrow])).toEqual({ apply: ['narrow'], held: [] });
  });

  test('applies everything to an empty database, where nothing serves yet', () => {
    expect(planMigrations([...base, narrow, widen], new Set(), null).apply).toEqual(['base', 'narrow', 'widen']);
  });

  test('does not go around a contract that waits: what expands behind it is refused', () => {
    expect(() => planMigrations([...base, narrow, widen], applied, base)).toThrow(
      'Deploy the commit that brings narrow',
    );
    expect(planMigrations([...base, narrow, widen], applied, [...base, narrow]).apply).toEqual(['narrow', 'widen']);
  });

  test('tries a version before it serves, unless the platform takes it only at once: the first one, and changed classes', () => {
    expect(uploadWay([...base, widen], base)).toBe('version');
    expect(uploadWay(base, null)).toBe('deploy');
    expect(uploadWay([...base, entry('expand', 'classes', 'v2')], base)).toBe('deploy');
  });
});

describe('a rollback', () => {
  test('goes over a database and objects that were expanded', () => {
    const served = [...base, widen, entry('expand', 'AccountObject', '20')];
    expect(rollbackRefusals(base, served, new Set(['base', 'widen']))).toEqual([]);
  });

  test('does not go behind a contract that was applied, nor where nobody can say whether it was', () => {
    const served = [...base, narrow];
    expect(rollbackRefusals(base, served, new Set(['base', 'narrow']))).toEqual([expect.stringContaining('narrow')]);
    expect(rollbackRefusals(base, served, null)).toEqual([expect.stringContaining('if it was applied')]);
    expect(rollbackRefusals(base, served, new Set(['base']))).toEqual([]);
    expect(rollbackRefusals(served, served, new Set(['base', 'narrow']))).toEqual([]);
  });

  test('does not go behind changed classes of objects', () => {
    const served = [...base, entry('expand', 'classes', 'v2')];
    expect(rollbackRefusals(base, served, new Set())).toEqual([expect.stringContaining('v2')]);
  });

  test('from a checkout older than the version that serves still knows of the contract that was applied', () => {
    const journal = (...tags: string[]): string =>
      JSON.stringify({ entries: tags.map((tag, index) => ({ tag, when: index + 1 })) });
    const served = [...base, narrow];
    const newest = 2;
    expect(rollbackRefusals(base, served, appliedNames([journal('base', 'narrow')], newest))).toHaveLength(1);
    expect(rollbackRefusals(base, served, appliedNames([journal('base'), journal('base', 'narrow')], newest))).toEqual([
      expect.stringContaining('narrow'),
    ]);
  });

  const version = (id: string, commit: string, day: number) => ({ id, commit, createdOn: `2026-06-0${day}T00:00:00Z` });
  const [first, second, third] = [version('1', 'aaaaaaa', 1), version('2', 'bbbbbbb', 2), version('3', 'ccccccc', 3)];

  test('twice goes back twice, and never forward to what was just left', () => {
    expect(versionBefore(third, [third, second, first])).toBe(second);
    expect(versionBefore(second, [second, third, first])).toBe(first);
    expect(versionBefore(first, [first, second, third])).toBeUndefined();
  });

  test('goes to another commit: not to the same code with the secret that was changed', () => {
    const rotated = version('4', 'ccccccc', 4);
    expect(versionBefore(rotated, [rotated, third, second, first])).toBe(second);
  });

  test('knows the commit of a version that somebody made by changing a secret, without a tag', () => {
    const bindings = [{ name: 'VERSION', text: '3f2a9c01d4e7' }, { name: 'KEEPER_SECRET_KEY' }];
    expect(versionOf({ id: '5', resources: { bindings } }).commit).toBe('3f2a9c01d4e7');
    expect(versionOf({ id: '5', annotations: { 'workers/tag': 'aaaaaaa' }, resources: { bindings } }).commit).toBe(
      'aaaaaaa',
    );
  });
});
