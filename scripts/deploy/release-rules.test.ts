import { describe, expect, test } from 'vitest';
import type { Landed } from './migration-lock.ts';
import { planMigrations, rollbackRefusals, uploadWay } from './release-rules.ts';

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
});
