import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  numeric,
  pgPolicy,
  pgTable,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { users } from './users.ts';

/** MIKEY's analyses; rows without a user are for everybody. */
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
    index('idx_ai_analysis_user_id').on(table.userId),
    index('idx_ai_analysis_symbol').on(table.marketSymbol),
    index('idx_ai_analysis_created_at').on(table.createdAt),
    index('idx_ai_analysis_active').on(table.isActive),
    pgPolicy('Users can view own AI analysis', { for: 'select', using: sql`auth.uid() = user_id OR user_id IS NULL` }),
    pgPolicy('Users can insert own AI analysis', {
      for: 'insert',
      withCheck: sql`auth.uid() = user_id OR user_id IS NULL`,
    }),
  ],
);
