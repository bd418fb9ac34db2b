import * as z from 'zod';
import {
  bpsShareCodec,
  effectiveLeverageCodec,
  priceCodec,
  quoteCodec,
  signedPriceCodec,
  signedQuoteCodec,
  signedSizeCodec,
  sizeCodec,
} from '#shared/money/codecs.ts';
import { bpsSchema, marketSymbolSchema, signatureSchema, timestampSchema, uuidSchema } from './common.ts';

export const positionSideSchema = z.enum(['long', 'short']);

/** An open position. Money against a price is null while the market has none. */
export const positionSchema = z
  .object({
    id: uuidSchema,
    symbol: marketSymbolSchema,
    side: positionSideSchema,
    size: sizeCodec,
    entry_price: priceCodec,
    current_price: priceCodec.nullable(),
    unrealized_pnl: signedQuoteCodec.nullable(),
    margin_used: quoteCodec,
    leverage: effectiveLeverageCodec
      .nullable()
      .meta({ description: 'Notional over equity now; null without a price or equity' }),
    notional: quoteCodec.nullable(),
    equity: signedQuoteCodec.nullable().meta({ description: 'Margin and capped PnL less funding and borrow owed' }),
    maintenance_margin: quoteCodec.nullable(),
    liquidation_price: priceCodec.nullable().meta({ description: 'Null: no price liquidates it' }),
    funding_owed: signedQuoteCodec.meta({ description: 'Since the last settlement; negative: to be received' }),
    borrow_owed: quoteCodec,
    command_seq: z.int().meta({ description: 'expected_seq of the next command' }),
    created_at: timestampSchema,
  })
  .meta({ id: 'TradingPosition' });

export type PositionDto = z.infer<typeof positionSchema>;

export const positionListSchema = z.array(positionSchema);

/** What an open position realised from its opening on; what it owes since then stands in the position itself. */
export const positionCostsSchema = z
  .object({
    position_id: uuidSchema,
    symbol: marketSymbolSchema,
    funding_paid: signedQuoteCodec.meta({ description: 'Since it was opened; negative: received' }),
    borrow_paid: quoteCodec,
    fees_paid: quoteCodec.meta({ description: 'Of its trades, and of liquidations of a part' }),
    impact_paid: quoteCodec,
  })
  .meta({ id: 'PositionCosts' });

export type PositionCostsDto = z.infer<typeof positionCostsSchema>;

export const positionCostsListSchema = z.array(positionCostsSchema);

export const positionHistorySchema = z
  .object({
    id: uuidSchema,
    position_id: uuidSchema,
    action: z.enum(['opened', 'updated', 'closed', 'liquidated']),
    size_change: signedSizeCodec,
    price_change: signedPriceCodec.meta({ description: 'Change of the average entry price' }),
    pnl_change: signedQuoteCodec,
    margin_change: signedQuoteCodec,
    transaction_hash: signatureSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'PositionHistory' });

export type PositionHistoryDto = z.infer<typeof positionHistorySchema>;

export const changeMarginRequestSchema = z.strictObject({
  amount: signedQuoteCodec
    .refine((amount) => amount !== 0n, 'Give an amount other than 0.')
    .meta({ description: 'USDC; positive adds, negative removes' }),
});

export const closePositionRequestSchema = z.strictObject({
  share: bpsShareCodec
    .refine((share) => share > 0, 'Give a share above 0.')
    .optional()
    .meta({ description: 'Part of the position to close, above 0 up to 1; all of it without' }),
  max_slippage_bps: bpsSchema.optional(),
});
