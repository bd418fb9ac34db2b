import type { Owner } from '#db/repositories/analyses.ts';
import type { ChatRequest } from '#shared/protocol/ai-chat.ts';
import type { Services } from '../../api/context.ts';
import { quantitativeModel } from '../contract.ts';
import type { ToolCaller } from '../tools/tool.ts';
import type { BegunAnswer, ChatQuestion } from './answer.ts';
import { forgetRefused, type KeptQuestion, keepQuestion } from './conversation.ts';
import { askModel } from './model-answer.ts';
import { answerPlainly } from './plain-answer.ts';

/**
 * The answer to a question: a model's where one is configured and answers, else the quantitative analyst's.
 *
 * @throws RefusedError AI_001, AI_002, AI_003, AI_008.
 */
async function beginAnswer(question: ChatQuestion, caller: ToolCaller, signal: AbortSignal): Promise<BegunAnswer> {
  const answer = await askModel(caller.services.models, question, caller, signal);
  return answer ?? { model: quantitativeModel, pieces: answerPlainly(question, caller) };
}

/**
 * Keeps a question and begins its answer. What refuses it does so here, before anything is said, and leaves no conversation behind that it began.
 *
 * @throws RefusedError AI_001 to AI_005, AI_007, AI_008.
 */
export async function beginChat(
  services: Services,
  owner: Owner,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<{ readonly kept: KeptQuestion; readonly answer: BegunAnswer }> {
  const kept = await keepQuestion(services, owner, request);
  try {
    const answer = await beginAnswer({ request, history: kept.history }, { services, caller: owner }, signal);
    return { kept, answer };
  } catch (error) {
    await forgetRefused(services, owner.userId, kept);
    throw error;
  }
}
