import { describe, expect, it } from 'vitest';
import { breachesOf, isTaken, packagesOf } from './licences.mjs';

const policy = {
  ...{ allowed: ['MIT', 'Apache-2.0'], allowedInTools: ['MPL-2.0'] },
  packages: { odd: { licence: 'LGPL-3.0-only', why: 'named' } },
};
const odd = { 'node_modules/odd': { version: '1.0.0', license: 'LGPL-3.0-only' } };
const breaches = (packages: Parameters<typeof packagesOf>[0]['packages']) =>
  breachesOf(packagesOf({ packages: { ...odd, ...packages } }), policy);

describe('the licences of what is installed', () => {
  it('are read from the lockfile, each version once; one that is shipped anywhere is no tool', () => {
    const packages = {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', license: 'MIT', dev: true },
      'node_modules/b/node_modules/a': { version: '1.0.0', license: 'MIT' },
      'node_modules/@c/d': { version: '2.0.0', license: 'ISC', dev: true },
    };
    expect(packagesOf({ packages })).toEqual([
      { name: '@c/d', version: '2.0.0', licence: 'ISC', isTool: true },
      { name: 'a', version: '1.0.0', licence: 'MIT', isTool: false },
    ]);
  });

  it('are taken by one side of an OR and by all of an AND', () => {
    const taken = new Set(['MIT', 'Apache-2.0']);
    expect(['MIT', '(MIT OR GPL-3.0)', 'MIT AND Apache-2.0'].map((text) => isTaken(text, taken))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['GPL-3.0', 'MIT AND GPL-3.0', 'MIT+'].map((text) => isTaken(text, taken))).toEqual([false, false, false]);
  });

  it('that the policy does not take are named, and so are those that nobody states', () => {
    expect(breaches({ 'node_modules/a': { version: '1.0.0', license: 'GPL-3.0' } })).toHaveLength(1);
    expect(breaches({ 'node_modules/a': { version: '1.0.0' } })).toHaveLength(1);
    expect(breaches({ 'node_modules/a': { version: '1.0.0', license: 'MIT' } })).toEqual([]);
  });

  it('of tools may be more than of what is shipped', () => {
    expect(breaches({ 'node_modules/a': { version: '1.0.0', license: 'MPL-2.0', dev: true } })).toEqual([]);
    expect(breaches({ 'node_modules/a': { version: '1.0.0', license: 'MPL-2.0' } })).toHaveLength(1);
  });

  it('taken by name hold for the licence that was looked at, and are deleted with their package', () => {
    expect(breaches({ 'node_modules/odd': { version: '2.0.0', license: 'SSPL-1.0' } })).toHaveLength(1);
    expect(breachesOf([], policy)).toEqual(['licence-policy.json names odd, which nothing installs']);
  });
});
