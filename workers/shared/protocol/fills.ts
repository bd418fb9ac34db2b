import * as z from 'zod';
import { priceCodec, priceWidthCodec, quoteCodec, signedQuoteCodec, sizeCodec } from '#shared/money/codecs.ts';
import {
  marketSymbolSchema,
  pageQuerySchema,
  signatureSchema,
  timestampSchema,
  unixSecondsSchema,
  uuidSchema,
  walletAddressSchema,
} from './common.ts';
import { positionSideSchema } from './positions.ts';

/** One execution of the trader's. */
export const fillSchema = z
  .object({
    id: uuidSchema,
    order_id: uuidSchema.nullable(),
    position_id: uuidSchema,
    symbol: marketSymbolSchema,
    side: z.enum(['buy', 'sell']),
    reason: z.enum(['order', 'close_request', 'capped']).meta({
      description: "An order, the trader's request to close, or closed because the position could win nothing more",
    }),
    quantity: sizeCodec,
    price: priceCodec,
    fee: quoteCodec,
    impact: quoteCodec,
    realized_pnl: signedQuoteCodec,
    funding: signedQuoteCodec,
    borrow: quoteCodec,
    publish_time: unixSecondsSchema,
    transaction_hash: signatureSchema,
    created_at: timestampSchema,
  })
  .meta({ id: 'Fill' });

export type FillDto = z.infer<typeof fillSchema>;

export const fillListSchema = z.array(fillSchema);

/** Query of fills, liquidations and funding. */
export const historyQuerySchema = pageQuerySchema.extend({ symbol: marketSymbolSchema.optional() });

export const liquidationSchema = z
  .object({
    id: uuidSchema,
    position_id: uuidSchema,
    symbol: marketSymbolSchema,
    side: positionSideSchema.meta({ description: 'Side of the position that was liquidated' }),
    quantity: sizeCodec,
    price: priceCodec,
    full: z.boolean().meta({ description: 'False where a part of the position remained' }),
    realized_pnl: signedQuoteCodec,
    funding: signedQuoteCodec,
    borrow: quoteCodec,
    liquidation_fee: quoteCodec,
    keeper_reward: quoteCodec,
    margin_released: quoteCodec.meta({ description: 'What was left and went to collateral' }),
    bad_debt: quoteCodec,
    liquidator: walletAddressSchema.nullable(),
    publish_time: unixSecondsSchema,
    transaction_hash: signatureSchema,
    created_at: timestampSchema,
  })
  .meta({ id: 'Liquidation' });

export type LiquidationDto = z.infer<typeof liquidationSchema>;

export const liquidationListSchema = z.array(liquidationSchema);

/** Funding and borrow as they were realised into a position's margin. */
export const fundingPaymentSchema = z
  .object({
    id: uuidSchema,
    position_id: uuidSchema,
    symbol: marketSymbolSchema,
    funding: signedQuoteCodec.meta({ description: 'Paid to the other side; negative where received' }),
    borrow: quoteCodec.meta({ description: 'Paid to the pool' }),
    transaction_hash: signatureSchema,
    created_at: timestampSchema,
  })
  .meta({ id: 'FundingPayment' });

export type FundingPaymentDto = z.infer<typeof fundingPaymentSchema>;

export const fundingPaymentListSchema = z.array(fundingPaymentSchema);

/**
 * What the program did in one transaction to the trader's positions, and on which price, so that anyone can recompute it. Integers of the
 * program's units are written as text.
 */
export const receiptSchema = z
  .object({
    signature: signatureSchema,
    slot: z.int(),
    events: z.array(
      z.object({
        name: z.string().meta({ description: "The program's event" }),
        symbol: marketSymbolSchema.nullable(),
        feed_id: z.string().nullable(),
        publish_time: unixSecondsSchema.nullable(),
        prev_publish_time: unixSecondsSchema.nullable(),
        price: priceCodec.nullable(),
        confidence: priceWidthCodec.nullable(),
        data: z
          .record(z.string(), z.unknown())
          .meta({ description: "The event's fields: inputs and outputs in the program's units" }),
      }),
    ),
  })
  .meta({ id: 'Receipt' });

export type ReceiptDto = z.infer<typeof receiptSchema>;
