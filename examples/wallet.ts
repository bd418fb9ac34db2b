import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import bs58 from 'bs58';
import { Keypair, VersionedTransaction } from '@solana/web3.js';

/** A throw-away wallet of the examples: signs sign-in texts and transactions as a wallet app would. */
export interface ExampleWallet {
  readonly address: string;
  /** Base58 ed25519 signature over the text. */
  signMessage(text: string): string;
  /** Signs a base64 transaction and gives it back in base64. */
  signTransaction(base64: string): string;
}

const seedBytes = 32;
/** What stands before the seed in an ed25519 key's PKCS #8 form (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export function createWallet(): ExampleWallet {
  return walletOf(generateKeyPairSync('ed25519').privateKey);
}

/** The wallet of a secret key as wallets export it: 64 bytes in base58. */
export function walletOfSecret(secret: string): ExampleWallet {
  const der = Buffer.concat([pkcs8Prefix, bs58.decode(secret).subarray(0, seedBytes)]);
  return walletOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

function walletOf(privateKey: KeyObject): ExampleWallet {
  const keypair = Keypair.fromSeed(seedOf(privateKey));
  return {
    address: keypair.publicKey.toBase58(),
    signMessage: (text) => bs58.encode(sign(null, Buffer.from(text), privateKey)),
    signTransaction: (base64) => {
      const transaction = VersionedTransaction.deserialize(Buffer.from(base64, 'base64'));
      transaction.sign([keypair]);
      return Buffer.from(transaction.serialize()).toString('base64');
    },
  };
}

/** The last 32 bytes of an ed25519 key's PKCS #8 form are its seed. */
const seedOf = (key: KeyObject): Uint8Array => key.export({ format: 'der', type: 'pkcs8' }).subarray(-seedBytes);
