import { sql } from 'drizzle-orm';
import type { AnalysisHorizon } from '#shared/protocol/ai.ts';
import type { RecordSums } from '../../workers/analyst/contract.ts';
import type { Database } from '../client.ts';

export interface TrackRecordFilter {
  readonly symbol?: string | undefined;
  readonly horizon?: AnalysisHorizon | undefined;
  readonly model?: string | undefined;
  /** Analyses made before do not count. */
  readonly sinceMs: number;
}

export interface TrackRecordRepository {
  /**
   * How scored forecasts did, by model, market and horizon, at most `entriesMax`. Of each of them the first in five minutes counts, so that
   * who asks often does not weigh more. `independent` walks each entry from its first forecast to the next one made after that has expired, and so on.
   */
  sums(filter: TrackRecordFilter): Promise<RecordSums[]>;
}

/** Models × markets × horizons shown. */
export const entriesMax = 500;

type Row = Readonly<Record<keyof RecordSums, string>>;

export function createTrackRecordRepository(database: Database): TrackRecordRepository {
  return {
    async sums({ symbol = null, horizon = null, model = null, sinceMs }) {
      const since = new Date(sinceMs).toISOString();
      const wantedOrVoid = sql`scored_at is not null and created_at >= ${since}::timestamptz
        and (${symbol}::text is null or market_symbol = ${symbol})
        and (${horizon}::text is null or horizon = ${horizon})
        and (${model}::text is null or model = ${model})`;
      const wanted = sql`${wantedOrVoid} and outcome <> 'void'`;
      // Of all users, without a word of whose they are: the projector's columns.
      const [{ rows }] = await database.transaction({ role: 'projector' }, (orm) => [
        orm.execute(sql`with recursive apart as (
            (select distinct on (model, market_symbol, horizon) model, market_symbol, horizon, expires_at from ai_analysis
            where ${wanted} order by model, market_symbol, horizon, created_at)
            union all
            select model, market_symbol, horizon, next.expires_at from apart, lateral (
              select a.expires_at from ai_analysis a
              where a.scored_at is not null and a.outcome <> 'void' and a.model = apart.model
                and a.market_symbol = apart.market_symbol and a.horizon = apart.horizon and a.created_at >= apart.expires_at
              order by a.created_at limit 1) next
          ), independent as (
            select model, market_symbol, horizon, count(*) as independent from apart group by model, market_symbol, horizon
          ), binned as (
            select id, model, market_symbol, horizon, created_at, outcome, recommendation, price, exit_price, brier_e8, return_bps,
              last_move, last_move_return_bps, date_bin('5 minutes', created_at, timestamptz 'epoch') as bin
            from ai_analysis where ${wantedOrVoid}
          ), counted as (
            select * from (
              select *, lag(bin) over (partition by model, market_symbol, horizon order by created_at, id) as bin_before from binned
            ) as in_order where bin is distinct from bin_before
          )
          select model, market_symbol as "symbol", horizon,
            count(*) filter (where outcome <> 'void') as "scored",
            least(coalesce(max(independent), 0), count(*) filter (where outcome <> 'void')) as "independent",
            count(*) filter (where outcome <> 'void' and recommendation in ('buy', 'sell')) as "signals",
            count(*) filter (where outcome = 'void') as "void",
            count(*) filter (where exit_price > price) as "rises",
            count(*) filter (where exit_price < price) as "falls",
            count(*) filter (where outcome = 'right') as "hits",
            count(*) filter (where outcome = 'wrong') as "misses",
            coalesce(sum(brier_e8), 0) as "brierE8Sum", count(brier_e8) as "brierCount",
            coalesce(sum(return_bps), 0) as "returnBpsSum",
            count(*) filter (where (last_move = 'up' and exit_price > price) or (last_move = 'down' and exit_price < price))
              as "lastMoveHits",
            count(*) filter (where (last_move = 'up' and exit_price < price) or (last_move = 'down' and exit_price > price))
              as "lastMoveMisses",
            coalesce(sum(last_move_return_bps), 0) as "lastMoveReturnBpsSum", count(last_move_return_bps) as "lastMoveCount",
            extract(epoch from min(created_at)) * 1000 as "firstAtMs", extract(epoch from max(created_at)) * 1000 as "lastAtMs"
          from counted left join independent using (model, market_symbol, horizon) group by model, market_symbol, horizon
          order by model, market_symbol, horizon limit ${entriesMax}`),
      ]);
      return (rows as unknown as readonly Row[]).map(sumsOf);
    },
  };
}

const texts = ['model', 'symbol', 'horizon'] as const;

/** Counts and sums arrive as text. */
function sumsOf(row: Row): RecordSums {
  const numbers = Object.entries(row).filter(([name]) => !(texts as readonly string[]).includes(name));
  return {
    ...(Object.fromEntries(numbers.map(([name, text]) => [name, Math.round(Number(text))])) as unknown as RecordSums),
    model: row.model,
    symbol: row.symbol,
    horizon: row.horizon as AnalysisHorizon,
  };
}
