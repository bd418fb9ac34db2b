import { getWallets } from '@wallet-standard/app';
import type { Wallet } from '@wallet-standard/base';
import bs58 from 'bs58';
import { afterEach, expect, test } from 'vitest';

import { connectWallet, listWallets } from './standard.ts';
import { WalletRefused } from './types.ts';

const address = bs58.encode(new Uint8Array(32).fill(7));
const icon = 'data:image/svg+xml;base64,PHN2Zy8+';
const features = {
  'standard:connect': { connect: () => Promise.resolve({ accounts: [{ address }] }) },
  'solana:signMessage': { signMessage: () => Promise.resolve([]) },
  'solana:signTransaction': { signTransaction: () => Promise.resolve([]) },
};
const honest = { name: 'Honest', icon, features };

let leave: (() => void) | undefined;
afterEach(() => leave?.());
/** Anything can announce itself: none of these is a wallet to the compiler either. */
const announce = (...wallets: readonly unknown[]) => (leave = getWallets().register(...(wallets as Wallet[])));

const connectWith = (connect: () => unknown) => {
  announce({ ...honest, features: { ...features, 'standard:connect': { connect } } });
  const [wallet] = listWallets();
  if (wallet === undefined) throw new Error('the wallet is not found');
  return connectWallet(wallet, 'solana:localnet');
};

test('a wallet that is broken is left out, and the others can still be chosen', () => {
  const throwing = {
    get name(): string {
      throw new Error('broken');
    },
  };
  const broken = [null, {}, { ...honest, features: null }, { ...honest, name: {} }, { ...honest, name: '\u202e' }];
  announce(throwing, ...broken, honest);
  expect(listWallets().map(({ name }) => name)).toEqual(['Honest']);
});

test('a name is one short line of characters that can be seen, and an icon comes with the wallet', () => {
  announce(
    { ...honest, name: 'Ho\u202enest\n\u200b' },
    { ...honest, name: 'A'.repeat(5_000) },
    { ...honest, icon: 'https://elsewhere.example/icon.png' },
    { ...honest, icon: 5 },
  );
  const found = listWallets();
  expect(found.map(({ name }) => name)).toEqual(['Honest', 'A'.repeat(40), 'Honest', 'Honest']);
  expect(found.map((wallet) => wallet.icon)).toEqual([icon, icon, undefined, undefined]);
});

test.each([
  ['throws at once', () => expect.fail('no'), 'The wallet did not sign (no).'],
  ['refuses', () => Promise.reject(new Error('later')), 'The wallet did not sign (later).'],
  ['answers nothing', () => undefined, 'Honest shared no account.'],
  ['shares no list', () => ({ accounts: address }), 'Honest shared no account.'],
  ['shares nothing in a list', () => ({ accounts: [null] }), 'Honest shared no account.'],
  ['shares no address', () => ({ accounts: [{ address: 5 }] }), 'Honest shared an account without a valid address.'],
])('a wallet that %s is refused by its name', async (_what, connect, message) => {
  await expect(connectWith(connect)).rejects.toThrow(new WalletRefused(message));
});

test('a wallet that signs with something else than bytes is refused', async () => {
  const wallet = await connectWith(features['standard:connect'].connect);
  await expect(wallet.signIn('a text')).rejects.toThrow('what it returned is no signature');
  await expect(wallet.signTransaction(new Uint8Array(3))).rejects.toThrow('what it returned is no transaction');
});
