import * as z from 'zod';
import { marketOf } from '#shared/markets.ts';
import { horizonSchema } from '#shared/protocol/ai.ts';
import { marketSymbolSchema } from '#shared/protocol/common.ts';
import {
  candleIntervalSchema,
  candleSchema,
  marketPriceSchema,
  marketStatsSchema,
  oracleResponseSchema,
  publicTradeSchema,
} from '#shared/protocol/market.ts';
import { priceCodec, quoteCodec } from '#shared/money/codecs.ts';
import { positionSideSchema } from '#shared/protocol/positions.ts';
import { poolSchema } from '#shared/protocol/portfolio.ts';
import { presentCandle, presentMarketPrice, presentStats } from '#shared/protocol/present/market.ts';
import { presentOracle } from '#shared/protocol/present/oracle.ts';
import { presentPool } from '../../api/present-pool.ts';
import { presentTrackRecordEntry } from '../../api/present-ai.ts';
import { trackRecordEntrySchema } from '#shared/protocol/ai.ts';
import { intervalSeconds, quantInputOf } from '../market-input.ts';
import { pricedMarket } from '../oracle-gate.ts';
import { assess } from '../quant/assess.ts';
import { trackRecordSinceMs } from '../track-record.ts';
import { type AssistantTool, defineTool, plainJson, ToolRefusal } from './tool.ts';

/** Bars of one answer: enough to see a shape, little to read. */
const candlesMax = 100;
const ofMarket = z.strictObject({ symbol: marketSymbolSchema });

const getPrices = defineTool({
  name: 'get_prices',
  description: 'Oracle price, confidence and state of every market now.',
  schema: z.strictObject({}),
  answer: async (_input, { services }) => {
    const prices = (await services.markets.all()).flatMap((snapshot) => presentMarketPrice(snapshot) ?? []);
    return plainJson(z.array(marketPriceSchema), prices);
  },
});

const getCandles = defineTool({
  name: 'get_candles',
  description: `The last bars of a market, oldest first, at most ${candlesMax}.`,
  schema: ofMarket.extend({ interval: candleIntervalSchema, count: z.int().min(1).max(candlesMax) }),
  answer: async ({ symbol, interval, count }, { services: { markets, clock } }) => {
    const toSeconds = Math.floor(clock.nowMs() / 1_000) + 1;
    const fromSeconds = Math.max(0, toSeconds - count * intervalSeconds[interval]);
    const candles = await markets.object(symbol).candles({ interval, fromSeconds, toSeconds });
    return plainJson(z.array(candleSchema), candles.map(presentCandle));
  },
});

const getMarketStats = defineTool({
  name: 'get_market_stats',
  description: 'Statistics of a market: 24 h prices and volume, open interest, skew, funding and borrow rate.',
  schema: ofMarket,
  answer: async ({ symbol }, { services }) =>
    plainJson(marketStatsSchema, presentStats(await services.markets.snapshot(symbol))),
});

const getOracleState = defineTool({
  name: 'get_oracle_state',
  description:
    'Whether the oracle price of a market is acceptable now, how old and how uncertain it is, and what it allows.',
  schema: ofMarket,
  answer: async ({ symbol }, { services: { markets, clock } }) => {
    const snapshot = await markets.snapshot(symbol);
    return plainJson(oracleResponseSchema, presentOracle(snapshot, marketOf(symbol).priceAccount, clock.nowMs()));
  },
});

const assessMarket = defineTool({
  name: 'assess_market',
  description:
    'The quantitative assessment of a market over a horizon: a calibrated probability that the price rises, a direction, and the figures it stands on. Refused while the oracle price is not acceptable.',
  schema: ofMarket.extend({ horizon: horizonSchema }),
  answer: async ({ symbol, horizon }, { services, caller, cite }) => {
    const [snapshot, { positions }] = await Promise.all([
      services.markets.snapshot(symbol),
      services.account(caller.wallet).state(),
    ]);
    const priced = pricedMarket(snapshot);
    if (!priced.ok) throw new ToolRefusal(priced.refusal.message);
    const side = positions.find((held) => held.symbol === symbol)?.position.side ?? null;
    const assessment = assess(await quantInputOf(services, { ...priced.value, symbol }, horizon, side));
    cite(assessment.figures);
    return assessment;
  },
});

const getPool = defineTool({
  name: 'get_pool',
  description: 'The liquidity pool: share price, assets, utilisation, exposure per market.',
  schema: z.strictObject({}),
  answer: async (_input, { services }) => {
    const [pool, snapshots] = await Promise.all([services.pool.read(), services.markets.all()]);
    if (pool === null) throw new ToolRefusal('The exchange is not initialised on this network yet.');
    return plainJson(poolSchema, presentPool(pool, snapshots));
  },
});

const clusterSchema = z.strictObject({ side: positionSideSchema, price: priceCodec, notional: quoteCodec });

const getLiquidationClusters = defineTool({
  name: 'get_liquidation_clusters',
  description:
    'Where positions of a market would be liquidated: notional in USDC by price and side, the nearest first. Nobody is named.',
  schema: ofMarket,
  answer: async ({ symbol }, { services: { markets } }) =>
    plainJson(z.array(clusterSchema), await markets.object(symbol).liquidationClusters()),
});

/** A liquidation as everybody may know it. Its transaction would lead to its trader, and stays out. */
const publicLiquidationSchema = publicTradeSchema
  .pick({ quantity: true, price: true, created_at: true })
  .extend({ position_side: positionSideSchema });

const getMarketLiquidations = defineTool({
  name: 'get_market_liquidations',
  description:
    "The liquidations among a market's last 50 trades, anybody's, newest first: side of the position, size, price, time. Nobody is named.",
  schema: ofMarket,
  answer: async ({ symbol }, { services: { markets } }) => {
    const trades = await markets.object(symbol).latestTrades();
    const liquidations = trades.flatMap(({ side, quantity, price, liquidation, created_at }) =>
      // A long position is liquidated by a sale.
      liquidation ? [{ quantity, price, created_at, position_side: side === 'sell' ? 'long' : 'short' } as const] : [],
    );
    return { symbol, trades: trades.length, liquidations: plainJson(z.array(publicLiquidationSchema), liquidations) };
  },
});

const getTrackRecord = defineTool({
  name: 'get_track_record',
  description:
    'How often the forecasts of the assistant were right, per model, market and horizon, beside two simple rules.',
  schema: z.strictObject({ symbol: marketSymbolSchema.optional() }),
  answer: async ({ symbol }, { services: { repositories, clock } }) => {
    const sums = await repositories.trackRecord.sums({ symbol, sinceMs: trackRecordSinceMs(clock.nowMs()) });
    return plainJson(z.array(trackRecordEntrySchema), sums.map(presentTrackRecordEntry));
  },
});

/** What is public of the markets. */
export const marketTools = {
  ...{ getPrices, getCandles, getMarketStats, getOracleState },
  ...{ assessMarket, getLiquidationClusters, getMarketLiquidations, getPool, getTrackRecord },
} as const satisfies Record<string, AssistantTool>;
