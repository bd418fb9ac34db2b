/** The quantitative analyst: bars and the state of a market in, a calibrated probability, an answer and its reasons out. */
import { barsOf, checkCandles } from './bars.ts';
import {
  BAR_MS,
  HORIZON_MS,
  type QuantAssessment,
  type QuantCandle,
  type QuantFigure,
  type QuantInput,
} from './contract.ts';
import { decide } from './decision.ts';
import { correlationAt, featureSeries, type MarketSeries, marketSeries } from './features.ts';
import { figuresOf } from './figures.ts';
import { horizonWords, reasoningOf } from './reasoning.ts';
import { clamp, mean } from './statistics.ts';
import { bpsOf } from './units.ts';
import { barsNeeded, estimate } from './walk-forward.ts';

const minuteMs = 60_000;
const even = 5_000;

/**
 * Assesses a market over a horizon. Pure: no clock, no chance, nothing after `now_ms`.
 *
 * @throws RangeError where the input is no market data: bars out of order or impossible, costs that are negative or no numbers, a length
 *   of bars that does not divide the horizon's.
 */
export function assess(input: QuantInput): QuantAssessment {
  checkInput(input);
  const horizonBars = HORIZON_MS[input.horizon] / BAR_MS[input.horizon];
  const own = seriesOf(input, input.symbol, input.candles, horizonBars);
  const needed = barsNeeded(horizonBars);
  const all = Object.keys(input.others)
    .filter((symbol) => symbol !== input.symbol)
    .sort()
    .map((symbol) => seriesOf(input, symbol, input.others[symbol] ?? [], horizonBars));
  const last = own.returns.length - 1;
  const others = all.filter(
    (other) => other.returns.length >= needed && Number.isFinite(correlationAt(own, other, last)),
  );
  const features = featureSeries(own, others);
  const newest = features[last];
  const found = estimate({
    own: { close: own.bars.close, features },
    others: others.map((other) => ({
      close: other.bars.close,
      features: featureSeries(other, [own, ...others.filter((another) => another !== other)]),
    })),
    relation: clamp(mean(others.map((other) => correlationAt(own, other, last))), 0, 1),
    horizonBars,
  });
  if (found === null || !newest) return withoutEstimate(input, own, needed);
  const decision = decide(input, found, own.volatility[last] ?? NaN, horizonBars);
  const findings = { input, own, others, features: newest, found, decision };
  const figures = figuresOf(findings);
  return {
    symbol: input.symbol,
    horizon: input.horizon,
    probability_up_bps: Number(bpsOf(found.probability)),
    base_rate_bps: Number(bpsOf(found.baseRate)),
    direction: decision.direction,
    confidence_bps: Number(bpsOf(decision.confidence)),
    expires_at_ms: input.now_ms + HORIZON_MS[input.horizon],
    figures,
    reasoning: reasoningOf(findings, figures),
    enough_data: true,
    missing: unused(
      input,
      all.filter((other) => !others.includes(other)),
    ),
  };
}

const candleMsOf = ({ candle_ms }: QuantInput): number => candle_ms ?? minuteMs;

function checkInput(input: QuantInput): void {
  const candleMs = candleMsOf(input);
  if (!(candleMs > 0) || BAR_MS[input.horizon] % candleMs !== 0)
    throw new RangeError(`bars of ${candleMs} ms do not make up those of a horizon of ${input.horizon}`);
  for (const cost of [input.spread_bps, input.fee_bps_per_side])
    if (!Number.isFinite(cost) || cost < 0) throw new RangeError(`a cost of ${cost} bps is impossible`);
  const { long = 0, short = 0 } = input.open_interest_usdc ?? {};
  for (const value of [input.funding_rate_hourly_bps ?? 0, input.skew_bps ?? 0, long, short, input.now_ms])
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no number`);
  if (input.price !== undefined && !(input.price > 0 && input.price < Infinity))
    throw new RangeError(`a price of ${input.price} is impossible`);
  for (const { price, notional_usdc } of input.liquidation_clusters ?? [])
    if (!(price > 0 && price < Infinity && notional_usdc >= 0 && notional_usdc < Infinity))
      throw new RangeError(`a cluster of ${notional_usdc} USDC at ${price} is impossible`);
  for (const candles of [input.candles, ...Object.values(input.others)]) checkCandles(candles);
}

/** All markets' bars end at the same moment: the end of the newest bar that `now_ms` leaves finished. */
function seriesOf(
  input: QuantInput,
  symbol: string,
  candles: readonly QuantCandle[],
  horizonBars: number,
): MarketSeries {
  const candleMs = candleMsOf(input);
  const endMs = Math.floor(input.now_ms / candleMs) * candleMs;
  return marketSeries(symbol, barsOf(candles, { endMs, candleMs, barMs: BAR_MS[input.horizon] }), horizonBars);
}

/** What an answer had to do without. */
function unused(input: QuantInput, others: readonly MarketSeries[]): string[] {
  return [
    ...others.map(({ symbol }) => `${symbol} has too few bars to be compared with.`),
    ...(input.funding_rate_hourly_bps === undefined ? ['The funding rate is not known.'] : []),
    ...(input.skew_bps === undefined ? ['The skew of open interest is not known.'] : []),
    ...(input.liquidation_clusters === undefined ? ['The liquidation prices of positions are not known.'] : []),
  ];
}

/** Hold, with what is missing in words and figures. */
function withoutEstimate(input: QuantInput, own: MarketSeries, needed: number): QuantAssessment {
  const barMinutes = BAR_MS[input.horizon] / minuteMs;
  const figures: QuantFigure[] = [
    { id: 'bars', label: 'Bars there are', value: String(own.returns.length), unit: 'samples' },
    { id: 'bars_needed', label: 'Bars needed', value: String(needed), unit: 'samples' },
    { id: 'bar_minutes', label: 'Minutes of a bar', value: String(barMinutes), unit: '' },
  ];
  const count = `${own.returns.length} [bars] of ${needed} [bars_needed] bars of ${barMinutes} [bar_minutes] min are there`;
  const reason =
    own.returns.length >= needed
      ? `the price of ${input.symbol} stood still lately, so nothing can be measured by it, though ${count}`
      : {
          stale: `no price of ${input.symbol} came lately: ${count}`,
          gap: `the prices of ${input.symbol} have a long gap: behind it, ${count}`,
          none: `the past of ${input.symbol} is too short: ${count}`,
        }[own.bars.fault];
  return {
    symbol: input.symbol,
    horizon: input.horizon,
    probability_up_bps: even,
    base_rate_bps: even,
    direction: 'hold',
    confidence_bps: 0,
    expires_at_ms: input.now_ms + HORIZON_MS[input.horizon],
    figures,
    reasoning: `Hold for the next ${horizonWords[input.horizon]}: ${reason}. No probability is given on that.`,
    enough_data: false,
    missing: [`${reason[0]?.toUpperCase()}${reason.slice(1)}.`.replaceAll(/ \[[a-z_]+\]/g, '')],
  };
}
