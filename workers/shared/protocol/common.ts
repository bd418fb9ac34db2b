import bs58 from 'bs58';
import * as z from 'zod';
import { MARKET_SYMBOLS } from '#shared/markets.ts';

/** Longest list a caller can ask for at once. */
export const listLimitMax = 200;
export const listLimitDefault = 50;
/** Characters of an `Idempotency-Key`. */
export const idempotencyKeyLengthMax = 128;
const walletBytes = 32;

/**
 * Marks a check with the error code its failure answers with; checks without a mark answer VALIDATION_001.
 * Read by the API's validator.
 */
const withCode = (code: 'VALIDATION_004', message: string) => ({
  error: message,
  params: { code },
});

/** Bounds the work of decoding. */
const walletTextLengthMax = 44;

const isWalletAddress = (text: string): boolean => {
  if (text.length > walletTextLengthMax) return false;
  try {
    return bs58.decode(text).length === walletBytes;
  } catch {
    return false;
  }
};

/** A Solana public key: 32 bytes in base58. */
export const walletAddressSchema = z
  .string()
  .refine(
    isWalletAddress,
    withCode('VALIDATION_004', 'Give a Solana address: 32 bytes in base58, 32 to 44 characters.'),
  )
  .meta({
    description: 'Solana address: 32 bytes in base58',
    pattern: '^[1-9A-HJ-NP-Za-km-z]{32,44}$',
    examples: ['7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE'],
  });

/** A market of the exchange. An unknown symbol answers MARKET_001, none VALIDATION_001. */
export const marketSymbolSchema = z.enum(MARKET_SYMBOLS, {
  error: ({ input }) =>
    `${typeof input === 'string' ? 'Unknown market' : 'Name a market'}. Markets are ${MARKET_SYMBOLS.join(', ')}.`,
});

export const uuidSchema = z.uuid();

/** RFC 3339 in UTC with milliseconds. */
export const timestampSchema = z.iso.datetime();

/** Whole seconds since 1970, as Pyth's `publish_time`. */
export const unixSecondsSchema = z.int().min(0).max(4_102_444_800).meta({ description: 'Seconds since 1970' });

/** Basis points as a whole number. */
export const bpsSchema = z.int().min(0).max(10_000);

/** A transaction signature: 64 bytes in base58. */
export const signatureSchema = z
  .string()
  .regex(/^[1-9A-HJ-NP-Za-km-z]{64,88}$/, 'Give a transaction signature: 64 bytes in base58.')
  .meta({ description: 'Transaction signature, base58' });

/** Query of a list: newest first, `limit` rows after an opaque cursor (`X-Next-Cursor` of the page before). */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(listLimitMax).default(listLimitDefault),
  cursor: z.string().min(1).max(1024).optional(),
});

export type PageQuery = z.infer<typeof pageQuerySchema>;
