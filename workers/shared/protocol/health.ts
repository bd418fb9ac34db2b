import * as z from 'zod';
import { timestampSchema } from './common.ts';
import { priceStateSchema } from './market.ts';

export const healthSchema = z
  .object({ status: z.literal('ok'), version: z.string(), network: z.string(), time: timestampSchema })
  .meta({ id: 'Health' });

const breakerSchema = z
  .enum(['closed', 'open', 'half_open'])
  .meta({ description: 'open: it failed five times in a row and is left alone; half_open: one call tries it again' });

const checkSchema = z.object({
  ok: z.boolean(),
  latency_ms: z.int().nullable(),
  breaker: breakerSchema,
  message: z.string().nullable(),
});

/** Readiness: 200 when every part that trading needs works, else 503 with the same body. */
export const readySchema = z
  .object({
    ready: z.boolean(),
    version: z.string(),
    settings: z
      .object({ ok: z.boolean(), problems: z.array(z.object({ name: z.string(), message: z.string() })) })
      .optional()
      .meta({
        description: 'Only of a worker that refuses to start: its variables and secrets that are missing or wrong',
      }),
    database: checkSchema,
    chain: checkSchema,
    markets: z.array(
      z.object({
        symbol: z.string(),
        ok: z.boolean(),
        price_state: priceStateSchema.nullable(),
        feed: z
          .enum(['connecting', 'live', 'silent', 'down'])
          .nullable()
          .meta({ description: 'The price stream of Hermes; null where the market cannot be asked' }),
        breaker: breakerSchema.nullable().meta({ description: 'Of calls to Hermes; null where it cannot be asked' }),
        price_age_ms: z.int().nullable().meta({ description: 'Since the publish_time of the newest accepted price' }),
        index_difference: z.int().nullable().meta({
          description: 'Positions of the liquidation index that were not the chain’s at the last look; healed since',
        }),
        oldest_candidate_ms: z
          .int()
          .nullable()
          .meta({ description: 'How long a position waits for its check; null where none does' }),
        risks: z.array(z.string()).meta({ description: 'What operators were told of and lasts, by kind' }),
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
    models: z
      .array(
        z.object({
          model: z.string().meta({ description: 'As `model` of an analysis names it' }),
          breaker: breakerSchema,
        }),
      )
      .meta({
        description:
          'The language models of the assistant, in their order; trading needs none, so none changes `ready`',
      }),
  })
  .meta({ id: 'Ready' });

export type ReadyDto = z.infer<typeof readySchema>;
