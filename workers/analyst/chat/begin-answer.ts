import { quantitativeModel } from '../contract.ts';
import type { ToolCaller } from '../tools/tool.ts';
import type { BegunAnswer, ChatQuestion } from './answer.ts';
import { askModel } from './model-answer.ts';
import { answerPlainly } from './plain-answer.ts';

/**
 * The answer to a question: a model's where one is configured and answers, else the quantitative analyst's.
 *
 * @throws RefusedError AI_001, AI_002, AI_003, AI_008.
 */
export async function beginAnswer(
  question: ChatQuestion,
  caller: ToolCaller,
  signal: AbortSignal,
): Promise<BegunAnswer> {
  const answer = await askModel(caller.services.models, question, caller, signal);
  return answer ?? { model: quantitativeModel, pieces: answerPlainly(question, caller) };
}
