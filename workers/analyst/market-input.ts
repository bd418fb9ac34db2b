import { BPS_SCALE, PRICE_SCALE, QUOTE_SCALE, RATE_SCALE, SIZE_SCALE } from '#shared/money/units.ts';
import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { spread } from '#shared/perps/fill.ts';
import { currentFundingRate } from '#shared/protocol/present/market.ts';
import type { Services } from '../api/context.ts';
import type { Candle, CandleInterval } from '../market/contract.ts';
import { withTimeout } from '../platform/retry.ts';
import type { Move } from './contract.ts';
import type { PricedMarket } from './oracle-gate.ts';
import {
  BAR_MS,
  barsMax,
  type Horizon,
  HORIZON_MS,
  type LiquidationCluster,
  type QuantCandle,
  type QuantInput,
} from './quant/contract.ts';

/** The bars that each horizon is judged on, as the exchange names them; of the length that the analyst wants. */
const intervalOf: Readonly<Record<Horizon, CandleInterval>> = { '15m': '1m', '1h': '5m', '4h': '15m', '1d': '1h' };
/** A market that does not answer by then is left out. */
const candlesTimeoutMs = 3_000;

type MarketSource = Pick<Services, 'markets' | 'clock'>;

/** What the quantitative analyst is asked with, from the exchange's own candles and market state. @throws TimeoutError */
export async function quantInputOf(
  { markets, clock }: MarketSource,
  { symbol, price, market }: PricedMarket & { readonly symbol: MarketSymbol },
  horizon: Horizon,
  positionSide: 'long' | 'short' | null,
): Promise<QuantInput> {
  const nowMs = clock.nowMs();
  const read = (of: MarketSymbol) => recentCandles({ markets, clock }, of, intervalOf[horizon], barsMax);
  const others = MARKET_SYMBOLS.filter((other) => other !== symbol);
  const [candles, clusters, ...ofOthers] = await Promise.all([
    read(symbol),
    clustersOf({ markets, clock }, symbol),
    ...others.map((other) => read(other).catch((): QuantCandle[] => [])),
  ]);
  const at = ratio(price.price, PRICE_SCALE);
  const long = ratio(market.long.size, SIZE_SCALE) * at;
  const short = ratio(market.short.size, SIZE_SCALE) * at;
  const interest = long + short;
  return {
    symbol,
    horizon,
    now_ms: nowMs,
    candles,
    price: at,
    others: Object.fromEntries(others.map((other, index) => [other, ofOthers[index] ?? []])),
    candle_ms: BAR_MS[horizon],
    funding_rate_hourly_bps: ratio(currentFundingRate(market) * BPS_SCALE, RATE_SCALE),
    open_interest_usdc: { long, short },
    ...(interest === 0 ? {} : { skew_bps: ((long - short) / interest) * Number(BPS_SCALE) }),
    ...(clusters === null ? {} : { liquidation_clusters: clusters }),
    // A buy is filled one spread above the price, a sale one below.
    spread_bps: ratio(2n * spread(price.conf, market.config.kBps) * BPS_SCALE, price.price),
    fee_bps_per_side: Number(market.config.feeBps),
    ...(positionSide === null ? {} : { position_side: positionSide }),
  };
}

/** The last `count` bars of a market as the analyst reads them: statistics, not money. @throws TimeoutError */
export async function recentCandles(
  { markets, clock }: MarketSource,
  symbol: MarketSymbol,
  interval: CandleInterval,
  count: number,
): Promise<QuantCandle[]> {
  const toSeconds = Math.floor(clock.nowMs() / 1_000) + 1;
  const fromSeconds = Math.max(0, toSeconds - count * intervalSeconds[interval]);
  const bars = await withTimeout(
    () => markets.object(symbol).candles({ interval, fromSeconds, toSeconds }),
    candlesTimeoutMs,
  );
  return bars.map(quantCandle);
}

/** Where positions of a market would be liquidated; null where its object does not say. */
const clustersOf = ({ markets }: MarketSource, symbol: MarketSymbol): Promise<LiquidationCluster[] | null> =>
  withTimeout(() => markets.object(symbol).liquidationClusters(), candlesTimeoutMs).then(
    (clusters) =>
      clusters.map(({ side, price, notional }) => ({
        ...{ side, price: ratio(price, PRICE_SCALE), notional_usdc: ratio(notional, QUOTE_SCALE) },
      })),
    () => null,
  );

/** Seconds of a bar. */
export const intervalSeconds: Readonly<Record<CandleInterval, number>> = {
  ...{ '1m': 60, '5m': 300, '15m': 900 },
  ...{ '1h': 3_600, '4h': 14_400, '1d': 86_400 },
};

const ratio = (value: bigint, scale: bigint): number => Number(value) / Number(scale);

const quantCandle = ({ time, open, high, low, close, volume }: Candle): QuantCandle => ({
  time_ms: time * 1_000,
  open: ratio(open, PRICE_SCALE),
  high: ratio(high, PRICE_SCALE),
  low: ratio(low, PRICE_SCALE),
  close: ratio(close, PRICE_SCALE),
  volume: ratio(volume, SIZE_SCALE),
});

/** Spread and fees of opening and closing, whole basis points, rounded up. */
export const roundTripCostBps = (input: Pick<QuantInput, 'spread_bps' | 'fee_bps_per_side'>): number =>
  Math.ceil(input.spread_bps + 2 * input.fee_bps_per_side);

/** Where the price went over the horizon before now; null where there is no bar of that time. */
export function lastMoveOf({ candles, horizon, now_ms: nowMs }: QuantInput): Move | null {
  const closed = candles.filter(({ time_ms }) => time_ms + BAR_MS[horizon] <= nowMs);
  const from = closed.findLast(({ time_ms }) => time_ms + BAR_MS[horizon] <= nowMs - HORIZON_MS[horizon]);
  const to = closed.at(-1);
  if (from === undefined || to === undefined) return null;
  // A bar that is long past says nothing of the horizon before.
  if (nowMs - from.time_ms > 2 * HORIZON_MS[horizon] + BAR_MS[horizon]) return null;
  return to.close > from.close ? 'up' : to.close < from.close ? 'down' : 'flat';
}
