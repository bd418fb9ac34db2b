import { and, desc, eq, isNull, lte, isNotNull, asc, sql } from 'drizzle-orm';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import type { AnalysisHorizon, AnalysisType, Recommendation } from '#shared/protocol/ai.ts';
import type { AnalysisRecord, DueForecast, Move, NewAnalysis, Outcome, Score } from '../../workers/analyst/contract.ts';
import type { Database } from '../client.ts';
import { aiAnalysis } from '../schema/ai-analysis.ts';
import { marketData } from '../schema/market-data.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

export interface AnalysisFilter extends PageRequest {
  readonly symbol?: string | undefined;
  readonly analysisType?: AnalysisType | undefined;
}

/** Whose rows are written; the wallet makes the user's row where the sign-in was not written yet. */
export interface Owner {
  readonly userId: string;
  readonly wallet: string;
}

export interface AnalysisRepository {
  /** Keeps an analysis of the user; the same id again changes nothing. */
  create(owner: Owner, analysis: NewAnalysis): Promise<void>;
  list(userId: string, filter: AnalysisFilter): Promise<Page<AnalysisRecord>>;
  /** Whether the analysis is the user's. */
  owns(userId: string, analysisId: string): Promise<boolean>;
  /** Forecasts that expired until `beforeMs` and are not scored, the oldest first, at most `limit`. */
  due(beforeMs: number, limit: number): Promise<(DueForecast & { readonly expiresAtMs: number })[]>;
  /** Writes what forecasts came to, each once: what is scored stays. Answers how many were written. */
  score(scores: readonly (Score & { readonly id: string })[], atMs: number): Promise<number>;
  /** Ends analyses that expired until `beforeMs`, at most `limit`; answers how many. */
  expire(beforeMs: number, limit: number): Promise<number>;
}

/** A price this much older than the end of a forecast is none of that moment. */
const exitPriceAgeSeconds = 120;
const projectorScope = { role: 'projector' } as const;

export function createAnalysisRepository(database: Database): AnalysisRepository {
  return {
    async create({ userId, wallet }, analysis) {
      const at = new Date(analysis.createdAtMs);
      await database.transaction({ role: 'app_writer', userId }, (orm) => [
        orm.execute(sql`insert into users (id, wallet_address, created_at) values (${userId}, ${wallet}, ${at.toISOString()})
          on conflict (id) do nothing`),
        orm.insert(aiAnalysis).values(rowOf(userId, analysis)).onConflictDoNothing(),
      ]);
    },

    async list(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(aiAnalysis.userId, userId),
        filter.symbol === undefined ? undefined : eq(aiAnalysis.marketSymbol, filter.symbol),
        filter.analysisType === undefined ? undefined : eq(aiAnalysis.analysisType, filter.analysisType),
        afterTime(aiAnalysis.createdAt, aiAnalysis.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(aiAnalysis)
          .where(and(...conditions))
          .orderBy(desc(aiAnalysis.createdAt), desc(aiAnalysis.id))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(recordOf), limit, (record) => ({ order: BigInt(record.createdAtMs), id: record.id }));
    },

    async owns(userId, analysisId) {
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select({ id: aiAnalysis.id })
          .from(aiAnalysis)
          .where(and(eq(aiAnalysis.id, analysisId), eq(aiAnalysis.userId, userId))),
      ]);
      return rows.length === 1;
    },

    due: (beforeMs, limit) => due(database, beforeMs, limit),
    score: (scores, atMs) => score(database, scores, atMs),

    async expire(beforeMs, limit) {
      const before = new Date(beforeMs).toISOString();
      const [{ rows }] = await database.transaction(projectorScope, (orm) => [
        orm.execute(sql`update ai_analysis set is_active = false where id in (
          select id from ai_analysis where is_active and expires_at <= ${before}::timestamptz limit ${limit}) returning 1`),
      ]);
      return rows.length;
    },
  };
}

