import * as z from 'zod';
import {
  effectiveLeverageCodec,
  priceCodec,
  quoteCodec,
  signedQuoteCodec,
  signedSizeCodec,
  sizeCodec,
} from '#shared/money/codecs.ts';
import { bpsSchema, marketSymbolSchema } from './common.ts';

/** total = collateral + Σ margin + unrealized; available = collateral; margin_used = Σ margin. USDC. */
export const balanceSchema = z
  .object({
    account_open: z.boolean().meta({ description: 'Whether the trading account exists on chain' }),
    total_balance: signedQuoteCodec,
    available_balance: quoteCodec,
    margin_used: quoteCodec,
    unrealized_pnl: signedQuoteCodec,
    realized_pnl: signedQuoteCodec,
    leverage: effectiveLeverageCodec.meta({ description: 'Σ notional over total_balance' }),
  })
  .meta({ id: 'PortfolioBalance' });

export type BalanceDto = z.infer<typeof balanceSchema>;

/** A withdrawal that could not be paid at once. Both null where nothing waits. */
export const waitingWithdrawalSchema = z
  .object({
    amount: quoteCodec.nullable().meta({ description: 'Still to be paid; it left the collateral and is owed' }),
    ticket: z.int().nullable().meta({ description: 'Its place: tickets are served in their order' }),
  })
  .meta({ id: 'WaitingWithdrawal' });

export type WaitingWithdrawalDto = z.infer<typeof waitingWithdrawalSchema>;

export const poolSchema = z
  .object({
    share_price: priceCodec.nullable().meta({ description: 'USDC per share; null before the first deposit' }),
    total_shares: quoteCodec,
    equity: signedQuoteCodec.nullable().meta({ description: 'Null while a market has no price' }),
    assets: quoteCodec,
    free: quoteCodec,
    insurance: quoteCodec,
    utilisation_bps: bpsSchema,
    markets: z.array(
      z.object({
        symbol: marketSymbolSchema,
        backing: signedQuoteCodec,
        reserved: quoteCodec,
        utilisation_bps: z.int().min(0),
        long_open_interest: sizeCodec,
        short_open_interest: sizeCodec,
        skew: signedSizeCodec,
        traders_pnl: signedQuoteCodec.nullable(),
        price: priceCodec.nullable(),
      }),
    ),
  })
  .meta({ id: 'Pool' });

export type PoolDto = z.infer<typeof poolSchema>;
