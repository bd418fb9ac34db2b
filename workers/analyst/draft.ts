import type { FigureDto, Recommendation } from '#shared/protocol/ai.ts';
import type { QuantAssessment } from './quant/contract.ts';

/** What an analyst says, before it is kept. */
export interface AnalysisDraft {
  readonly recommendation: Recommendation;
  readonly confidenceBps: number;
  /** Null where it makes no forecast. */
  readonly probabilityUpBps: number | null;
  readonly reasoning: string;
  readonly figures: readonly FigureDto[];
}

/** The quantitative analyst's own words. What it could not estimate is no forecast, and is never scored. */
export const draftOfAssessment = (assessment: QuantAssessment): AnalysisDraft => ({
  recommendation: assessment.direction,
  confidenceBps: assessment.confidence_bps,
  probabilityUpBps: assessment.enough_data ? assessment.probability_up_bps : null,
  reasoning: assessment.reasoning,
  figures: assessment.figures.map(({ id, label, value, unit }) => ({ id, label, value, unit })),
});
