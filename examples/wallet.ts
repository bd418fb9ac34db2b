import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
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

export function createWallet(): ExampleWallet {
  const { privateKey } = generateKeyPairSync('ed25519');
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
