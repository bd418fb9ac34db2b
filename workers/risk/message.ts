import { z } from 'zod';

/**
 * A candidate for a warning, a liquidation or the close of a capped position, or a trader's request to close: the key (owner, symbol,
 * commandSeq) makes every delivery after the first harmless.
 */
export const riskMessageSchema = z.object({
  kind: z.enum(['liquidation', 'capped', 'warning', 'close_request']),
  symbol: z.string(),
  owner: z.string(),
  /** Position.seq the candidate was found at, decimal text (queue bodies are JSON); 0 for a request to close, which the chain knows. */
  commandSeq: z.string().regex(/^\d+$/),
  /** Price and publish time that made it a candidate; for a request to close 0, and the moment of the request. */
  price: z.string().regex(/^\d+$/),
  publishTime: z.number().int(),
  requestId: z.string(),
});

export type RiskMessage = z.infer<typeof riskMessageSchema>;
