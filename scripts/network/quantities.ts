import { PublicKey } from '@solana/web3.js';
import * as z from 'zod';
import { DecimalError, formatDecimal, parseDecimal } from '#shared/money/decimal.ts';

/** An amount with its unit behind it, as people write it: "2_000_000 USDC", "0.01 %/h". */
export interface QuantityUnit {
  /** What stands behind the number. */
  readonly name: string;
  /** Decimals of the program's integer: 6 means 1e-6 of the named unit. */
  readonly decimals: number;
}

export const usdcUnit: QuantityUnit = { name: 'USDC', decimals: 6 };
/** Rates are 1e-9 per hour in the program; a per cent is 1e-2. */
export const rateUnit: QuantityUnit = { name: '%/h', decimals: 7 };
export const solUnit: QuantityUnit = { name: 'SOL', decimals: 9 };
export const baseUnit = (base: string): QuantityUnit => ({ name: base, decimals: 8 });

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, '_');

/** An amount the way the files write it, every digit of it. */
export function quantityText(value: bigint, unit: QuantityUnit): string {
  const [whole = '0', fraction] = formatDecimal(value, unit.decimals).split('.');
  return `${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`} ${unit.name}`;
}

/** A setting that says what it must be whenever it is not. */
function setting<Value>(expected: string, read: (value: unknown) => Value | null): z.ZodType<Value> {
  return z.unknown().transform((value, context): Value => {
    const found = read(value);
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  }) as unknown as z.ZodType<Value>;
}

/** A whole number within bounds, inclusive. */
export const wholeNumber = (min: number, max: number): z.ZodType<number> =>
  setting(`must be a whole number from ${grouped(String(min))} to ${grouped(String(max))}`, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : null,
  );

const quantityPattern = /^((?:0|[1-9][\d_]*)(?:\.\d+)?) (\S+)$/;

/** An amount within bounds (inclusive, in the program's integers). */
export function quantity(unit: QuantityUnit, min: bigint, max: bigint): z.ZodType<bigint> {
  const range = `from ${quantityText(min, unit)} to ${quantityText(max, unit)}`;
  return setting(`must be text like "10 ${unit.name}" ${range}, with at most ${unit.decimals} decimals`, (value) => {
    const [, digits, name] = (typeof value === 'string' ? quantityPattern.exec(value) : null) ?? [];
    if (digits === undefined || name !== unit.name) return null;
    try {
      return parseDecimal(digits.replaceAll('_', ''), { decimals: unit.decimals, min, max });
    } catch (error) {
      if (error instanceof DecimalError) return null;
      throw error;
    }
  });
}

/** A Solana address in base58. */
export const address: z.ZodType<string> = setting('must be a Solana address (base58, 32 bytes)', (value) => {
  if (typeof value !== 'string' || !/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(value)) return null;
  try {
    const key = new PublicKey(value);
    return key.equals(PublicKey.default) ? null : key.toBase58();
  } catch {
    return null;
  }
});

/** A Pyth feed id. */
export const feedId: z.ZodType<string> = setting(
  'must be a Pyth feed id: 64 hexadecimal digits, without 0x',
  (value) => (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : null),
);

/** One of a few words. */
export const oneOf = <const Word extends string>(...words: readonly Word[]): z.ZodType<Word> =>
  setting(`must be one of ${words.join(', ')}`, (value) => words.find((word) => word === value) ?? null);

export const yesOrNo: z.ZodType<boolean> = setting('must be true or false', (value) =>
  typeof value === 'boolean' ? value : null,
);

/** The address of a server. */
export const httpUrl: z.ZodType<string> = setting('must be an http:// or https:// address', (value) =>
  typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '') ? value : null,
);

/** A path, or any other text that is not empty. */
export const text: z.ZodType<string> = setting('must be text', (value) =>
  typeof value === 'string' && value !== '' ? value : null,
);

/** A list of different addresses. */
export const addresses = (min: number, max: number): z.ZodType<string[]> =>
  setting(`must be ${min} to ${max} different Solana addresses`, (value) => {
    const parsed = z.array(address).min(min).max(max).safeParse(value);
    return parsed.success && new Set(parsed.data).size === parsed.data.length ? parsed.data : null;
  });
