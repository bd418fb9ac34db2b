import * as z from 'zod';
import { candleSchema, candlesQuerySchema } from '#shared/protocol/market.ts';
import { presentCandle } from '#shared/protocol/present/market.ts';
import type { CandleInterval } from '../../market/contract.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';

const intervalSeconds: Readonly<Record<CandleInterval, number>> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '4h': 14_400,
  '1d': 86_400,
};
/** Bars of an answer without `from`. */
const candlesDefault = 300;
/** Bars that can be asked for at once. */
const candlesMax = 1_500;

export const marketCandles = defineOperation({
  method: 'GET',
  path: '/api/market/candles',
  tag: 'Market Data',
  summary: `Candles, oldest first; the last ${candlesDefault} without from, at most ${candlesMax}`,
  auth: 'none',
  rate: 'data',
  query: candlesQuerySchema,
  status: 200,
  answer: z.array(candleSchema),
  refusals: ['MARKET_001'],
  handle: async ({ query, services: { markets, clock } }) => {
    const step = intervalSeconds[query.interval];
    const toSeconds = query.to ?? Math.floor(clock.nowMs() / 1_000) + 1;
    const fromSeconds = query.from ?? Math.max(0, toSeconds - candlesDefault * step);
    if (fromSeconds >= toSeconds) throw refused('VALIDATION_001', 'from must be before to.');
    if (toSeconds - fromSeconds > candlesMax * step) {
      throw refused(
        'VALIDATION_001',
        `Ask for at most ${candlesMax} bars: ${candlesMax * step} seconds of ${query.interval}.`,
      );
    }
    const candles = await markets.object(query.symbol).candles({ interval: query.interval, fromSeconds, toSeconds });
    return candles.map(presentCandle);
  },
});
