import anchor from '@coral-xyz/anchor';
import { PublicKey } from '@solana/web3.js';

/** What decoding gives, in plain values: BN → bigint, keys → base58 text, byte arrays stay arrays, enums become their name. */
export type Plain<T> = T extends anchor.BN
  ? bigint
  : T extends PublicKey
    ? string
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [Key in keyof T]: Plain<T[Key]> }
        : T;

const isEnum = (value: object): boolean => {
  const entries = Object.entries(value);
  const only = entries.length === 1 ? entries[0]?.[1] : undefined;
  return typeof only === 'object' && only !== null && !(only instanceof anchor.BN) && Object.keys(only).length === 0;
};

/** Decoded data of the program in plain values; an enum without fields becomes `{ name: {} }` as the client gives it. */
export function plain<T>(value: T): Plain<T> {
  if (value instanceof anchor.BN) return BigInt(value.toString()) as Plain<T>;
  if (value instanceof PublicKey) return value.toBase58() as Plain<T>;
  if (Array.isArray(value)) return value.map((item) => plain(item)) as Plain<T>;
  if (typeof value !== 'object' || value === null || isEnum(value)) return value as Plain<T>;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) as Plain<T>;
}

/** A bigint as the client takes it. */
export const bn = (value: bigint): anchor.BN => new anchor.BN(value.toString());
