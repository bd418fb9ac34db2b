import bs58 from 'bs58';

import {
  MalformedTransaction,
  headerBytes,
  keyBytes,
  readCompact,
  readTransaction,
  versionFlag,
} from '../transaction-bytes.ts';

export interface ReadInstruction {
  /** Base58. */
  readonly program: string;
  /** Base58, in the order of the instruction. */
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
}

/** What a transaction does, as far as it can be read without the chain. */
export interface ReadMessage {
  /** Who pays. */
  readonly feePayer: string;
  /** Who has to sign. */
  readonly signers: readonly string[];
  readonly instructions: readonly ReadInstruction[];
}

/** Reads bytes one after the other. @throws MalformedTransaction past their end */
function createReader(bytes: Uint8Array, start: number) {
  let at = start;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new MalformedTransaction('the transaction ends too early');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const count = (): number => {
    const { value, next } = readCompact(bytes, at);
    at = next;
    return value;
  };
  return { take, count, isAtEnd: () => at === bytes.length };
}

/**
 * Takes a serialised transaction apart. Accounts behind lookup tables cannot be read without the chain, so that such a transaction is refused,
 * and so is one with anything behind its end.
 *
 * @throws MalformedTransaction
 */
export function readMessage(transaction: Uint8Array): ReadMessage {
  const { message, signers } = readTransaction(transaction);
  const isVersioned = ((message[0] ?? 0) & versionFlag) !== 0;
  if (isVersioned && message[0] !== versionFlag) throw new MalformedTransaction('a version that is not known');
  const reader = createReader(message, (isVersioned ? 1 : 0) + headerBytes);
  const keys = Array.from({ length: reader.count() }, () => bs58.encode(reader.take(keyBytes)));
  const keyAt = (index: number | undefined): string => {
    const key = index === undefined ? undefined : keys[index];
    if (key === undefined) throw new MalformedTransaction('an account that is not in the transaction');
    return key;
  };
  // The recent blockhash.
  reader.take(keyBytes);
  const instructions = Array.from({ length: reader.count() }, () => {
    const program = keyAt(reader.take(1)[0]);
    const accounts = Array.from(reader.take(reader.count()), keyAt);
    return { program, accounts, data: reader.take(reader.count()) };
  });
  if (isVersioned && reader.count() !== 0) throw new MalformedTransaction('accounts behind a lookup table');
  if (!reader.isAtEnd()) throw new MalformedTransaction('something behind the end of the transaction');
  return { feePayer: keyAt(0), signers: signers.map((key) => bs58.encode(key)), instructions };
}
