import type { AnalysisHorizon, ForecastResultDto, TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { displayDecimal } from '#shared/money/format.ts';

import { formatShare, unknownFigure } from '../format.ts';

/** Of fewer independent forecasts a rate says little: it is marked as such. */
export const independentToSay = 30;

const horizonOrder: readonly AnalysisHorizon[] = ['15m', '1h', '4h', '1d'];

/** Brier score of always saying one half, basis points. */
export const coinBrierBps = 2_500;

/** The interval of a hit rate at 95 % in whole percent, rounded outwards. Null without calls. */
export function intervalOf({
  hit_rate_low: low,
  hit_rate_high: high,
}: ForecastResultDto): { readonly low: number; readonly high: number } | null {
  return low === null || high === null ? null : { low: Math.floor(low / 100), high: Math.ceil(high / 100) };
}

/** A share in basis points as percent with one decimal. */
export const shareText = (shareBps: number | null): string =>
  shareBps === null ? unknownFigure : formatShare(BigInt(shareBps), 10_000n, 1);

/** A mean return in basis points as percent, signed. */
export const returnText = (returnBps: number | null): string =>
  returnBps === null ? unknownFigure : formatShare(BigInt(returnBps), 10_000n, 2, true);

/** A Brier score in basis points: 0.2431. */
export const brierText = (brierBps: number | null): string =>
  brierBps === null ? unknownFigure : displayDecimal(BigInt(brierBps), 4, { places: 4 });

/** How one figure of MIKEY stands to that of a simple rule. Null where one of them is not known. */
export type Comparison = 'better' | 'worse' | 'equal' | null;

export function compare(own: number | null, other: number | null, better: 'higher' | 'lower'): Comparison {
  if (own === null || other === null) return null;
  if (own === other) return 'equal';
  return own > other === (better === 'higher') ? 'better' : 'worse';
}

export interface RecordFilter {
  readonly symbol: MarketSymbol | undefined;
  readonly horizon: AnalysisHorizon | undefined;
}

/** Entries of one model, markets by name, horizons by length. */
export interface ModelRecord {
  readonly model: string;
  readonly entries: readonly TrackRecordEntryDto[];
  /** Analyses counted in all of them. */
  readonly scored: number;
}

/** The record by model, the one with the most analyses first; what the filter leaves out is not in it. */
export function recordsByModel(entries: readonly TrackRecordEntryDto[], filter: RecordFilter): ModelRecord[] {
  const wanted = entries.filter(
    ({ symbol, horizon }) =>
      (filter.symbol === undefined || symbol === filter.symbol) &&
      (filter.horizon === undefined || horizon === filter.horizon),
  );
  const models = [...new Set(wanted.map(({ model }) => model))];
  return models
    .map((model) => {
      const own = wanted.filter((entry) => entry.model === model).sort(byMarketAndHorizon);
      return { model, entries: own, scored: own.reduce((sum, { scored }) => sum + scored, 0) };
    })
    .sort((a, b) => b.scored - a.scored || a.model.localeCompare(b.model));
}

const byMarketAndHorizon = (a: TrackRecordEntryDto, b: TrackRecordEntryDto): number =>
  a.symbol.localeCompare(b.symbol) || horizonOrder.indexOf(a.horizon) - horizonOrder.indexOf(b.horizon);

/** Whether so few independent forecasts stand behind a rate that it says little. */
export const saysLittle = ({ independent }: Pick<TrackRecordEntryDto, 'independent'>): boolean =>
  independent < independentToSay;
