import { z } from 'zod';

/** A candidate for a warning or a liquidation: the key (owner, symbol, commandSeq) makes every delivery after the first harmless. */
export const riskMessageSchema = z.object({
  kind: z.enum(['liquidation', 'warning']),
  symbol: z.string(),
  owner: z.string(),
  /** Position.seq the candidate was found at, decimal text (queue bodies are JSON). */
  commandSeq: z.string().regex(/^\d+$/),
  /** Price and publish time that made it a candidate. */
  price: z.string().regex(/^\d+$/),
  publishTime: z.number().int(),
  requestId: z.string(),
});

export type RiskMessage = z.infer<typeof riskMessageSchema>;
