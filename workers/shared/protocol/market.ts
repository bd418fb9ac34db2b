import * as z from 'zod';
import {
  priceCodec,
  priceWidthCodec,
  quoteCodec,
  rateCodec,
  signedPriceCodec,
  signedQuoteCodec,
  signedSizeCodec,
  sizeCodec,
} from '#shared/money/codecs.ts';
import {
  bpsSchema,
  marketSymbolSchema,
  signatureSchema,
  timestampSchema,
  unixSecondsSchema,
  uuidSchema,
  walletAddressSchema,
} from './common.ts';

/** What can be switched off in a market: openings and increases, reductions, the triggers of resting orders, liquidations by the exchange's keeper. */
export const marketOperationSchema = z.enum(['open', 'close', 'trigger', 'liquidate']);
export type MarketOperation = z.infer<typeof marketOperationSchema>;

/** Something that a market would do and does not now: switched off by an operator, or held back by the brake. */
export const restrictionSchema = z
  .object({
    operation: marketOperationSchema,
    reason: z.enum(['switched_off', 'price_move']),
    message: z.string(),
  })
  .meta({ id: 'Restriction' });

/** A share in basis points that may pass the whole: of the confidence, of what backs a market. */
const ratioBpsSchema = z.int().min(0);

/** Only `ok` lets positions be opened. */
export const priceStateSchema = z.enum(['ok', 'stale', 'uncertain', 'halted']);

export const marketStatusSchema = z.enum(['active', 'reduce_only', 'halted']);

export const marketSchema = z
  .object({
    symbol: marketSymbolSchema,
    index: z.int(),
    base: z.string(),
    quote: z.literal('USDC'),
    address: walletAddressSchema,
    feed_id: z.string(),
    price_account: walletAddressSchema,
    price_decimals: z.int(),
    size_decimals: z.int(),
    /** Null until the market account was read from the chain. */
    parameters: z
      .object({
        status: marketStatusSchema,
        max_leverage: z.int(),
        maintenance_margin_bps: bpsSchema,
        fee_bps: bpsSchema,
        liquidation_fee_bps: bpsSchema,
        payoff_cap_bps: bpsSchema,
        max_utilisation_bps: bpsSchema,
        min_position_notional: quoteCodec,
        max_long_open_interest: sizeCodec,
        max_short_open_interest: sizeCodec,
        k_bps: ratioBpsSchema.meta({ description: 'Spread of a fill from the price, of the confidence' }),
        skew_scale: sizeCodec.meta({
          description: 'Skew at which the marginal impact reaches the price; 0: no impact',
        }),
        max_skew_bps: bpsSchema.meta({ description: 'Of skew_scale: no opening widens the skew beyond' }),
        funding_skew_scale: sizeCodec,
        max_funding_rate: rateCodec,
        borrow_base: rateCodec,
        borrow_slope: rateCodec,
        liquidation_target_bps: z
          .int()
          .min(0)
          .meta({ description: 'Of the maintenance margin: what a partial liquidation restores' }),
        min_liquidation_bps: bpsSchema.meta({ description: 'Smallest part of a position that is liquidated' }),
        max_staleness_seconds: z.int(),
        max_confidence_bps: bpsSchema,
        max_ema_divergence_bps: bpsSchema,
      })
      .nullable(),
    long_open_interest: sizeCodec.nullable(),
    short_open_interest: sizeCodec.nullable(),
    skew: signedSizeCodec.nullable().meta({ description: 'Long less short open interest' }),
    backing: signedQuoteCodec.nullable().meta({ description: "The pool's money in this market" }),
    reserved: quoteCodec.nullable().meta({ description: 'Set aside of it: the most that open positions can win' }),
    utilisation_bps: ratioBpsSchema
      .nullable()
      .meta({ description: 'Reserved of the backing; null where nothing backs' }),
    funding_rate: rateCodec.nullable().meta({ description: 'Per hour, as a fraction; positive: longs pay' }),
    borrow_rate: rateCodec.nullable().meta({ description: 'Per hour, as a fraction; both sides pay the pool' }),
    restrictions: z.array(restrictionSchema).meta({ description: 'What the exchange does not do in this market now' }),
  })
  .meta({ id: 'Market' });

export type MarketDto = z.infer<typeof marketSchema>;