async function due(database: Database, beforeMs: number, limit: number) {
  const exitPrice = sql`(select m.price from market_data m where m.symbol = ai_analysis.market_symbol
    and m.timestamp <= ai_analysis.expires_at
    and m.timestamp > ai_analysis.expires_at - ${sql.raw(`interval '${exitPriceAgeSeconds} seconds'`)}
    order by m.timestamp desc limit 1)`.mapWith(marketData.price);
  const [rows] = await database.transaction(projectorScope, (orm) => [
    orm
      .select({
        id: aiAnalysis.id,
        recommendation: aiAnalysis.recommendation,
        probabilityUpBps: aiAnalysis.probabilityUpBps,
        price: aiAnalysis.price,
        costBps: aiAnalysis.costBps,
        lastMove: aiAnalysis.lastMove,
        expiresAt: aiAnalysis.expiresAt,
        exitPrice,
      })
      .from(aiAnalysis)
      .where(
        and(
          isNull(aiAnalysis.scoredAt),
          isNotNull(aiAnalysis.probabilityUpBps),
          lte(aiAnalysis.expiresAt, new Date(beforeMs)),
        ),
      )
      .orderBy(asc(aiAnalysis.expiresAt))
      .limit(limit),
  ]);
  return rows.map(({ expiresAt, recommendation, probabilityUpBps, costBps, lastMove, ...same }) => ({
    ...same,
    recommendation: recommendation as Recommendation | null,
    probabilityUpBps: probabilityUpBps ?? 0,
    costBps: costBps ?? 0,
    lastMove: lastMove as Move | null,
    expiresAtMs: expiresAt.getTime(),
  }));
}

async function score(database: Database, scores: readonly (Score & { readonly id: string })[], atMs: number) {
  if (scores.length === 0) return 0;
  const written = JSON.stringify(
    scores.map(({ exitPrice, ...same }) => ({
      ...same,
      exitPrice: exitPrice === null ? null : formatDecimal(exitPrice, PRICE_DECIMALS),
    })),
  );
  const [{ rows }] = await database.transaction(projectorScope, (orm) => [
    orm.execute(sql`update ai_analysis a set outcome = s.outcome, exit_price = s."exitPrice", brier_e8 = s."brierE8",
        return_bps = s."returnBps", last_move_return_bps = s."lastMoveReturnBps",
        scored_at = ${new Date(atMs).toISOString()}::timestamptz, is_active = false
      from jsonb_to_recordset(${written}::jsonb)
        as s(id uuid, outcome text, "exitPrice" numeric, "brierE8" integer, "returnBps" integer, "lastMoveReturnBps" integer)
      where a.id = s.id and a.scored_at is null returning 1`),
  ]);
  return rows.length;
}

const percent = 100;

function rowOf(userId: string, analysis: NewAnalysis): typeof aiAnalysis.$inferInsert {
  return {
    id: analysis.id,
    userId,
    analysisType: analysis.analysisType,
    marketSymbol: analysis.symbol,
    confidenceScore: formatDecimal(BigInt(Math.round(analysis.confidenceBps / percent)), 2),
    recommendation: analysis.recommendation,
    reasoning: analysis.reasoning,
    createdAt: new Date(analysis.createdAtMs),
    expiresAt: new Date(analysis.expiresAtMs),
    model: analysis.model,
    horizon: analysis.horizon,
    probabilityUpBps: analysis.probabilityUpBps,
    figures: analysis.figures,
    price: analysis.price,
    costBps: analysis.costBps,
    lastMove: analysis.lastMove,
  };
}

function recordOf(row: typeof aiAnalysis.$inferSelect): AnalysisRecord {
  return {
    id: row.id,
    symbol: row.marketSymbol,
    analysisType: row.analysisType as AnalysisType,
    horizon: row.horizon as AnalysisHorizon,
    model: row.model,
    recommendation: (row.recommendation ?? 'hold') as Recommendation,
    confidenceBps: Math.round(Number(row.confidenceScore) * percent) * percent,
    probabilityUpBps: row.probabilityUpBps,
    reasoning: row.reasoning ?? '',
    figures: row.figures,
    price: row.price ?? noPrice(row.id),
    costBps: row.costBps ?? 0,
    lastMove: row.lastMove as Move | null,
    createdAtMs: row.createdAt?.getTime() ?? 0,
    expiresAtMs: row.expiresAt.getTime(),
    isActive: row.isActive ?? false,
    score: scoreOf(row),
  };
}

/** Every analysis made here has one. */
function noPrice(id: string): never {
  throw new Error(`analysis ${id} has no price`);
}

function scoreOf(row: typeof aiAnalysis.$inferSelect): AnalysisRecord['score'] {
  if (row.scoredAt === null) return null;
  return {
    outcome: row.outcome as Outcome,
    exitPrice: row.exitPrice,
    brierE8: row.brierE8,
    returnBps: row.returnBps,
    lastMoveReturnBps: row.lastMoveReturnBps,
    scoredAtMs: row.scoredAt.getTime(),
  };
}
