/**
 * Decimals at the boundary: `z.decode` reads a JSON number (exact text from `decodeJson`), a string or a plain number into a branded
 * integer; `z.encode` writes it as an exact JSON number. In schemas and OpenAPI they are `{type: number, format: decimal}`.
 */
import { z } from 'zod';
import { DecimalError, type DecimalUnit, formatDecimal, parseDecimal } from './decimal.ts';
import { decimalTextOf, isRawJson, jsonDecimal } from './json.ts';
import {
  type Price,
  type Quote,
  type Rate,
  type Size,
  I64_MAX,
  I64_MIN,
  LEVERAGE_DECIMALS,
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  QUOTE_MAX,
  RATE_DECIMALS,
  SIZE_DECIMALS,
  U64_MAX,
} from './units.ts';

/** A decimal on the wire: a number, decimal text, or a raw JSON number. */
export type DecimalWire = number | string | object;

const isDecimalWire = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'string' || isRawJson(value);

interface DecimalCodecOptions {
  readonly description: string;
  readonly unit: DecimalUnit;
}

/** What both sides of a decimal codec tell JSON Schema and OpenAPI; `z.any()` carries it because raw JSON numbers have no type there. */
const decimalMeta = ({ description, unit }: DecimalCodecOptions) =>
  ({
    type: 'number',
    format: 'decimal',
    description,
    // Stays beside a field's own description, which replaces this one.
    'x-unit': description,
    minimum: boundOf(unit.min, unit.decimals),
    maximum: boundOf(unit.max, unit.decimals),
  }) as const;