export const marketPriceSchema = z
  .object({
    symbol: marketSymbolSchema,
    price: priceCodec,
    timestamp: timestampSchema.meta({ description: 'publish_time as a date' }),
    confidence: priceWidthCodec,
    ema: priceCodec,
    publish_time: unixSecondsSchema,
    state: priceStateSchema,
    source: z.literal('pyth'),
  })
  .meta({ id: 'MarketPrice' });

export type MarketPriceDto = z.infer<typeof marketPriceSchema>;

export const pricesQuerySchema = z.object({
  symbols: z
    .string()
    .max(512)
    .optional()
    .meta({ description: 'Comma-separated symbols; all markets without it', examples: ['SOL-PERP,BTC-PERP'] }),
});

export const candleIntervalSchema = z.enum(['1m', '5m', '15m', '1h', '4h', '1d']);

export const candleSchema = z
  .object({
    time: unixSecondsSchema.meta({ description: 'Start of the bar, seconds since 1970' }),
    open: priceCodec,
    high: priceCodec,
    low: priceCodec,
    close: priceCodec,
    volume: sizeCodec.meta({ description: 'Traded on the exchange, base units' }),
  })
  .meta({ id: 'Candle' });

export type CandleDto = z.infer<typeof candleSchema>;

export const candlesQuerySchema = z.object({
  symbol: marketSymbolSchema,
  interval: candleIntervalSchema.default('1m'),
  from: z.coerce.number().int().min(0).optional().meta({ description: 'Seconds since 1970, inclusive' }),
  to: z.coerce.number().int().min(0).optional().meta({ description: 'Seconds since 1970, exclusive; now without it' }),
});

export const symbolQuerySchema = z.object({ symbol: marketSymbolSchema });

export const marketStatsSchema = z
  .object({
    symbol: marketSymbolSchema,
    price: priceCodec.nullable(),
    open_24h: priceCodec.nullable(),
    high_24h: priceCodec.nullable(),
    low_24h: priceCodec.nullable(),
    change_24h: signedPriceCodec.nullable().meta({ description: 'price − open_24h, USD' }),
    volume_base_24h: sizeCodec,
    volume_quote_24h: quoteCodec,
    long_open_interest: sizeCodec.nullable(),
    short_open_interest: sizeCodec.nullable(),
    skew: signedSizeCodec.nullable().meta({ description: 'Long less short open interest' }),
    funding_rate: rateCodec.nullable(),
    borrow_rate: rateCodec.nullable(),
    restrictions: z.array(restrictionSchema).meta({ description: 'What the exchange does not do in this market now' }),
  })
  .meta({ id: 'MarketStats' });

export type MarketStatsDto = z.infer<typeof marketStatsSchema>;

/** What the price allows now, and the figures that decide it. */
export const oracleResponseSchema = z
  .object({
    symbol: marketSymbolSchema,
    state: priceStateSchema,
    price: priceCodec.nullable(),
    confidence: priceWidthCodec.nullable(),
    ema: priceCodec.nullable(),
    publish_time: unixSecondsSchema.nullable(),
    age_seconds: z.int().nullable(),
    confidence_bps: bpsSchema.nullable(),
    ema_divergence_bps: bpsSchema.nullable(),
    limits: z
      .object({ max_staleness_seconds: z.int(), max_confidence_bps: bpsSchema, max_ema_divergence_bps: bpsSchema })
      .nullable(),
    source: z.literal('pyth'),
    feed_id: z.string(),
    price_account: walletAddressSchema,
    allowed: z.object({
      open: z.boolean(),
      close: z.boolean(),
      add_margin: z.boolean(),
      remove_margin: z.boolean(),
      liquidate: z.boolean(),
      pool: z.boolean(),
    }),
  })
  .meta({ id: 'Oracle' });

export type OracleDto = z.infer<typeof oracleResponseSchema>;

/** A trade of the exchange, without its owner. */
export const publicTradeSchema = z
  .object({
    id: uuidSchema,
    symbol: marketSymbolSchema,
    side: z.enum(['buy', 'sell']),
    quantity: sizeCodec,
    price: priceCodec,
    liquidation: z.boolean(),
    publish_time: unixSecondsSchema,
    transaction_hash: signatureSchema,
    created_at: timestampSchema,
  })
  .meta({ id: 'PublicTrade' });

export type PublicTradeDto = z.infer<typeof publicTradeSchema>;
