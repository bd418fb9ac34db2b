import { PublicKey } from '@solana/web3.js';
import type { EventValue } from '#shared/events.ts';

/** What Anchor's coder returns for integers beyond 32 bits. */
interface BigNumber {
  toString(): string;
}

const isBigNumber = (value: object): value is BigNumber => value.constructor.name === 'BN' || 'redIMul' in value;

/**
 * A decoded Borsh value in the exchange's form: integers beyond 32 bits as bigint, keys as base58 text, field names in camelCase, an
 * enum without fields as its variant's name in snake_case.
 */
export function plainValue(value: unknown): EventValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint')
    return value;
  if (Array.isArray(value) || value instanceof Uint8Array) return Array.from(value, plainValue);
  if (typeof value !== 'object') throw new TypeError(`no plain form of a ${typeof value}`);
  if (value instanceof PublicKey) return value.toBase58();
  if (isBigNumber(value)) return BigInt(value.toString());
  const entries = Object.entries(value);
  const variant = unitVariant(entries);
  return variant ?? Object.fromEntries(entries.map(([name, field]) => [camelCase(name), plainValue(field)]));
}

function unitVariant(entries: readonly [string, unknown][]): string | null {
  const [only, ...rest] = entries;
  if (only === undefined || rest.length > 0) return null;
  const [name, fields] = only;
  const isUnit =
    typeof fields === 'object' && fields !== null && !isBigNumber(fields) && Object.keys(fields).length === 0;
  return isUnit ? snakeCase(name) : null;
}

/** `max_leverage` → `maxLeverage`. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '_'}${letter.toLowerCase()}`);
