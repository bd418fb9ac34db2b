import type { AnalysisHorizon, ForecastResultDto, TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { displayDecimal } from '#shared/money/format.ts';

import { formatShare, unknownFigure } from '../format.ts';

/** Below so many calls a rate says little: it is marked as such. */
export const callsToSay = 30;
/** Of the interval around a hit rate: 95 %. */
const standardDeviations = 1.96;

const horizonOrder: readonly AnalysisHorizon[] = ['15m', '1h', '4h', '1d'];

/** Brier score of always saying one half, basis points. */
export const coinBrierBps = 2_500;

/**
 * Wilson's interval of a share at 95 %, in percent (E. B. Wilson, 1927): within it the true rate is expected, also for few calls. Null
 * without calls.
 */
export function hitInterval(hits: number, calls: number): { readonly low: number; readonly high: number } | null {
  if (calls <= 0) return null;
  const share = hits / calls;
  const z2 = standardDeviations ** 2;
  const middle = (share + z2 / (2 * calls)) / (1 + z2 / calls);
  const half =
    (standardDeviations * Math.sqrt((share * (1 - share)) / calls + z2 / (4 * calls ** 2))) / (1 + z2 / calls);
  return { low: Math.floor(Math.max(0, middle - half) * 100), high: Math.ceil(Math.min(1, middle + half) * 100) };
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

/** Whether so few calls stand behind a rate that it says little. */
export const saysLittle = ({ calls }: Pick<ForecastResultDto, 'calls'>): boolean => calls < callsToSay;
