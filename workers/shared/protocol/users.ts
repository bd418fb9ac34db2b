import * as z from 'zod';
import { leverageCodec } from '#shared/money/codecs.ts';
import { bpsSchema } from './common.ts';

/** Bytes of a trader's preferences as JSON text. */
export const preferencesBytesMax = 4_096;
/** How deep objects and lists may be nested in them. */
const preferencesDepthMax = 5;

export const riskLevelSchema = z.enum(['conservative', 'moderate', 'aggressive']);
export const kycStatusSchema = z.enum(['pending', 'verified', 'rejected']);

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}

/** Integers of decimals count as their digits. */
const bytesOf = (value: unknown): number =>
  new TextEncoder().encode(
    JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)),
  ).length;

/** What orders that name no leverage or slippage take, and whatever a client keeps beside it. */
export const tradingPreferencesSchema = z
  .object({
    default_leverage: leverageCodec
      .optional()
      .meta({ description: 'Leverage of orders that name none; the risk level and the market cap it' }),
    max_slippage_bps: bpsSchema.optional().meta({ description: 'Slippage of market orders that name none' }),
  })
  .catchall(z.unknown())
  .refine((value) => isShallow(value, preferencesDepthMax), `At most ${preferencesDepthMax} levels of nesting.`)
  .refine(
    (value) => !isShallow(value, preferencesDepthMax) || bytesOf(value) <= preferencesBytesMax,
    `At most ${preferencesBytesMax} bytes of JSON.`,
  )
  .meta({ id: 'TradingPreferences' });

export type TradingPreferences = z.output<typeof tradingPreferencesSchema>;

const emailLengthMax = 255;

/** What a trader changes of his profile; what is not named stays. `trading_preferences` are replaced as a whole. */
export const changeProfileRequestSchema = z
  .strictObject({
    email: z
      .email()
      .max(emailLengthMax)
      .transform((text) => text.toLowerCase())
      .nullable()
      .optional(),
    risk_level: riskLevelSchema.optional(),
    trading_preferences: tradingPreferencesSchema.optional(),
  })
  .meta({ id: 'ChangeProfileRequest' });

/** What an erasure took away, and what it could not. */
export const erasedUserSchema = z
  .object({
    conversations: z.int().meta({ description: 'Conversations with the assistant that are gone' }),
    analyses: z.int().meta({ description: 'Analyses that are gone, or that nobody can tell were yours' }),
    alerts: z.int().meta({ description: 'Warnings that are gone' }),
    sessions: z.int().meta({ description: 'Sessions that ended, this one among them' }),
    kept: z.array(z.string()).meta({ description: 'What stays and why, for people' }),
  })
  .meta({ id: 'ErasedUser' });

export type ErasedUser = z.infer<typeof erasedUserSchema>;

export type ChangeProfileRequest = z.output<typeof changeProfileRequestSchema>;
