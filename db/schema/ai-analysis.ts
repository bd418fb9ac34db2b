import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgPolicy,
  pgTable,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { moment, priceColumn } from './columns.ts';
import { appWriter, isProjector, projector } from './roles.ts';
import { users } from './users.ts';

/** A figure as an analysis keeps it. */
export interface StoredFigure {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
}

/** MIKEY's analyses; rows without a user are for everybody. What they came to is written once, when they have expired. */
export const aiAnalysis = pgTable(
  'ai_analysis',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    userId: uuid('user_id'),
    analysisType: varchar('analysis_type', { length: 30 }).notNull(),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    confidenceScore: numeric('confidence_score', { precision: 3, scale: 2 }).notNull(),
    recommendation: varchar('recommendation', { length: 10 }),
    reasoning: text('reasoning'),
    createdAt: moment('created_at').defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    isActive: boolean('is_active').default(true),
    /** `quantitative`, or the language model as `provider/model`. */
    model: varchar('model', { length: 80 }).notNull().default('quantitative'),
    horizon: varchar('horizon', { length: 3 }).notNull().default('1h'),
    /** Null where it makes no forecast: such a row is never scored. */
    probabilityUpBps: integer('probability_up_bps'),
    figures: jsonb('figures').$type<readonly StoredFigure[]>().notNull().default([]),
    /** Oracle price it was made at. */
    price: priceColumn('price'),
    /** Spread and fees of opening and closing, of the price. */
    costBps: integer('cost_bps'),
    /** Direction of the price over the horizon before: what "last move continues" would have forecast. */
    lastMove: varchar('last_move', { length: 4 }),
    outcome: varchar('outcome', { length: 5 }),
    exitPrice: priceColumn('exit_price'),
    /** Squared distance of the probability from 0 or 1, in 1e-8. */
    brierE8: integer('brier_e8'),
    /** Of following the recommendation, after costs; so for the last move. */
    returnBps: integer('return_bps'),
    lastMoveReturnBps: integer('last_move_return_bps'),
    scoredAt: moment('scored_at'),
  },
  (table) => [
    foreignKey({ name: 'ai_analysis_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    check(
      'ai_analysis_analysis_type_check',
      sql`analysis_type IN ('market_analysis', 'trading_signal', 'risk_assessment')`,
    ),
    check('ai_analysis_confidence_score_check', sql`confidence_score >= 0 AND confidence_score <= 1`),
    check('ai_analysis_recommendation_check', sql`recommendation IN ('buy', 'sell', 'hold', 'close')`),
    check('ai_analysis_horizon_check', sql`horizon IN ('15m', '1h', '4h', '1d')`),
    check('ai_analysis_probability_up_bps_check', sql`probability_up_bps BETWEEN 0 AND 10000`),
    check('ai_analysis_last_move_check', sql`last_move IN ('up', 'down', 'flat')`),
    check('ai_analysis_outcome_check', sql`outcome IN ('right', 'wrong', 'flat', 'void')`),
    check('ai_analysis_scored_check', sql`(outcome IS NULL) = (scored_at IS NULL)`),
    index('idx_ai_analysis_user_id').on(table.userId),
    index('idx_ai_analysis_symbol').on(table.marketSymbol),
    index('idx_ai_analysis_created_at').on(table.createdAt),
    index('idx_ai_analysis_active').on(table.isActive),
    index('idx_ai_analysis_user_id_created_at').on(
      table.userId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('idx_ai_analysis_unscored')
      .on(table.expiresAt)
      .where(sql`scored_at IS NULL AND probability_up_bps IS NOT NULL`),
    index('idx_ai_analysis_scored')
      .on(table.model, table.marketSymbol, table.horizon, table.createdAt)
      .where(sql`scored_at IS NOT NULL`),
    pgPolicy('Users can view own AI analysis', { for: 'select', using: sql`auth.uid() = user_id OR user_id IS NULL` }),
    pgPolicy('Users can insert own AI analysis', {
      for: 'insert',
      withCheck: sql`auth.uid() = user_id OR user_id IS NULL`,
    }),
    // Restrictive, beside the seed's: the writer makes no row for everybody.
    pgPolicy('Writer inserts AI analysis of its user only', {
      as: 'restrictive',
      for: 'insert',
      to: appWriter,
      withCheck: sql`auth.uid() = user_id`,
    }),
    pgPolicy('Writer deletes AI analysis of its user', {
      for: 'delete',
      to: appWriter,
      using: sql`auth.uid() = user_id`,
    }),
    // A forecast stays in the track record without its user.
    pgPolicy('Writer parts AI analysis from its user', {
      for: 'update',
      to: appWriter,
      using: sql`auth.uid() = user_id`,
      withCheck: sql`user_id IS NULL`,
    }),
    pgPolicy('Projector can view AI analysis', { for: 'select', to: projector, using: isProjector }),
    pgPolicy('Projector scores AI analysis', { for: 'update', to: projector, using: isProjector }),
  ],
);
