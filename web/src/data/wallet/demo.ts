import bs58 from 'bs58';

import { placeSignature, readTransaction } from './transaction-bytes.ts';
import type { DeskWallet } from './types.ts';

/**
 * A key kept in this browser, for test networks alone: whoever reads the storage owns the wallet. The terminal offers it only where the
 * exchange hands out test funds.
 */
const storageKey = 'quantdesk.demo-wallet';
const secretBytes = 32;

function readSecret(): Uint8Array | undefined {
  const stored = localStorage.getItem(storageKey);
  if (stored === null) return undefined;
  try {
    const secret = bs58.decode(stored);
    return secret.length === secretBytes ? secret : undefined;
  } catch {
    return undefined;
  }
}

/** True when this browser already has a demo wallet. */
export function hasDemoWallet(): boolean {
  try {
    return readSecret() !== undefined;
  } catch {
    return false;
  }
}

/** Opens the demo wallet of this browser, or makes one. The curve is loaded only here. */
export async function openDemoWallet(): Promise<DeskWallet> {
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  const secret = readSecret() ?? ed25519.utils.randomSecretKey();
  localStorage.setItem(storageKey, bs58.encode(secret));
  const publicKey = ed25519.getPublicKey(secret);
  return {
    kind: 'demo',
    name: 'Demo wallet',
    address: bs58.encode(publicKey),
    icon: undefined,
    signIn: (message) =>
      Promise.resolve({ message, signature: ed25519.sign(new TextEncoder().encode(message), secret) }),
    signTransaction: (transaction) =>
      Promise.resolve(
        placeSignature(transaction, publicKey, ed25519.sign(readTransaction(transaction).message, secret)),
      ),
    disconnect: () => Promise.resolve(),
  };
}

/** Forgets the key. What the wallet holds is out of reach afterwards. */
export const forgetDemoWallet = (): void => localStorage.removeItem(storageKey);
