/**
 * Exact decimal text ↔ integer of a unit. No float takes part: "0.1" in a unit of 6 decimals is 100000n, and back.
 */
import { I64_MAX, I64_MIN, U64_MAX } from './units.ts';
import { abs } from './divide.ts';

/** Why a decimal was refused: not a number, finer than the unit, or out of the unit's bounds. */
export type DecimalErrorReason = 'syntax' | 'precision' | 'range';

/** A decimal the caller has to correct; the message says how. */
export class DecimalError extends Error {
  readonly reason: DecimalErrorReason;

  constructor(reason: DecimalErrorReason, message: string) {
    super(message);
    this.name = 'DecimalError';
    this.reason = reason;
  }
}

/** What a decimal may be, besides finite. */
export interface DecimalUnit {
  /** Decimals of one unit: 6 means 1e-6. */
  readonly decimals: number;
  /** Bounds of the integer, inclusive. */
  readonly min: bigint;
  readonly max: bigint;
}

/** An unsigned 64-bit amount of `decimals` decimals, as the program keeps prices and sizes. */
export const unsignedUnit = (decimals: number): DecimalUnit => ({ decimals, min: 0n, max: U64_MAX });
/** A signed 64-bit amount of `decimals` decimals. */
export const signedUnit = (decimals: number): DecimalUnit => ({ decimals, min: I64_MIN, max: I64_MAX });

/** Longest text read: more digits than any unit has, and a bound for the work of reading it. */
const decimalTextLengthMax = 80;
/** Largest exponent read, either way. */
const exponentMax = 60;
const JSON_NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

interface Digits {
  readonly negative: boolean;
  /** All digits, without the point and without zeros at the end. */
  readonly mantissa: bigint;
  /** value = mantissa · 10^exponent. */
  readonly exponent: number;
}

function readDigits(text: string): Digits {
  const match = text.length <= decimalTextLengthMax ? JSON_NUMBER.exec(text) : null;
  if (match === null)
    throw new DecimalError('syntax', `${quoteText(text)} is not a decimal number; write it like 12.5 or 1e-7`);
  const [, signText, whole = '0', fraction = '', exponentText = '0'] = match;
  const digits = (whole + fraction).replace(/0+$/, '');
  const zerosDropped = whole.length + fraction.length - digits.length;
  const exponent = Number(exponentText) - fraction.length + zerosDropped;
  const mantissa = BigInt(digits === '' ? '0' : digits);
  if (mantissa === 0n) return { negative: false, mantissa, exponent: 0 };
  if (Math.abs(exponent) > exponentMax) throw new DecimalError('range', `${quoteText(text)} is out of range`);
  return { negative: signText === '-', mantissa, exponent };
}

/**
 * Reads a decimal, in the syntax of JSON numbers, as an integer of the unit.
 * Throws DecimalError: `syntax`, `precision` (digits below the unit that are not zero), `range`.
 */
export function parseDecimal(text: string, unit: DecimalUnit): bigint {
  const { negative, mantissa, exponent } = readDigits(text);
  const shift = exponent + unit.decimals;
  if (mantissa !== 0n && shift < 0) {
    throw new DecimalError(
      'precision',
      `${quoteText(text)} has more than ${unit.decimals} decimals; round it to ${unit.decimals}`,
    );
  }
  const magnitude = mantissa === 0n ? 0n : mantissa * 10n ** BigInt(shift);
  const value = negative ? -magnitude : magnitude;
  if (value < unit.min || value > unit.max) throw new DecimalError('range', rangeMessage(text, unit));
  return value;
}

/** parseDecimal as a value: null where it would throw. */
export function tryParseDecimal(text: string, unit: DecimalUnit): bigint | null {
  try {
    return parseDecimal(text, unit);
  } catch (error) {
    if (error instanceof DecimalError) return null;
    throw error;
  }
}

/** The exact decimal text, shortest form: 1500000n with 6 decimals is "1.5". Always valid JSON. */
export function formatDecimal(value: bigint, decimals: number): string {
  const digits = abs(value)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function rangeMessage(text: string, unit: DecimalUnit): string {
  const [low, high] = [formatDecimal(unit.min, unit.decimals), formatDecimal(unit.max, unit.decimals)];
  return `${quoteText(text)} is out of range; it must be between ${low} and ${high}`;
}

/** The caller's own text in a message, cut so that a message stays a message. */
const quoteText = (text: string): string => `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
