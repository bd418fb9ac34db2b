import { expect, test } from 'vitest';

import { checkSignInText, confirmationStatement, signInStatement, type SignInSite } from './sign-in-text.ts';
import { WalletRefused } from './types.ts';

const [address, stranger] = [
  '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
  '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU',
];
const host = 'desk.example';
const lines = [
  `${host} wants you to sign in with your Solana account:`,
  address,
  '',
  signInStatement,
  '',
  `URI: https://${host}`,
  'Version: 1',
  'Chain ID: solana:devnet',
  'Nonce: 3yZe7dAbc',
  'Issued At: 2026-11-23T12:00:00.000Z',
  'Expiration Time: 2026-11-23T12:05:00.000Z',
];
const text = lines.join('\n');
const expected = { address, statement: signInStatement };
const siteAt = (pageHost: string, signInDomain?: string): SignInSite => ({
  ...{ chain: 'solana:devnet', pageHost },
  signInDomain,
});
const site = siteAt(host);

test('the sign-in text of this site and this wallet is passed on', () => {
  expect(() => checkSignInText(text, expected, site)).not.toThrow();
});

test.each([
  ['of another site', text.replaceAll(host, 'other.example')],
  ['whose address is of another site', text.replace(`https://${host}`, 'https://other.example')],
  ['of another wallet', text.replace(address, stranger)],
  ['with another statement', text.replace(signInStatement, 'Transfer approval: 1,000,000 USDC')],
  ['with a second statement', text.replace(signInStatement, `${signInStatement}\nAnd approve a transfer.`)],
  ['with a resource', `${text}\nResources:\n- https://other.example`],
  ['with a request id', `${text}\nRequest ID: 1`],
  ['without a nonce', text.replace(/\nNonce: .*/, '')],
  ['of a chain that is none of ours', text.replace('solana:devnet', 'eip155:1')],
  ['of another network', text.replace('solana:devnet', 'solana:mainnet')],
  ['without an end', text.replace(/\nExpiration Time: .*/, '')],
  ['that is no such text', 'I transfer all I have.'],
])('a text %s is passed to no wallet', (_name, changed) => {
  expect(() => checkSignInText(changed, expected, site)).toThrow(WalletRefused);
});

test('a site on this machine may be called by its other name, a public one may not', () => {
  const local = text.replaceAll(`https://${host}`, 'http://localhost:5173').replaceAll(host, 'localhost:5173');
  expect(() => checkSignInText(local, expected, siteAt('127.0.0.1:5308'))).not.toThrow();
  expect(() => checkSignInText(local, expected, site)).toThrow(WalletRefused);
  expect(() => checkSignInText(text, expected, siteAt('localhost:5173'))).toThrow(WalletRefused);
});

test('where the deployment names its domain, a text of the page’s own host is not enough', () => {
  expect(() => checkSignInText(text, expected, siteAt(host, host))).not.toThrow();
  expect(() => checkSignInText(text, expected, siteAt(host, 'quantdesk.com'))).toThrow(WalletRefused);
  const elsewhere = text.replaceAll(host, 'quantdesk.com');
  expect(() => checkSignInText(elsewhere, expected, siteAt(host, 'quantdesk.com'))).toThrow(WalletRefused);
});

test('a confirmation names the request and every field of it', () => {
  const operation = 'POST /api/auth/sessions';
  const statement = confirmationStatement(operation, { name: "my 'bot'", expires_in_days: 30 });
  expect(statement).toBe(
    "Confirm one operation at QuantDesk: POST /api/auth/sessions with name: 'my ?bot?', expires_in_days: 30. Sign only if you asked for it just now.",
  );
  const asked = text.replace(signInStatement, statement);
  expect(() => checkSignInText(asked, { address, statement }, site)).not.toThrow();
  const other = confirmationStatement(operation, { name: 'other', expires_in_days: 365 });
  expect(() => checkSignInText(asked, { address, statement: other }, site)).toThrow(WalletRefused);
});
