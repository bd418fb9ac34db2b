import type { AnalysisDto, ForecastResultDto, TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import { marketSymbolOf, timestampOf } from '#shared/protocol/present/fields.ts';
import type { AnalysisRecord, RecordSums } from '../analyst/contract.ts';
import { alwaysHold, type ForecastResult, lastMoveContinues, resultOf } from '../analyst/scoring.ts';

/** Squared errors are kept in 1e-8 and shown in 1e-4. */
const brierScale = 10_000;

export function presentAnalysis(record: AnalysisRecord, nowMs: number): AnalysisDto {
  const { score } = record;
  return {
    analysis_id: record.id,
    symbol: marketSymbolOf(record.symbol),
    analysis_type: record.analysisType,
    confidence_score: record.confidenceBps,
    recommendation: record.recommendation,
    reasoning: record.reasoning,
    created_at: timestampOf(record.createdAtMs),
    expires_at: timestampOf(record.expiresAtMs),
    horizon: record.horizon,
    model: record.model,
    probability_up: record.probabilityUpBps,
    price: record.price,
    figures: [...record.figures],
    is_active: record.isActive && record.expiresAtMs > nowMs,
    outcome:
      score === null
        ? null
        : {
            direction: score.outcome,
            exit_price: score.exitPrice,
            brier_score: score.brierE8 === null ? null : Math.round(score.brierE8 / brierScale),
            return_after_fees: score.returnBps,
            scored_at: timestampOf(score.scoredAtMs),
          },
  };
}

export const presentTrackRecordEntry = (sums: RecordSums): TrackRecordEntryDto => ({
  model: sums.model,
  symbol: marketSymbolOf(sums.symbol),
  horizon: sums.horizon,
  scored: sums.scored,
  independent: sums.independent,
  signals: sums.signals,
  void: sums.void,
  share_up: sums.rises + sums.falls === 0 ? null : Math.round((sums.rises / (sums.rises + sums.falls)) * 10_000),
  result: presentResult(resultOf(sums)),
  always_hold: presentResult(alwaysHold(sums)),
  last_move_continues: presentResult(lastMoveContinues(sums)),
  first_at: timestampOf(sums.firstAtMs),
  last_at: timestampOf(sums.lastAtMs),
});

const presentResult = ({
  calls,
  hits,
  hitRateBps,
  hitRateInterval,
  brierBps,
  returnBps,
}: ForecastResult): ForecastResultDto => ({
  calls,
  hits,
  hit_rate: hitRateBps,
  hit_rate_low: hitRateInterval?.lowBps ?? null,
  hit_rate_high: hitRateInterval?.highBps ?? null,
  brier_score: brierBps,
  return_after_fees: returnBps,
});
