import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { siteOf } from './site.ts';

const page = { origin: 'https://terminal.example', host: 'terminal.example' };
const config = { apiOrigin: '', network: 'devnet', usdcMint: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' };

test('a deployment names network, token and sign-in domain; without a domain texts have to name the host of the page alone', () => {
  expect(siteOf({ ...config, signInDomain: 'quantdesk.com' }, page)).toMatchObject({
    ...{ chain: 'solana:devnet', usdcMint: config.usdcMint, pageHost: 'terminal.example' },
    signInDomain: 'quantdesk.com',
  });
  expect(siteOf({ ...config, signInDomain: '' }, page).signInDomain).toBeUndefined();
});

test('a configuration that leaves out what is signed against starts no terminal', () => {
  const whole = { ...config, signInDomain: '' };
  for (const name of Object.keys(whole)) {
    const part = Object.fromEntries(Object.entries(whole).filter(([kept]) => kept !== name));
    expect(() => siteOf(part, page), name).toThrow();
  }
  expect(() => siteOf({ ...whole, usdcMint: '' }, page)).toThrow();
  expect(() => siteOf({ ...whole, network: 'testnet' }, page)).toThrow();
});

test('a build that was told nothing is one for mainnet and its USDC: elsewhere it signs nothing', () => {
  const built: unknown = JSON.parse(readFileSync('web/public/config.json', 'utf8'));
  expect(siteOf(built, page)).toMatchObject({
    chain: 'solana:mainnet',
    usdcMint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  });
});
