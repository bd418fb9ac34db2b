import type { MessageV0 } from '@solana/web3.js';
import bs58 from 'bs58';
import { decodeTransaction } from '../message.ts';
import type { LandedTransaction } from '../store.ts';

export type TransactionEncoding = 'json' | 'base58' | 'base64';

/** A landed transaction as getTransaction answers it. `version` is left out where the client did not ask for versions. */
export function transactionJson(landed: LandedTransaction, encoding: TransactionEncoding, versioned: boolean): unknown {
  const { slot, time, meta, raw, version } = landed;
  const transaction = encoding === 'json' ? messageJson(raw) : [encoded(raw, encoding), encoding];
  return { slot, blockTime: time, meta, transaction, ...(versioned ? { version } : {}) };
}

function encoded(raw: Uint8Array, encoding: 'base58' | 'base64'): string {
  return encoding === 'base64' ? Buffer.from(raw).toString('base64') : bs58.encode(raw);
}

function messageJson(raw: Uint8Array): unknown {
  // Loaded addresses are part of meta: no table needs to be read here.
  const { decoded, version } = decodeTransaction(raw, () => undefined);
  const { message } = decoded;
  const { numRequiredSignatures, numReadonlySignedAccounts, numReadonlyUnsignedAccounts } = message.header;
  const instructions = message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => {
    return { programIdIndex, accounts: [...accountKeyIndexes], data: bs58.encode(data), stackHeight: null };
  });
  return {
    signatures: decoded.signatures.map((signature) => bs58.encode(signature)),
    message: {
      accountKeys: message.staticAccountKeys.map((key) => key.toBase58()),
      header: { numRequiredSignatures, numReadonlySignedAccounts, numReadonlyUnsignedAccounts },
      recentBlockhash: message.recentBlockhash,
      instructions,
      ...(version === 'legacy' ? {} : { addressTableLookups: lookupsJson(message as MessageV0) }),
    },
  };
}

function lookupsJson(message: MessageV0): unknown {
  return message.addressTableLookups.map(({ accountKey, writableIndexes, readonlyIndexes }) => {
    return { accountKey: accountKey.toBase58(), writableIndexes, readonlyIndexes };
  });
}
