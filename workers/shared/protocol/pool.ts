import * as z from 'zod';
import { priceCodec, quoteCodec } from '#shared/money/codecs.ts';
import { timestampSchema } from './common.ts';
import { portfolioHistoryQuerySchema } from './portfolio.ts';

/** The same intervals as those of a portfolio. */
export const poolHistoryQuerySchema = portfolioHistoryQuerySchema;

/** The pool as it was. */
export const poolPointSchema = z
  .object({
    time: timestampSchema.meta({ description: 'Beginning of the 5 minutes in which it was noted' }),
    share_price: priceCodec.meta({ description: 'USDC per share, as redeeming counts it' }),
    total_shares: quoteCodec,
    equity: quoteCodec.meta({ description: 'What redeeming counted the pool as worth' }),
  })
  .meta({ id: 'PoolPoint' });

export type PoolPointDto = z.infer<typeof poolPointSchema>;

export const poolHistorySchema = z.array(poolPointSchema);
