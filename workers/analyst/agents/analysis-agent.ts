import * as z from 'zod';
import { agrees, numberAtEnd } from '#shared/cited-figure.ts';
import type { AnalyzeRequest, FigureDto } from '#shared/protocol/ai.ts';
import { recommendationSchema } from '#shared/protocol/ai.ts';
import { RefusedError } from '../../api/errors.ts';
import type { AnalysisDraft } from '../draft.ts';
import { modelName } from '../contract.ts';
import type { Models, Task } from '../models/contract.ts';
import type { ToolContext } from '../tools/tool.ts';
import { modelToolsOf, toolsOfAnalysis } from './agent-tools.ts';
import { isAnsweredOtherwise, refusalOfModel } from './failures.ts';
import { analysisInstructions } from './instructions.ts';
import { plainText, visibleData } from './plain-text.ts';

/** Characters of a reasoning: the database keeps it, and a card shows it. */
const reasoningLengthMax = 2_000;
const wholeBps = 10_000;

/** Which models write an analysis: a signal has those of its own. */
export const taskOf = ({ analysis_type: type }: Pick<AnalyzeRequest, 'analysis_type'>): Task =>
  type === 'trading_signal' ? 'signal' : 'analysis';

export interface AnalysisQuestion {
  readonly request: AnalyzeRequest;
  /** What the quantitative analyst says: its figures are what the model may cite. */
  readonly quantitative: AnalysisDraft;
  /** Whether the caller holds a position in the market: only then can the answer be `close`. */
  readonly hasPosition: boolean;
}

/** An analysis by a model, with its name; null where no model answers and the quantitative analysis stands. */
export async function askForAnalysis(
  models: Models,
  question: AnalysisQuestion,
  context: ToolContext,
  signal?: AbortSignal,
): Promise<{ readonly draft: AnalysisDraft; readonly model: string } | null> {
  const { request, quantitative } = question;
  const task = taskOf(request);
  if (!models.available(task)) return null;
  const answer = await models.structured({
    task,
    system: analysisInstructions(request.analysis_type),
    messages: [{ role: 'user', text: JSON.stringify(visibleData({ request, assessment: quantitative })) }],
    tools: modelToolsOf(toolsOfAnalysis[request.analysis_type], context),
    wallet: context.caller.wallet,
    schema: answerSchema(question),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!answer.ok) {
    if (isAnsweredOtherwise(answer.failure)) return null;
    throw new RefusedError(refusalOfModel(answer.failure), { cause: answer.failure });
  }
  const { recommendation, confidence, probability_up: probability, reasoning } = answer.value;
  const draft: AnalysisDraft = {
    recommendation,
    confidenceBps: Math.round(confidence * wholeBps),
    probabilityUpBps: probability === null ? null : Math.round(probability * wholeBps),
    reasoning,
    figures: quantitative.figures,
  };
  return { draft, model: modelName(answer.model) };
}

const citation = /\[([^\]\s]+)\]/g;

/** The form of a model's answer: what it cites was given, what it recommends fits, and there is a forecast exactly where there was one. */
function answerSchema({ request, quantitative, hasPosition }: AnalysisQuestion) {
  const ids = new Set(quantitative.figures.map(({ id }: FigureDto) => id));
  const hasForecast = request.analysis_type !== 'risk_assessment' && quantitative.probabilityUpBps !== null;
  const share = z.number().min(0).max(1);
  const reasoning = z
    .string()
    .min(1)
    .max(reasoningLengthMax)
    .transform(plainText)
    .superRefine((text, check) => {
      const cited = [...text.matchAll(citation)].map(([, id]) => id ?? '');
      const unknown = cited.filter((id) => !ids.has(id));
      const refuse = (message: string): void => check.addIssue({ code: 'custom', message });
      if (unknown.length > 0)
        refuse(`These ids were not given: ${unknown.join(', ')}. Given are: ${[...ids].join(', ')}.`);
      if (cited.length === 0) refuse('Cite the figures behind your claims by their ids in square brackets.');
      for (const { given, figure } of misquotes(text, quantitative.figures))
        refuse(`[${figure.id}] is ${figure.value} ${figure.unit}, not ${given}: give each figure as it is.`);
    });
  const allowed = recommendationSchema
    .refine((value) => value !== 'close' || hasPosition, 'The user holds no position here: close is no answer.')
    .refine(
      (value) => request.analysis_type !== 'risk_assessment' || value === 'hold' || value === 'close',
      'A risk assessment recommends hold or close.',
    );
  return z
    .strictObject({
      recommendation: allowed,
      confidence: share.describe('How sure you are of the recommendation, 0 to 1'),
      probability_up: hasForecast
        ? share.describe('That the price is higher at the end of the horizon, 0 to 1')
        : z.null(),
      reasoning,
    })
    .refine(
      ({ recommendation, probability_up: up }) =>
        up === null || (recommendation === 'buy' ? up > even : recommendation === 'sell' ? up < even : true),
      'A buy needs a probability_up above 0.5, a sell one below it.',
    );
}

const even = 0.5;

/** Figures that a text gives another number for, right before it cites them. */
export function misquotes(
  text: string,
  figures: readonly FigureDto[],
): { readonly given: string; readonly figure: FigureDto }[] {
  return [...text.matchAll(citation)].flatMap(({ 1: id, index }) => {
    const figure = figures.find((known) => known.id === id);
    const given = numberAtEnd(text.slice(0, index).trimEnd());
    return figure === undefined || given === null || agrees(given, figure) ? [] : [{ given: given.value, figure }];
  });
}
