import * as z from 'zod';
import { timestampSchema } from './common.ts';
import { priceStateSchema } from './market.ts';

export const healthSchema = z
  .object({ status: z.literal('ok'), version: z.string(), network: z.string(), time: timestampSchema })
  .meta({ id: 'Health' });

const checkSchema = z.object({ ok: z.boolean(), latency_ms: z.int().nullable(), message: z.string().nullable() });

/** Readiness: 200 when every part that trading needs works, else 503 with the same body. */
export const readySchema = z
  .object({
    ready: z.boolean(),
    version: z.string(),
    database: checkSchema,
    chain: checkSchema,
    markets: z.array(
      z.object({
        symbol: z.string(),
        ok: z.boolean(),
        price_state: priceStateSchema.nullable(),
        price_age_ms: z.int().nullable().meta({ description: 'Since the publish_time of the newest accepted price' }),
        message: z.string().nullable(),
      }),
    ),
    indexer: z.object({
      ok: z.boolean(),
      lag_slots: z.int().nullable(),
      holes: z.array(z.string()),
      database_backlog: z.int().nullable(),
      message: z.string().nullable(),
    }),
  })
  .meta({ id: 'Ready' });

export type ReadyDto = z.infer<typeof readySchema>;
