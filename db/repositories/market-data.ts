import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm';
import { divCeil, min } from '#shared/money/divide.ts';
import { PRICE_DECIMALS, price } from '#shared/money/units.ts';
import type { Price } from '#shared/money/units.ts';
import { derivedId } from '../../workers/platform/ids.ts';
import type { Database } from '../client.ts';
import { CONFIDENCE_DECIMALS } from '../schema/columns.ts';
import { marketData } from '../schema/market-data.ts';

/** A price of a market as Pyth published it. */
export interface PricePoint {
  readonly symbol: string;
  readonly price: Price;
  /** Half-width of the confidence interval; kept with four decimals, rounded up. */
  readonly confidence: Price;
  /** Whole seconds. */
  readonly publishTime: number;
}

export interface MarketDataRepository {
  /** Stores prices; the first of each market and 10 seconds stays. At most `pointsPerWriteMax`. */
  record(points: readonly PricePoint[]): Promise<void>;
  /** Prices of [fromSeconds, toSeconds), oldest first, at most `pointsPerReadMax`. */
  range(symbol: string, fromSeconds: number, toSeconds: number): Promise<readonly PricePoint[]>;
  latest(symbol: string): Promise<PricePoint | null>;
  /** Deletes what is older than 30 days, at most `pruneRowsMax` rows; answers how many. */
  prune(nowMs: number): Promise<number>;
}

export const pointsPerWriteMax = 500;
export const pointsPerReadMax = 10_000;
export const pruneRowsMax = 5_000;
/** Prices are public. */
const publicScope = { role: 'app_user', userId: null } as const;
const retentionMs = 30 * 24 * 60 * 60 * 1000;
/** Largest value of a numeric(10,4): a price this uncertain is refused everywhere else. */
const CONFIDENCE_MAX = 10n ** 10n - 1n;
const CONFIDENCE_STEP = 10n ** BigInt(PRICE_DECIMALS - CONFIDENCE_DECIMALS);

export function createMarketDataRepository(database: Database): MarketDataRepository {
  return {
    async record(points) {
      if (points.length === 0) return;
      if (points.length > pointsPerWriteMax) throw new RangeError(`more than ${pointsPerWriteMax} prices at once`);
      const rows = points.map((point) => ({
        id: derivedId('price', point.symbol, point.publishTime),
        symbol: point.symbol,
        price: point.price,
        confidence: min(divCeil(point.confidence, CONFIDENCE_STEP), CONFIDENCE_MAX),
        timestamp: new Date(point.publishTime * 1000),
      }));
      await database.transaction({ role: 'projector' }, (orm) => [
        orm.insert(marketData).values(rows).onConflictDoNothing(),
      ]);
    },

    async range(symbol, fromSeconds, toSeconds) {
      const [rows] = await database.transaction(publicScope, (orm) => [
        orm
          .select()
          .from(marketData)
          .where(
            and(
              eq(marketData.symbol, symbol),
              gte(marketData.timestamp, new Date(fromSeconds * 1000)),
              lt(marketData.timestamp, new Date(toSeconds * 1000)),
            ),
          )
          .orderBy(asc(marketData.timestamp))
          .limit(pointsPerReadMax),
      ]);
      return rows.map(pointOf);
    },

    async latest(symbol) {
      const [rows] = await database.transaction(publicScope, (orm) => [
        orm.select().from(marketData).where(eq(marketData.symbol, symbol)).orderBy(desc(marketData.timestamp)).limit(1),
      ]);
      return rows[0] === undefined ? null : pointOf(rows[0]);
    },

    async prune(nowMs) {
      const before = new Date(nowMs - retentionMs).toISOString();
      const [result] = await database.transaction({ role: 'projector' }, (orm) => [
        orm
          .select({ deleted: sql<number>`prune_market_data(${before}::timestamptz, ${pruneRowsMax})`.mapWith(Number) })
          .from(sql`(values (1)) as once`),
      ]);
      return result[0]?.deleted ?? 0;
    },
  };
}

function pointOf(row: typeof marketData.$inferSelect): PricePoint {
  return {
    symbol: row.symbol,
    price: row.price,
    confidence: price((row.confidence ?? 0n) * CONFIDENCE_STEP),
    publishTime: Math.floor(row.timestamp.getTime() / 1000),
  };
}
