import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('options of npm start', () => {
  it('run on the documented ports without any option', () => {
    const options = parseOptions([], {});
    expect(options.ports).toEqual({
      worker: 8787,
      web: 5173,
      solana: 8899,
      solanaSocket: 8900,
      hermes: 8890,
      neon: 5480,
    });
    expect(options.fresh).toBe(false);
    expect(options.databaseUrl).toBeUndefined();
  });

  it('take the moment, the speed and the folder', () => {
    const options = parseOptions(
      ['--at', '2025-06-12T23:40Z', '--speed', '20', '--fresh', '--no-web', '--state-dir', 'x'],
      {},
    );
    expect(options).toMatchObject({
      at: '2025-06-12T23:40Z',
      speed: 20,
      fresh: true,
      web: false,
      stateDir: resolve('x'),
    });
  });

  it.each([
    ['an unknown option', ['--nope'], /nope/],
    ['a speed of zero', ['--speed', '0'], /speed/],
    ['a port below 1024', ['--worker-port', '80'], /worker-port/],
  ])('refuse %s by name', (_what, argv, message) => {
    expect(() => parseOptions(argv, {})).toThrow(message);
  });
});
