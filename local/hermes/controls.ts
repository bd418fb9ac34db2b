import { z } from 'zod';
import { speedMax } from './options.ts';

/** What the replay does to its clients, for tests of how they cope. */
export const serviceModes = ['ok', 'unavailable', 'silent'] as const;
export type ServiceMode = (typeof serviceModes)[number];

const base = z.enum(['BTC', 'ETH', 'SOL']);
const decimal = z.string().regex(/^-?\d{1,10}(\.\d{1,8})?$/, 'a decimal with at most 8 places');
const positiveDecimal = z.string().regex(/^\d{1,10}(\.\d{1,8})?$/, 'a positive decimal with at most 8 places');

/**
 * A command of the control endpoint. Every field is optional and does one thing; several in one command are applied in
 * the order they stand here.
 */
export const controlSchema = z
  .strictObject({
    /** Everything back to the tape at its first moment and speed, no faults. */
    reset: z.literal(true),
    /** `unavailable`: 503 to every request; `silent`: open streams say nothing. */
    mode: z.enum(serviceModes),
    /** `publish_time` stops while ticks go on, as when the publishers of a feed are gone. */
    stale: z.boolean(),
    /** Cuts every open stream. */
    drop: z.literal(true),
    /** Confidence in bps of the price; null returns to the tape's. */
    confidence: z.strictObject({ base, bps: z.number().int().min(0).max(100_000).nullable() }),
    /** A fixed price in USD, which may be zero or negative; null returns to the tape. `ema` is the price's unless given. */
    price: z.strictObject({
      base,
      usd: decimal.nullable(),
      ema: positiveDecimal.optional(),
      conf: positiveDecimal.optional(),
    }),
    /** Moment of the tape to go to, as in `--at`. */
    jump: z.string(),
    /** Whether tape time stands still; publish times go on. */
    paused: z.boolean(),
    /** Tape minutes per minute. */
    speed: z.number().positive().max(speedMax),
  })
  .partial();

export type ControlCommand = z.infer<typeof controlSchema>;
