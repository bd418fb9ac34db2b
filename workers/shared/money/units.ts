/**
 * Money is integers. Each quantity of the exchange is a bigint in a fixed unit; the brand keeps one unit from being used as another.
 * Arithmetic on branded values gives plain bigint: the function that knows the resulting unit brands it again.
 */
declare const unit: unique symbol;
type Branded<Name extends string> = bigint & { readonly [unit]: Name };

/** Price, confidence and EMA: 1e-8 USD per base unit, u64. */
export type Price = Branded<'price'>;
/** Quantity and open interest: 1e-8 base unit, u64. */
export type Size = Branded<'size'>;
/** Margin, fee, profit, balance: 1e-6 USDC; signed, at most 1e18 either way. */
export type Quote = Branded<'quote'>;
/** Sum of size × price: 1e-16 USD, u128. */
export type EntryValue = Branded<'entryValue'>;
/** Basis points: 1e-4. */
export type Bps = Branded<'bps'>;
/** Funding and borrow rate: 1e-9 per hour, i64. */
export type Rate = Branded<'rate'>;
/** Cumulative funding or borrow: 1e-18 USD per base unit, i128. */
export type IndexValue = Branded<'indexValue'>;
/** Size × index, and equity: 1e-26 USD, i128. */
export type FineValue = Branded<'fineValue'>;

export const price = (value: bigint): Price => value as Price;
export const size = (value: bigint): Size => value as Size;
export const quote = (value: bigint): Quote => value as Quote;
export const entryValue = (value: bigint): EntryValue => value as EntryValue;
export const bps = (value: bigint): Bps => value as Bps;
export const rate = (value: bigint): Rate => value as Rate;
export const indexValue = (value: bigint): IndexValue => value as IndexValue;
export const fineValue = (value: bigint): FineValue => value as FineValue;

export const PRICE_DECIMALS = 8;
export const SIZE_DECIMALS = 8;
export const QUOTE_DECIMALS = 6;
export const BPS_DECIMALS = 4;
export const RATE_DECIMALS = 9;
export const INDEX_DECIMALS = 18;
/** Leverage travels in hundredths. */
export const LEVERAGE_DECIMALS = 2;

export const PRICE_SCALE = 10n ** 8n;
export const SIZE_SCALE = 10n ** 8n;
export const QUOTE_SCALE = 10n ** 6n;
export const BPS_SCALE = 10n ** 4n;
export const RATE_SCALE = 10n ** 9n;
/** From a quote amount (1e-6) to an entry value (1e-16). */
export const ENTRY_VALUE_PER_QUOTE = 10n ** 10n;
/** From a quote amount (1e-6) to a fine value (1e-26). */
export const FINE_VALUE_PER_QUOTE = 10n ** 20n;
/** From an entry value (1e-16) to a fine value (1e-26). */
export const FINE_VALUE_PER_ENTRY_VALUE = 10n ** 10n;

export const U64_MAX = (1n << 64n) - 1n;
export const I64_MAX = (1n << 63n) - 1n;
export const I64_MIN = -(1n << 63n);
export const U128_MAX = (1n << 128n) - 1n;
export const I128_MAX = (1n << 127n) - 1n;
export const I128_MIN = -(1n << 127n);
/** Largest quote amount the program keeps: 1e12 USDC. */
export const QUOTE_MAX = 10n ** 18n;
