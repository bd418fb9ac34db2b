import { agrees } from '#shared/cited-figure.ts';
import type { AnalysisDto, FigureDto } from '#shared/protocol/ai.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { TicketPrefill } from '../ticket/state.ts';
import { readCitations, type CitedValue } from './citations.ts';

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
  const found = new Map<string, NumberedFigure>();
  for (const piece of readCitations(reasoning)) {
    if (piece.kind === 'text') continue;
    const figure = figureCited(figures, piece);
    if (figure !== undefined) found.set(`${piece.number} ${figure.value}`, { ...figure, number: piece.number });
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/**
 * The figure behind a mark: the one of that name, or of several (an answer that looked at two markets) the one that the text gives. Undefined
 * where there is none, or where it cannot be told which.
 */
export function figureCited(
  figures: readonly FigureDto[],
  { id, cited }: { readonly id: string; readonly cited: CitedValue | null },
): FigureDto | undefined {
  const named = figures.filter((figure) => figure.id === id);
  const [first] = named;
  if (first === undefined || named.every(({ value }) => value === first.value)) return first;
  const given = cited === null ? [] : named.filter((figure) => agrees(cited, valueOf(figure)));
  return given.length === 1 ? given[0] : undefined;
}

/** Whether a text gives another number than the figure it cites. */
export const isMisquoted = (cited: CitedValue | null, figure: FigureDto | undefined): boolean =>
  cited !== null && figure !== undefined && !agrees(cited, valueOf(figure));

export const valueOf = ({ value, unit }: FigureDto): CitedValue => ({ value, unit });

/** A figure as it is shown: its unit close to it where that is a sign. */
export function figureText({ value, unit }: Pick<FigureDto, 'value' | 'unit'>): string {
  const shown = value.replace(/^-/, '−');
  if (unit === '') return shown;
  return unit === '%' || unit === 'x' ? `${shown}${unit === 'x' ? '×' : unit}` : `${shown} ${unit}`;
}
