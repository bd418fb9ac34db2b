import { customType, timestamp } from 'drizzle-orm/pg-core';
import { formatDecimal, parseDecimal, unsignedUnit } from '#shared/money/decimal.ts';
import type { DecimalUnit } from '#shared/money/decimal.ts';
import { divFloor } from '#shared/money/divide.ts';
import {
  LEVERAGE_DECIMALS,
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  SIZE_DECIMALS,
  price,
  quote,
  size,
} from '#shared/money/units.ts';
import type { Price, Quote, Size } from '#shared/money/units.ts';

/** Places of `market_data.confidence`. */
export const CONFIDENCE_DECIMALS = 4;
/** numeric(20,8): 8 places after the point and 12 before it. */
const NUMERIC_DECIMALS = 8;
const NUMERIC_WHOLE_MAX = 10n ** 12n;

/** Everything the column can hold, in units of 10^-decimals. */
function numericUnit(decimals: number): DecimalUnit {
  const bound = NUMERIC_WHOLE_MAX * 10n ** BigInt(decimals);
  return { decimals, min: -bound, max: bound };
}

/** A moment with its time zone; Date in code. */
export const moment = (name: string) => timestamp(name, { withTimezone: true });

/** numeric(20,8) of 1e-8 USD per base unit. */
export const priceColumn = customType<{ data: Price; driverData: string }>({
  dataType: () => 'numeric(20, 8)',
  toDriver: (value) => formatDecimal(value, PRICE_DECIMALS),
  fromDriver: (text) => price(parseDecimal(text, numericUnit(PRICE_DECIMALS))),
});

/** numeric(20,8) of 1e-8 base units. */
export const sizeColumn = customType<{ data: Size; driverData: string }>({
  dataType: () => 'numeric(20, 8)',
  toDriver: (value) => formatDecimal(value, SIZE_DECIMALS),
  fromDriver: (text) => size(parseDecimal(text, numericUnit(SIZE_DECIMALS))),
});

/** numeric(20,8) of 1e-6 USDC: the last two places are zero. */
export const quoteColumn = customType<{ data: Quote; driverData: string }>({
  dataType: () => 'numeric(20, 8)',
  toDriver: (value) => formatDecimal(value, QUOTE_DECIMALS),
  fromDriver: (text) => quote(parseDecimal(text, numericUnit(QUOTE_DECIMALS))),
});

/** numeric(20,8) that the database computes as size × price: read rounded down to 1e-6 USDC. */
export const computedQuoteColumn = customType<{ data: Quote; driverData: string }>({
  dataType: () => 'numeric(20, 8)',
  toDriver: (value) => formatDecimal(value, QUOTE_DECIMALS),
  fromDriver: (text) => {
    const exact = parseDecimal(text, numericUnit(NUMERIC_DECIMALS));
    return quote(divFloor(exact, 10n ** BigInt(NUMERIC_DECIMALS - QUOTE_DECIMALS)));
  },
});

/** numeric(10,4) in USD, 1e-4 in code. */
export const confidenceColumn = customType<{ data: bigint; driverData: string }>({
  dataType: () => 'numeric(10, 4)',
  toDriver: (value) => formatDecimal(value, CONFIDENCE_DECIMALS),
  fromDriver: (text) => parseDecimal(text, unsignedUnit(CONFIDENCE_DECIMALS)),
});

/** numeric(5,2) leverage; hundredths in code: 2000 is 20×. */
export const leverageColumn = customType<{ data: number; driverData: string }>({
  dataType: () => 'numeric(5, 2)',
  toDriver: (value) => formatDecimal(BigInt(value), LEVERAGE_DECIMALS),
  fromDriver: (text) => Number(parseDecimal(text, unsignedUnit(LEVERAGE_DECIMALS))),
});

/** A stream or command number of the program. */
export const sequenceColumn = customType<{ data: bigint; driverData: string }>({
  dataType: () => 'bigint',
  toDriver: (value) => value.toString(),
  fromDriver: (text) => BigInt(text),
});
