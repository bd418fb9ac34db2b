import type { PublicKey } from '@solana/web3.js';
import { AddressLookupTableAccount, type MessageV0, VersionedTransaction } from '@solana/web3.js';
import bs58 from 'bs58';
import type { ChainAccount } from './account.ts';

/** Largest serialized transaction, in bytes: one network packet. */
export const transactionBytesMax = 1_232;

/** The bytes are not a transaction. */
export class MalformedTransaction extends Error {}

/** A decoded transaction with its addresses resolved. */
export interface ChainTransaction {
  readonly raw: Uint8Array;
  /** Base58 of the first signature: the transaction's name. */
  readonly signature: string;
  readonly version: 'legacy' | 0;
  readonly decoded: VersionedTransaction;
  /** Keys in the runtime's order: the message's own, then loaded writable ones, then loaded read-only ones. */
  readonly keys: readonly string[];
  readonly writable: readonly boolean[];
  readonly loaded: { readonly writable: readonly string[]; readonly readonly: readonly string[] };
}

type AccountReader = (key: string) => ChainAccount | undefined;

/** Decodes a transaction and resolves its lookup tables. Throws `MalformedTransaction`. */
export function decodeTransaction(raw: Uint8Array, account: AccountReader): ChainTransaction {
  if (raw.length > transactionBytesMax) throw new MalformedTransaction(`larger than ${transactionBytesMax} bytes`);
  const decoded = deserialize(raw);
  const { message } = decoded;
  const [first] = decoded.signatures;
  if (first === undefined) throw new MalformedTransaction('it has no signature');
  const version = message.version;
  const loaded = version === 'legacy' ? { writable: [], readonly: [] } : loadedKeys(message as MessageV0, account);
  const own = message.staticAccountKeys.map((key) => key.toBase58());
  const writable = [
    ...own.map((_, index) => message.isAccountWritable(index)),
    ...loaded.writable.map(() => true),
    ...loaded.readonly.map(() => false),
  ];
  const keys = [...own, ...loaded.writable, ...loaded.readonly];
  return { raw, signature: bs58.encode(first), version, decoded, keys, writable, loaded };
}

function deserialize(raw: Uint8Array): VersionedTransaction {
  try {
    const decoded = VersionedTransaction.deserialize(raw);
    const { header, staticAccountKeys } = decoded.message;
    const complete = staticAccountKeys.every((key) => key.toBytes().length === 32);
    if (complete && header.numRequiredSignatures === decoded.signatures.length && decoded.signatures.length > 0) {
      return decoded;
    }
  } catch {
    // Falls through: web3.js throws errors of many kinds on truncated bytes.
  }
  throw new MalformedTransaction('failed to deserialize');
}

function loadedKeys(message: MessageV0, account: AccountReader): ChainTransaction['loaded'] {
  const writable: string[] = [];
  const readonly: string[] = [];
  for (const lookup of message.addressTableLookups) {
    const table = account(lookup.accountKey.toBase58());
    // A missing table or index is the runtime's to refuse; the keys then stay unresolved.
    const addresses = table === undefined ? [] : tableAddresses(table.data);
    const resolve = (indexes: readonly number[]) =>
      indexes.map((index) => addresses[index]?.toBase58()).filter((key): key is string => key !== undefined);
    writable.push(...resolve(lookup.writableIndexes));
    readonly.push(...resolve(lookup.readonlyIndexes));
  }
  return { writable, readonly };
}

function tableAddresses(data: Uint8Array): readonly PublicKey[] {
  try {
    return AddressLookupTableAccount.deserialize(data).addresses;
  } catch {
    return [];
  }
}
