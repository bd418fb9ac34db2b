import * as z from 'zod';
import { priceCodec, quoteCodec, signedQuoteCodec, signedRatioCodec, sizeCodec } from '#shared/money/codecs.ts';
import {
  marketSymbolSchema,
  pageQuerySchema,
  signatureSchema,
  timestampSchema,
  unixSecondsSchema,
  uuidSchema,
  walletAddressSchema,
} from './common.ts';
import { balanceSchema } from './portfolio.ts';
import { positionSideSchema } from './positions.ts';

export const riskAlertSchema = z
  .object({
    id: uuidSchema,
    kind: z.enum(['margin_warning', 'liquidated', 'closed_at_cap', 'closed_by_request', 'exit_failed']),
    symbol: marketSymbolSchema,
    position_id: uuidSchema,
    message: z.string(),
    transaction_hash: signatureSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'RiskAlert' });

export type RiskAlertDto = z.infer<typeof riskAlertSchema>;

export const riskAlertListSchema = z.array(riskAlertSchema);

export const riskAlertsQuerySchema = pageQuerySchema.extend({ symbol: marketSymbolSchema.optional() });

const marginRatioSchema = signedRatioCodec.meta({ description: 'Equity over notional, rounded down' });

export const liquidatableLimitMax = 100;

export const liquidatableQuerySchema = z.object({
  symbol: marketSymbolSchema.optional(),
  limit: z.coerce.number().int().min(1).max(liquidatableLimitMax).default(50),
});

/** A position below its maintenance margin at the newest price, with the accounts of `liquidate_position`. */
export const liquidatablePositionSchema = z
  .object({
    symbol: marketSymbolSchema,
    owner: walletAddressSchema,
    position: walletAddressSchema.meta({ description: 'Address of the position on chain' }),
    side: positionSideSchema,
    size: sizeCodec,
    margin: quoteCodec,
    equity: signedQuoteCodec,
    maintenance_margin: quoteCodec,
    margin_ratio: marginRatioSchema,
    liquidation_price: priceCodec.nullable(),
    price: priceCodec,
    publish_time: unixSecondsSchema,
    accounts: z.object({
      program: walletAddressSchema,
      exchange: walletAddressSchema,
      market: walletAddressSchema,
      user_account: walletAddressSchema,
      position: walletAddressSchema,
      price_update: walletAddressSchema,
      insurance: walletAddressSchema,
      event_authority: walletAddressSchema,
    }),
  })
  .meta({ id: 'LiquidatablePosition' });

export type LiquidatablePositionDto = z.infer<typeof liquidatablePositionSchema>;

export const liquidatableListSchema = z.array(liquidatablePositionSchema);

export const positionHealthSchema = z
  .object({
    id: uuidSchema,
    symbol: marketSymbolSchema,
    side: positionSideSchema,
    size: sizeCodec,
    /** Null, as what follows from a price, while the market has none. */
    state: z
      .enum(['healthy', 'warning', 'liquidatable'])
      .nullable()
      .meta({ description: '`warning` below one and a half times the maintenance margin' }),
    current_price: priceCodec.nullable(),
    liquidation_price: priceCodec.nullable().meta({ description: 'Null: no price liquidates it' }),
    distance: signedRatioCodec
      .nullable()
      .meta({ description: 'From the price to the liquidation price, of the price; negative: past it' }),
    notional: quoteCodec.nullable(),
    equity: signedQuoteCodec.nullable(),
    maintenance_margin: quoteCodec.nullable(),
    margin_ratio: marginRatioSchema.nullable(),
    maintenance_ratio: signedRatioCodec
      .nullable()
      .meta({ description: 'The margin ratio below which it is liquidated' }),
  })
  .meta({ id: 'PositionHealth' });

export type PositionHealthDto = z.infer<typeof positionHealthSchema>;

export const riskHealthSchema = z
  .object({
    account: balanceSchema,
    equity: signedQuoteCodec.meta({ description: 'Of all positions with a price' }),
    maintenance_margin: quoteCodec,
    positions: z.array(positionHealthSchema),
  })
  .meta({ id: 'RiskHealth' });

export type RiskHealthDto = z.infer<typeof riskHealthSchema>;
