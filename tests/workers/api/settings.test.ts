import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { readySchema } from '#shared/protocol/health.ts';
import { createApp } from '../../../workers/api/app.ts';
import { parseSettings, SettingsError } from '../../../workers/env.ts';
import { secrets } from '../../../workers/secrets.ts';

const given = env as unknown as Record<string, unknown>;
const problemsOf = (change: Record<string, unknown>): string => {
  try {
    parseSettings({ ...given, ...change });
    return '';
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
};

describe('settings', () => {
  it('name every variable that is missing, at once', () => {
    const message = problemsOf({ RPC_URL: undefined, PROGRAM_ID: '', SESSION_KEYS: undefined });
    for (const name of ['RPC_URL', 'PROGRAM_ID', 'SESSION_KEYS']) expect(message).toContain(name);
  });

  it('never show a value, which may be a secret', () => {
    expect(problemsOf({ KEEPER_SECRET_KEY: 'not-a-key-but-secret' })).toContain('KEEPER_SECRET_KEY');
    expect(problemsOf({ KEEPER_SECRET_KEY: 'not-a-key-but-secret' })).not.toContain('but-secret');
    expect(problemsOf({ SESSION_KEYS: 'k1:short-secret' })).not.toContain('short-secret');
  });

  it('refuse a faucet on mainnet, short secrets, doubled key ids and those with a dot, and keys that are missing', () => {
    expect(problemsOf({ NETWORK: 'mainnet' })).toContain('FAUCET_SECRET_KEY');
    expect(problemsOf({ SESSION_KEYS: 'k1:short' })).toContain('SESSION_KEYS');
    const key = `k1:${'x'.repeat(40)}`;
    for (const name of ['SESSION_KEYS', 'PERSONAL_DATA_KEYS']) {
      expect(problemsOf({ [name]: `${key},${key}` })).toContain(name);
      expect(problemsOf({ [name]: `a.b:${'x'.repeat(40)}` })).toContain(name);
      expect(problemsOf({ [name]: undefined })).toContain(name);
    }
  });

  it('name as operators only what is an address, and nobody where nothing is said', () => {
    expect(problemsOf({ ADMIN_WALLETS: 'everybody' })).toContain('ADMIN_WALLETS');
    for (const nobody of [undefined, '', ' , '])
      expect(parseSettings({ ...given, ADMIN_WALLETS: nobody }).ADMIN_WALLETS).toEqual([]);
  });

  it('read session keys in their order and origins as a list', () => {
    const { SESSION_KEYS, ALLOWED_ORIGINS } = parseSettings({
      ...given,
      SESSION_KEYS: `new:${'n'.repeat(40)},old:${'o'.repeat(40)}`,
      ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    });
    expect(SESSION_KEYS.map(({ kid }) => kid)).toEqual(['new', 'old']);
    expect(ALLOWED_ORIGINS).toEqual(['https://a.example', 'https://b.example']);
  });
});

describe('a worker with a secret that is missing or malformed', () => {
  const canary = 'canary-of-a-secret';
  const lines: string[] = [];
  const ask = async (path: string, change: Record<string, unknown>): Promise<Response> => {
    lines.length = 0;
    vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
    return createApp().request(path, {}, { ...given, ...change } as never);
  };
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(Object.keys(secrets).filter((name) => name in given && name !== 'HERMES_API_KEY'))(
    'refuses, says in the log and in /ready that it is %s, and never shows the value',
    async (name) => {
      const refused = await ask('/api/market/markets', { [name]: canary });
      expect(refused.status).toBe(500);
      expect((await refused.json<ErrorResponse>()).code).toBe('SYSTEM_001');
      expect(lines.join()).toContain(name);
      expect(lines.join()).not.toContain(canary);

      const ready = await ask('/ready', { [name]: canary });
      expect(ready.status).toBe(503);
      const body = await ready.text();
      expect(readySchema.parse(JSON.parse(body)).settings?.problems.map((problem) => problem.name)).toContainEqual(
        expect.stringMatching(new RegExp(`^${name}`)),
      );
      expect(body + lines.join()).not.toContain(canary);
    },
  );

  it('names all of them at once', async () => {
    const body = readySchema.parse(await (await ask('/ready', { KEEPER_SECRET_KEY: '', SESSION_KEYS: '' })).json());
    expect(body.settings?.problems.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['KEEPER_SECRET_KEY', 'SESSION_KEYS']),
    );
    expect(body.ready).toBe(false);
  });
});
