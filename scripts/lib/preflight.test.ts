import { describe, expect, it } from 'vitest';
import { preflightProblem } from './preflight.mjs';

const linux = { platform: 'linux', arch: 'x64' };
const mac = { platform: 'darwin', arch: 'arm64' };

describe('preflight', () => {
  it('lets any Node from 20 start the scripts where Node 24 comes with the dependencies', () => {
    expect(preflightProblem({ version: 'v20.0.0', ...linux })).toBeNull();
    expect(preflightProblem({ version: 'v24.1.0', ...linux })).toBeNull();
  });

  it('asks for Node 22.18 where none comes with the dependencies, and says so', () => {
    expect(preflightProblem({ version: 'v22.18.0', ...mac })).toBeNull();
    expect(preflightProblem({ version: 'v22.17.9', ...mac })).toMatch(/needs Node 22\.18 or newer; this is v22\.17\.9/);
    expect(preflightProblem({ version: 'v22.17.9', platform: 'linux', arch: 'riscv64' })).toMatch(/no Node comes with/);
  });

  it('refuses an older Node and names a way to a newer one', () => {
    expect(preflightProblem({ version: 'v18.20.0', ...linux })).toMatch(/needs Node 20\.0.*\n.*\n.*nodejs\.org/);
  });
});
