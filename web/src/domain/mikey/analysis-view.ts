import type { AnalysisDto, FigureDto } from '#shared/protocol/ai.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { TicketPrefill } from '../ticket/state.ts';
import { citedIds, type CitedValue } from './citations.ts';

/** Who wrote an analysis or an answer, as the exchange names it where no language model had a part. */
const quantitativeModel = 'quantitative';

export const isQuantitative = (model: string): boolean => model === quantitativeModel;

export type AnalysisTone = 'up' | 'down' | 'warn' | 'neutral';

const tones = { buy: 'up', sell: 'down', close: 'warn', hold: 'neutral' } as const;

export const toneOf = ({ recommendation }: Pick<AnalysisDto, 'recommendation'>): AnalysisTone => tones[recommendation];

/**
 * The ticket that follows an analysis: its direction, or the end of the position it speaks of. Sizes of new positions are the trader's own.
 * Null where it asks for no trade, where there is nothing to close, or once it has expired.
 */
export function prefillOfAnalysis(
  analysis: Pick<AnalysisDto, 'analysis_id' | 'recommendation' | 'expires_at'>,
  position: Pick<PositionDto, 'side' | 'size'> | undefined,
  nowMs: number,
): TicketPrefill | null {
  const { analysis_id: analysisId, recommendation } = analysis;
  if (Date.parse(analysis.expires_at) <= nowMs) return null;
  if (recommendation === 'buy' || recommendation === 'sell') return { side: recommendation, analysisId };
  if (recommendation === 'hold' || position === undefined) return null;
  const side = position.side === 'long' ? 'sell' : 'buy';
  return { side, orderType: 'market', size: position.size, reduceOnly: true, analysisId };
}

/** A figure that a text cites, under the number of its mark. */
export interface NumberedFigure extends FigureDto {
  readonly number: number;
}

/** The figures a reasoning cites, in the order of their marks; what it names and does not have is left out. */
export function citedFigures(reasoning: string, figures: readonly FigureDto[]): NumberedFigure[] {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  return citedIds(reasoning).flatMap((id, index) => {
    const figure = byId.get(id);
    return figure === undefined ? [] : [{ ...figure, number: index + 1 }];
  });
}

export const valueOf = ({ value, unit }: FigureDto): CitedValue => ({ value, unit });

/** A figure as it is shown: its unit close to it where that is a sign. */
export function figureText({ value, unit }: Pick<FigureDto, 'value' | 'unit'>): string {
  const shown = value.replace(/^-/, '−');
  if (unit === '') return shown;
  return unit === '%' || unit === 'x' ? `${shown}${unit === 'x' ? '×' : unit}` : `${shown} ${unit}`;
}
