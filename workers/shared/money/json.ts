/**
 * Exact decimals in JSON: written as number tokens from integers (`JSON.rawJSON`), read from the token's own text (the reviver's
 * `context.source`), so that no digit passes through a float. Where a runtime lacks them, decimals travel as strings; both are accepted.
 */

interface RawJsonSupport {
  rawJSON?(text: string): object;
  isRawJSON?(value: unknown): boolean;
}

type SourceReviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const json = JSON as unknown as RawJsonSupport & { parse(text: string, reviver: SourceReviver): unknown };

/** A decimal on its way into JSON: a raw number token, or text where the runtime has none. */
export type JsonDecimal = object | string;

/** A decimal text (see `formatDecimal`) as a value that `JSON.stringify` writes as an exact number. */
export function jsonDecimal(text: string): JsonDecimal {
  return json.rawJSON === undefined ? text : json.rawJSON(text);
}

/** True for what `jsonDecimal` makes where the runtime has raw JSON. */
export function isRawJson(value: unknown): value is { readonly rawJSON: string } {
  return json.isRawJSON?.(value) ?? false;
}

/** The decimal text of a wire value: a string, a raw number token or a number. Null for anything else, and for a number that lost digits. */
export function decimalTextOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return exactNumberText(value);
  return isRawJson(value) ? value.rawJSON : null;
}

/** Decimal digits that every double keeps. */
const doubleDigitsMax = 15;

/**
 * A number somebody parsed without `decodeJson`: its shortest text is what was written, if that had at most 15 digits. Safe integers are
 * exact; anything longer may have lost digits.
 */
function exactNumberText(value: number): string | null {
  if (Number.isSafeInteger(value)) return (value === 0 ? 0 : value).toString();
  const text = value.toString();
  const digits = text.replace(/e.*$/, '').replace(/\D/g, '').replace(/^0+/, '');
  return Number.isFinite(value) && digits.length <= doubleDigitsMax ? text : null;
}

/** JSON text of a value. A bigint or a number that is not finite throws: it would be lost or turned into null. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'bigint') throw new TypeError(`${key || 'value'} is a bigint; encode it with its unit's codec`);
    if (typeof item === 'number' && !Number.isFinite(item))
      throw new TypeError(`${key || 'value'} is not a finite number`);
    return item;
  });
}

/**
 * Reads JSON without losing digits: a number token that is a safe integer in plain form stays a number, any other becomes its source text.
 * Throws SyntaxError as JSON.parse does.
 */
export function decodeJson(text: string): unknown {
  return json.parse(text, (_key, value, context) => {
    if (typeof value !== 'number') return value;
    const source = context?.source ?? String(value);
    return Number.isSafeInteger(value) && source === String(value) ? value : source;
  });
}
