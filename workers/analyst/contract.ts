import type { Price } from '#shared/money/units.ts';
import type { AnalysisHorizon, AnalysisType, FigureDto, Recommendation } from '#shared/protocol/ai.ts';

/** What `model` says of an analysis or answer that no language model had a part in. */
export const quantitativeModel = 'quantitative';

/** Characters kept of a model's name. */
const modelNameLengthMax = 80;

/** A language model as analyses, answers and readiness name it. */
export const modelName = ({ provider, model }: { readonly provider: string; readonly model: string }): string =>
  `${provider}/${model}`.slice(0, modelNameLengthMax);

/** Direction of a price over a time. */
export type Move = 'up' | 'down' | 'flat';

/** How a forecast came out. `flat`: the price did not move, or the forecast was even. `void`: there was no price to score it at. */
export type Outcome = 'right' | 'wrong' | 'flat' | 'void';

/** An analysis as it is made. */
export interface NewAnalysis {
  readonly id: string;
  readonly symbol: string;
  readonly analysisType: AnalysisType;
  readonly horizon: AnalysisHorizon;
  /** `quantitative`, or `provider/model`. */
  readonly model: string;
  readonly recommendation: Recommendation;
  /** 0 to 10,000; kept in whole hundreds. */
  readonly confidenceBps: number;
  /** Null where it makes no forecast. */
  readonly probabilityUpBps: number | null;
  readonly reasoning: string;
  readonly figures: readonly FigureDto[];
  /** Oracle price it was made at. */
  readonly price: Price;
  /** Spread and fees of opening and closing, of the price. */
  readonly costBps: number;
  /** Over the horizon before; null where that is not known. */
  readonly lastMove: Move | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** What an analysis came to. */
export interface Score {
  readonly outcome: Outcome;
  /** Null where void, as all that follows from it. */
  readonly exitPrice: Price | null;
  /** Squared distance of the probability from 0 or 1, in 1e-8; null also where the price did not move. */
  readonly brierE8: number | null;
  /** Of following the recommendation, after costs; null where there is no price. */
  readonly returnBps: number | null;
  /** Of trading the direction of the horizon before, after costs. */
  readonly lastMoveReturnBps: number | null;
}

export interface AnalysisRecord extends NewAnalysis {
  readonly isActive: boolean;
  readonly score: (Score & { readonly scoredAtMs: number }) | null;
}

/** A forecast that expired, with the price it is to be scored at. */
export interface DueForecast {
  readonly id: string;
  readonly recommendation: Recommendation | null;
  readonly probabilityUpBps: number;
  readonly price: Price | null;
  readonly costBps: number;
  readonly lastMove: Move | null;
  /** The last oracle price until it expired; null where none was kept of the time before. */
  readonly exitPrice: Price | null;
}

/** How forecasts of one model, market and horizon did, as counts and sums. */
export interface RecordSums {
  readonly model: string;
  readonly symbol: string;
  readonly horizon: AnalysisHorizon;
  readonly scored: number;
  /** The most of them whose horizons do not overlap. */
  readonly independent: number;
  readonly signals: number;
  readonly void: number;
  readonly rises: number;
  readonly falls: number;
  readonly hits: number;
  readonly misses: number;
  readonly brierE8Sum: number;
  readonly brierCount: number;
  readonly returnBpsSum: number;
  readonly lastMoveHits: number;
  readonly lastMoveMisses: number;
  readonly lastMoveReturnBpsSum: number;
  readonly lastMoveCount: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export interface ConversationRecord {
  readonly id: string;
  readonly title: string;
  readonly messages: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** One thing said. `tools` and `proposals` are as the wire has them. */
export interface MessageRecord {
  readonly id: string;
  readonly position: number;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly model: string | null;
  readonly isComplete: boolean;
  readonly tools: readonly unknown[];
  readonly proposals: readonly unknown[];
  readonly createdAtMs: number;
}

/** What a trader's hour limits: questions of a conversation, and analyses. */
export type RequestKind = 'question' | 'analyze';

/** Whether a request is within its limit; where not, when the oldest one counted was. */
export type RequestAdmission = { readonly admitted: true } | { readonly admitted: false; readonly oldestAtMs: number };
