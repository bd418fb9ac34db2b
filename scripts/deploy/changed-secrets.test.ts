import { Keypair } from '@solana/web3.js';
import bs58 from 'bs58';
import { describe, expect, it } from 'vitest';
import { changedSecrets } from './changed-secrets.ts';

const keeper = bs58.encode(Keypair.generate().secretKey);
const sessionKeys = `2026-09:${'n'.repeat(32)},2026-06:${'o'.repeat(32)}`;

describe('a secret that is to be changed', () => {
  it('is taken where its form is right, whatever else this machine knows or not', () => {
    const values = { KEEPER_SECRET_KEY: keeper, SESSION_KEYS: sessionKeys, RPC_URL: 'nonsense' };
    expect(changedSecrets('production', ['KEEPER_SECRET_KEY', 'SESSION_KEYS'], values)).toEqual({
      KEEPER_SECRET_KEY: keeper,
      SESSION_KEYS: sessionKeys,
    });
  });

  it.each<[string, string[], Record<string, string>, string]>([
    ['is none', ['SESSION_KEY'], {}, 'SESSION_KEY is no secret'],
    ['is not named', [], {}, 'Name a secret'],
    ['is not known here', ['SESSION_KEYS'], {}, 'write it into .secrets.production'],
    ['must not be there', ['FAUCET_SECRET_KEY'], { FAUCET_SECRET_KEY: keeper }, 'must not exist in production'],
    ['is too short', ['METRICS_TOKEN'], { METRICS_TOKEN: 'short' }, 'METRICS_TOKEN: '],
    ['is malformed', ['KEEPER_SECRET_KEY'], { KEEPER_SECRET_KEY: 'leaked?' }, 'must be 64 bytes in base58'],
    ['has an id twice', ['SESSION_KEYS'], { SESSION_KEYS: `a:${'n'.repeat(32)},a` }, 'SESSION_KEYS'],
  ])('%s is refused before anything is asked, and its value is not repeated', (_what, names, values, message) => {
    const change = () => changedSecrets('production', names, values);
    expect(change).toThrow(message);
    for (const value of Object.values(values)) expect(change).not.toThrow(value);
  });
});
