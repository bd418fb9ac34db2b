import * as z from 'zod';
import { bpsShareCodec, priceCodec, signedRatioCodec } from '#shared/money/codecs.ts';
import { marketSymbolSchema, pageQuerySchema, timestampSchema, uuidSchema } from './common.ts';

export const analysisTypeSchema = z.enum(['market_analysis', 'trading_signal', 'risk_assessment']);
export type AnalysisType = z.infer<typeof analysisTypeSchema>;

export const recommendationSchema = z.enum(['buy', 'sell', 'hold', 'close']);
export type Recommendation = z.infer<typeof recommendationSchema>;

/** How far ahead an analysis looks; it expires then. */
export const horizonSchema = z.enum(['15m', '1h', '4h', '1d']);
export type AnalysisHorizon = z.infer<typeof horizonSchema>;

/** Body of POST /api/ai/analyze. */
export const analyzeRequestSchema = z
  .strictObject({
    symbol: marketSymbolSchema,
    analysis_type: analysisTypeSchema,
    horizon: horizonSchema.default('15m').meta({ description: 'How far ahead it looks; it expires then' }),
  })
  .meta({ id: 'AnalyzeRequest' });

export type AnalyzeRequest = z.infer<typeof analyzeRequestSchema>;

/** A figure that an analysis stands on; the text cites it as `[id]`. */
export const figureSchema = z
  .object({
    id: z.string().meta({ description: 'As `reasoning` cites it in square brackets' }),
    label: z.string().meta({ description: 'What it is, in words' }),
    value: z.string().meta({ description: 'As it is shown, without its unit' }),
    unit: z.string().meta({ description: '`%`, `bps`, `x`, `USDC`, … or empty' }),
  })
  .meta({ id: 'AnalysisFigure' });

export type FigureDto = z.infer<typeof figureSchema>;

/** What came of an analysis: scored once, when it has expired. */
export const analysisOutcomeSchema = z
  .object({
    direction: z.enum(['right', 'wrong', 'flat', 'void']).meta({
      description:
        '`flat`: the price did not move, or the forecast was even; `void`: there was no price to score it at',
    }),
    exit_price: priceCodec.nullable().meta({ description: 'Oracle price when it expired; null where void' }),
    brier_score: bpsShareCodec.nullable().meta({
      description: 'Squared distance of `probability_up` from what happened: 0 is perfect, 0.25 is a coin',
    }),
    return_after_fees: signedRatioCodec.nullable().meta({
      description: 'Of following `recommendation` from `price` to `exit_price`, less spread and fees of both trades',
    }),
    scored_at: timestampSchema.meta({ description: 'When it was scored' }),
  })
  .meta({ id: 'AnalysisOutcome' });

/** An analysis of a market, for one trader. */
export const analysisSchema = z
  .object({
    analysis_id: uuidSchema.meta({ description: 'For `analysis_id` of an order that follows it' }),
    symbol: marketSymbolSchema,
    analysis_type: analysisTypeSchema,
    confidence_score: bpsShareCodec.meta({ description: '0 to 1, two decimals' }),
    recommendation: recommendationSchema,
    reasoning: z.string().meta({ description: 'In plain words; each claim cites its figure as `[id]`' }),
    created_at: timestampSchema,
    expires_at: timestampSchema.meta({ description: 'End of its horizon: then it is scored' }),
    horizon: horizonSchema,
    model: z.string().meta({ description: '`quantitative`, or the language model that wrote it as `provider/model`' }),
    probability_up: bpsShareCodec.nullable().meta({
      description: 'That the price is higher at `expires_at`; null where it makes no forecast',
    }),
    price: priceCodec.meta({ description: 'Oracle price it was made at' }),
    figures: z.array(figureSchema).meta({ description: 'What it stands on' }),
    is_active: z.boolean().meta({ description: 'False once it has expired' }),
    outcome: analysisOutcomeSchema.nullable().meta({ description: 'Null until it is scored' }),
  })
  .meta({ id: 'AIAnalysis' });

export type AnalysisDto = z.infer<typeof analysisSchema>;

export const analysisListQuerySchema = pageQuerySchema.extend({
  symbol: marketSymbolSchema.optional(),
  analysis_type: analysisTypeSchema.optional(),
});

export const analysisListSchema = z.array(analysisSchema);

export const trackRecordQuerySchema = z.object({
  symbol: marketSymbolSchema.optional(),
  horizon: horizonSchema.optional(),
  model: z.string().min(1).max(80).optional().meta({ description: 'As in `model` of an analysis' }),
});

/** How one way of forecasting did over the same analyses. */
const resultFields = {
  calls: z.int().meta({ description: 'Forecasts that named a direction, where the price moved' }),
  hits: z.int().meta({ description: 'Those that were right' }),
  hit_rate: bpsShareCodec.nullable().meta({ description: 'hits ÷ calls; null without calls' }),
  hit_rate_low: bpsShareCodec.nullable().meta({
    description:
      "Lower end of Wilson's 95 % interval of `hit_rate`, in which calls count as much of them as is independent; null without calls",
  }),
  hit_rate_high: bpsShareCodec.nullable().meta({ description: 'Its upper end' }),
  brier_score: bpsShareCodec.nullable().meta({
    description: 'Mean squared distance of the probability from what happened; 0.25 is a coin; null without forecasts',
  }),
  return_after_fees: signedRatioCodec.nullable().meta({
    description: 'Mean over all of them, less spread and fees; what does not trade returns 0',
  }),
};

export const forecastResultSchema = z.object(resultFields).meta({ id: 'ForecastResult' });
export type ForecastResultDto = z.infer<typeof forecastResultSchema>;

export const trackRecordEntrySchema = z
  .object({
    model: z.string(),
    symbol: marketSymbolSchema,
    horizon: horizonSchema,
    scored: z.int().meta({ description: 'Analyses counted: of each model, market and horizon one in five minutes' }),
    independent: z.int().meta({
      description:
        'The most of them whose horizons do not overlap: how much they say, for those that overlap share a move',
    }),
    signals: z.int().meta({ description: 'Those that said buy or sell' }),
    void: z.int().meta({ description: 'Expired without a price to score them at' }),
    share_up: bpsShareCodec.nullable().meta({ description: 'How often the price rose' }),
    result: forecastResultSchema,
    always_hold: forecastResultSchema.meta({ description: 'Never trading, forecasting a coin' }),
    last_move_continues: forecastResultSchema.meta({
      description: 'Trading, as if certain, the direction the price took over the horizon before',
    }),
    first_at: timestampSchema,
    last_at: timestampSchema,
  })
  .meta({ id: 'TrackRecordEntry' });

export type TrackRecordEntryDto = z.infer<typeof trackRecordEntrySchema>;

export const trackRecordSchema = z
  .object({
    updated_at: timestampSchema.meta({ description: 'When this was counted' }),
    entries: z.array(trackRecordEntrySchema).meta({ description: 'By model, market and horizon' }),
  })
  .meta({ id: 'TrackRecord' });

export type TrackRecordDto = z.infer<typeof trackRecordSchema>;