/** A bound as a JSON number: where a double cannot hold it, the next whole number inside. */
function boundOf(value: bigint, decimals: number): number {
  const scale = 10n ** BigInt(decimals);
  const isExact = value >= -BigInt(Number.MAX_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isExact ? Number(formatDecimal(value, decimals)) : Number(value / scale);
}

/** Says what to do where a decimal is no decimal of the unit. Which field it is, the one who reads the whole value says. */
function decimalIssue(error: unknown, { decimals, min, max }: DecimalUnit): { message: string; reason: string } {
  if (!(error instanceof DecimalError)) throw error;
  if (error.reason !== 'range') return { message: error.message, reason: error.reason };
  const message = `Give between ${formatDecimal(min, decimals)} and ${formatDecimal(max, decimals)}.`;
  return { message, reason: error.reason };
}

const notANumber = ({ input }: { readonly input?: unknown }): string =>
  `${input === undefined ? 'Missing. ' : ''}Give a decimal number: 12.5 or "12.5".`;

/** Codec of a decimal unit: wire ↔ T. `toDomain` brands the integer, `toInteger` undoes it. */
function decimalCodec<T>(
  options: DecimalCodecOptions,
  toDomain: (value: bigint) => T,
  toInteger: (value: T) => bigint,
) {
  const { unit } = options;
  const wire: z.ZodType<DecimalWire, DecimalWire> = z
    .any()
    .refine(isDecimalWire, { error: notANumber })
    .meta(decimalMeta(options));
  const domain: z.ZodType<T, T> = z
    .any()
    .refine((value) => typeof value === 'bigint' || typeof value === 'number')
    .meta(decimalMeta(options));
  return z
    .codec(wire, domain, {
      decode: (value, context) => {
        const text = decimalTextOf(value);
        if (text === null) {
          const message = 'It has more digits than a JSON number keeps; send it as text, like "12.5".';
          context.issues.push({ code: 'custom', message, input: value, params: { decimal: 'precision' } });
          return z.NEVER;
        }
        try {
          return toDomain(parseDecimal(text, unit));
        } catch (error) {
          const { message, reason } = decimalIssue(error, unit);
          context.issues.push({ code: 'custom', message, input: value, params: { decimal: reason } });
          return z.NEVER;
        }
      },
      encode: (value) => jsonDecimal(formatDecimal(toInteger(value), unit.decimals)),
    })
    .meta(decimalMeta(options));
}

const branded = <T extends bigint>(options: DecimalCodecOptions) =>
  decimalCodec<T>(
    options,
    (value) => value as T,
    (value) => value,
  );

/** A price above 0, 1e-8 USD. */
export const priceCodec = branded<Price>({
  description: 'USD per base unit, at most 8 decimals',
  unit: { decimals: PRICE_DECIMALS, min: 1n, max: U64_MAX },
});

/** A distance between prices, 0 allowed, 1e-8 USD (a confidence, a spread). */
export const priceWidthCodec = branded<Price>({
  description: 'USD per base unit, 0 or above, at most 8 decimals',
  unit: { decimals: PRICE_DECIMALS, min: 0n, max: U64_MAX },
});

/** A change of price, 1e-8 USD. */
export const signedPriceCodec = branded<Price>({
  description: 'USD per base unit, signed, at most 8 decimals',
  unit: { decimals: PRICE_DECIMALS, min: I64_MIN, max: I64_MAX },
});

/** A quantity of the base asset, 0 allowed, 1e-8. */
export const sizeCodec = branded<Size>({
  description: 'Base units, at most 8 decimals',
  unit: { decimals: SIZE_DECIMALS, min: 0n, max: U64_MAX },
});

/** A quantity to trade: above 0, 1e-8. */
export const positiveSizeCodec = branded<Size>({
  description: 'Base units above 0, at most 8 decimals',
  unit: { decimals: SIZE_DECIMALS, min: 1n, max: U64_MAX },
});

/** A signed quantity of the base asset, 1e-8 (a skew). */
export const signedSizeCodec = branded<Size>({
  description: 'Base units, signed, at most 8 decimals',
  unit: { decimals: SIZE_DECIMALS, min: I64_MIN, max: I64_MAX },
});

/** An amount of USDC, 0 allowed, 1e-6. */
export const quoteCodec = branded<Quote>({
  description: 'USDC, at most 6 decimals',
  unit: { decimals: QUOTE_DECIMALS, min: 0n, max: QUOTE_MAX },
});

/** An amount of USDC to move: above 0, 1e-6. */
export const positiveQuoteCodec = branded<Quote>({
  description: 'USDC above 0, at most 6 decimals',
  unit: { decimals: QUOTE_DECIMALS, min: 1n, max: QUOTE_MAX },
});

/** A signed amount of USDC (profit and loss, a change of margin), 1e-6. */
export const signedQuoteCodec = branded<Quote>({
  description: 'USDC, signed, at most 6 decimals',
  unit: { decimals: QUOTE_DECIMALS, min: -QUOTE_MAX, max: QUOTE_MAX },
});

/** A rate per hour, 1e-9. */
export const rateCodec = branded<Rate>({
  description: 'Share per hour, at most 9 decimals',
  unit: { decimals: RATE_DECIMALS, min: I64_MIN, max: I64_MAX },
});

/** Largest leverage any market may offer. */
const leverageMax = 100;

/** Leverage ↔ hundredths as a number: 20 is 2000. */
export const leverageCodec = decimalCodec<number>(
  {
    description: 'Times the margin, at most 2 decimals',
    unit: { decimals: LEVERAGE_DECIMALS, min: 1n, max: BigInt(leverageMax * 100) },
  },
  Number,
  BigInt,
);

/** Largest ratio shown: a position about to be liquidated is leveraged far above any market's limit. */
const ratioMax = 1_000_000;

/** Leverage of what stands now ↔ hundredths as a number, 0 allowed, far above any market's limit near liquidation. */
export const effectiveLeverageCodec = decimalCodec<number>(
  {
    description: 'Times the margin, at most 2 decimals',
    unit: { decimals: LEVERAGE_DECIMALS, min: 0n, max: BigInt(ratioMax * 100) },
  },
  Number,
  BigInt,
);

/** Basis points, 0…10,000, ↔ decimal share: 0.005 is 50. */
export const bpsShareCodec = decimalCodec<number>(
  { description: 'Share of 1, at most 4 decimals', unit: { decimals: 4, min: 0n, max: 10_000n } },
  Number,
  BigInt,
);

/** Basis points of any sign ↔ decimal ratio: a margin of a notional, a distance of a price. */
export const signedRatioCodec = decimalCodec<number>(
  {
    description: 'Ratio, at most 4 decimals',
    unit: { decimals: 4, min: BigInt(-ratioMax) * 10_000n, max: BigInt(ratioMax) * 10_000n },
  },
  Number,
  BigInt,
);
