/** The figures of an assessment: everything its reasoning may speak of, as text with a unit. */
import type { QuantFigure, QuantInput, QuantUnit } from './contract.ts';
import type { Decision } from './decision.ts';
import { correlationAt, correlationBars, featureNames, type Features, type MarketSeries } from './features.ts';
import { nearLiquidations } from './liquidations.ts';
import { decimalText, priceText, quoteText } from './units.ts';
import type { Estimate } from './walk-forward.ts';

/** What an assessment has found. */
export interface Findings {
  readonly input: QuantInput;
  readonly own: MarketSeries;
  readonly others: readonly MarketSeries[];
  /** Scores of now. */
  readonly features: Features;
  readonly found: Estimate;
  readonly decision: Decision;
}

const figure = (id: string, label: string, value: string, unit: QuantUnit): QuantFigure => ({ id, label, value, unit });
const plain = (id: string, label: string, value: number, places = 2) =>
  figure(id, label, decimalText(value, places), '');
const percent = (id: string, label: string, part: number, places = 1) =>
  figure(id, label, decimalText(part * 100, places), '%');
const bps = (id: string, label: string, part: number) => figure(id, label, decimalText(part * 10_000, 1), 'bps');
const times = (id: string, label: string, value: number) => figure(id, label, decimalText(value, 2), 'x');

/** `BTC-PERP` is `btc`: what a figure's id may hold. */
const idOf = (symbol: string): string =>
  symbol
    .toLowerCase()
    .replace(/-perp$/, '')
    .replaceAll(/[^a-z0-9]+/g, '_');

/** Id of the figure of the correlation with a market. */
export const correlationId = (symbol: string): string => `correlation_${idOf(symbol)}`;

/** All figures, in the order in which they are shown. */
export function figuresOf(findings: Findings): QuantFigure[] {
  return [
    ...estimateFigures(findings),
    ...scoreFigures(findings),
    ...indicatorFigures(findings),
    ...relationFigures(findings),
    ...positioningFigures(findings),
  ];
}

function estimateFigures({ found, decision }: Findings): QuantFigure[] {
  return [
    percent('probability', 'Probability of a higher price', found.probability),
    percent('base_rate', 'How often the price was higher before', found.baseRate),
    percent('claim', 'Probability the scores claim, before it is shrunk', found.raw),
    percent('skill', 'Part of earlier claims that came true', found.skill, 0),
    percent('error', 'Error of the probability at 95 %, in points', found.error),
    figure('trials', 'Stretches of past on which claims were tried', String(found.blocks), 'samples'),
    bps('expected_move', 'Expected move', decision.expected),
    bps('cost', 'Cost of a round trip: fees, spread, funding', decision.cost),
    bps('typical_move', 'Usual size of a move over the horizon', decision.move),
    percent('volatility', 'Volatility over the horizon (Yang–Zhang)', decision.sigma, 2),
  ];
}

const scoreLabels: Readonly<Record<(typeof featureNames)[number], string>> = {
  trend: 'Trend score',
  reversion: 'Mean-reversion score',
  acceleration: 'Acceleration score',
  catch_up: 'Lag behind the other markets',
};

const scoreFigures = ({ features }: Findings): QuantFigure[] =>
  featureNames.map((name, index) => plain(name, scoreLabels[name], features[index] ?? NaN));

/** The price of now, as far as it is known. */
const priceNow = ({ input, own }: Findings): number => input.price ?? own.bars.close.at(-1) ?? NaN;

function indicatorFigures(findings: Findings): QuantFigure[] {
  const { own } = findings;
  const last = own.returns.length - 1;
  const at = (values: readonly number[]): number => values[last] ?? NaN;
  const { rsi, atr, emaFast, emaSlow, macdHistogram, bollingerZ } = own.indicators;
  const [price, range] = [priceNow(findings), at(atr)];
  return [
    figure('price', 'Price', priceText(price), 'USD'),
    plain('rsi', 'Relative strength index (14)', at(rsi), 1),
    bps('atr', 'Average true range of a bar (14)', range / price),
    times('ema_gap', 'EMA 12 above EMA 26, in true ranges', (at(emaFast) - at(emaSlow)) / range),
    times('macd_histogram', 'MACD above its signal (12, 26, 9), in true ranges', at(macdHistogram) / range),
    times('bollinger', 'Distance from the middle of the Bollinger bands (20), in deviations', at(bollingerZ)),
    times('momentum', 'Move over the last horizon, in deviations', at(own.momentum)),
  ];
}

const relationFigures = ({ own, others }: Findings): QuantFigure[] =>
  others.map((other) => {
    const value = correlationAt(own, other, own.returns.length - 1);
    return plain(correlationId(other.symbol), `Correlation with ${other.symbol} (${correlationBars} bars)`, value);
  });

function positioningFigures(findings: Findings): QuantFigure[] {
  const { input, decision } = findings;
  const { funding_rate_hourly_bps: funding, skew_bps: skew, open_interest_usdc: interest } = input;
  const price = priceNow(findings);
  return [
    ...(funding === undefined
      ? []
      : [figure('funding', 'Funding per hour, longs to shorts', decimalText(funding, 4), 'bps')]),
    ...(skew === undefined ? [] : [percent('skew', 'Longs above shorts, of all open interest', skew / 10_000)]),
    ...(interest === undefined
      ? []
      : [
          figure('long_interest', 'Open interest of longs', quoteText(interest.long), 'USDC'),
          figure('short_interest', 'Open interest of shorts', quoteText(interest.short), 'USDC'),
        ]),
    ...liquidationFigures(input, 'long', price, decision.sigma),
    ...liquidationFigures(input, 'short', price, decision.sigma),
  ];
}

function liquidationFigures(input: QuantInput, side: 'long' | 'short', price: number, sigma: number): QuantFigure[] {
  const near = nearLiquidations(input.liquidation_clusters ?? [], side, price, sigma);
  if (near === null) return [];
  const whose = side === 'long' ? 'longs' : 'shorts';
  return [
    figure(`${side}_liquidation_price`, `Nearest liquidations of ${whose}`, priceText(near.price), 'USD'),
    percent(`${side}_liquidation_distance`, `Distance of the nearest liquidations of ${whose}`, near.distance, 2),
    percent(`${side}_liquidation_reached`, `Probability that the price gets there within the horizon`, near.reached),
    figure(
      `${side}_liquidation_notional`,
      `Positions of ${whose} within two deviations of liquidation`,
      quoteText(near.notional),
      'USDC',
    ),
  ];
}
