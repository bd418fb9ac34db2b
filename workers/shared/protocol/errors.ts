import * as z from 'zod';
import { timestampSchema } from './common.ts';

/** What every refused or failed request answers with. `code` is stable; each code has a page in `docs/errors/`. */
export const errorResponseSchema = z
  .object({
    error: z.string().meta({ description: 'Class of the failure, e.g. TradingError' }),
    message: z.string().meta({ description: 'What happened and what to do' }),
    code: z.string().meta({ description: 'Stable code, e.g. TRADING_001' }),
    timestamp: timestampSchema,
    request_id: z.string(),
    retryable: z.boolean().meta({ description: 'True when the same request may succeed later without a change' }),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'ErrorResponse' });

export type ErrorResponse = z.infer<typeof errorResponseSchema>;

/** Why an order or command was refused, inside an answer. */
export const reasonSchema = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Reason' });
