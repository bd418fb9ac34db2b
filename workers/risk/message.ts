import { z } from 'zod';

/**
 * A candidate for a warning, a liquidation or the close of a capped position, or a trader's request to close. Every delivery after the first
 * is harmless: what is done is decided by the position as the chain has it then, and the program decides once more.
 */
export const riskMessageSchema = z.object({
  kind: z.enum(['liquidation', 'capped', 'warning', 'close_request']),
  symbol: z.string(),
  owner: z.string(),
  /**
   * Position.seq the candidate was found at, decimal text (queue bodies are JSON); 0 for a request to close, which the chain knows. It names
   * the lease to end; only a warning is about this command alone.
   */
  commandSeq: z.string().regex(/^\d+$/),
  /** Price and publish time that made it a candidate; for a request to close 0, and the moment of the request. */
  price: z.string().regex(/^\d+$/),
  publishTime: z.number().int(),
  requestId: z.string(),
});

export type RiskMessage = z.infer<typeof riskMessageSchema>;

/** Deliveries of a message in all: the first, and `max_retries` of wrangler.toml. The last failure is kept with its reason. */
export const deliveriesMax = 6;
