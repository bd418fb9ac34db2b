import type { ChatEvent, ChatEventName, ProposalDto, ToolActivityDto } from '#shared/protocol/ai-chat.ts';
import { chatEventSchemas, proposalSchema } from '#shared/protocol/ai-chat.ts';
import { encodeJson } from '#shared/money/json.ts';
import { toWire } from '#shared/protocol/wire.ts';
import type { Owner } from '#db/repositories/analyses.ts';
import type { Services } from '../../api/context.ts';
import { errorBody, refusalOf } from '../../api/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { plainJson } from '../tools/tool.ts';
import type { AnswerPiece, BegunAnswer } from './answer.ts';
import type { KeptQuestion } from './conversation.ts';

/** Shown once, with the first answer of a conversation. */
export const adviceNotice =
  'MIKEY is not a financial adviser. What it says comes from figures and may be wrong; you decide, and you can lose your margin.';

/** Characters kept and shown of one answer. */
export const answerLengthMax = 16_000;
/** Tools shown, and proposals made, in one answer. */
const toolsMax = 40;
const proposalsMax = 5;

export interface ChatOptions {
  readonly services: Services;
  readonly caller: Owner;
  readonly kept: KeptQuestion;
  readonly answer: BegunAnswer;
  readonly requestId: string;
  readonly logger: Logger;
}

/** What was said so far, to be kept whatever ends the answer. */
interface Said {
  text: string;
  model: string;
  readonly tools: ToolActivityDto[];
  readonly proposals: ProposalDto[];
  truncated: boolean;
}

/** The events of an answer; what was said by then is kept, also where it breaks off or nobody listens any more. */
export async function* chatEvents(options: ChatOptions): AsyncGenerator<ChatEvent, void> {
  const { kept, answer } = options;
  const messageId = newId();
  const said: Said = { text: '', model: answer.model, tools: [], proposals: [], truncated: false };
  let isComplete = false;
  try {
    const notice = kept.isNew ? adviceNotice : null;
    const start = { conversation_id: kept.conversationId, message_id: messageId, notice, model: answer.model };
    yield { type: 'start', data: start };
    for await (const piece of answer.pieces) {
      const event = eventOf(piece, said);
      if (event !== null) yield event;
      if (said.truncated) break;
    }
    isComplete = !said.truncated;
  } catch (error) {
    yield errorEvent(options, error);
  } finally {
    await keepAnswer(options, messageId, said, isComplete);
  }
  if (isComplete || said.truncated) {
    yield { type: 'end', data: { message_id: messageId, model: said.model, truncated: said.truncated } };
  }
}

/** A piece as it is shown, noted in what was said; null beyond the bounds. */
function eventOf(piece: AnswerPiece, said: Said): ChatEvent | null {
  switch (piece.type) {
    case 'token': {
      const text = piece.text.slice(0, answerLengthMax - said.text.length);
      said.truncated ||= text.length < piece.text.length;
      said.text += text;
      return text === '' ? null : { type: 'token', data: { text } };
    }
    case 'tool':
      if (piece.activity.state !== 'started' && said.tools.length < toolsMax) said.tools.push(piece.activity);
      return { type: 'tool', data: piece.activity };
    case 'model':
      said.model = piece.model;
      return null;
    case 'proposal':
      if (said.proposals.length >= proposalsMax) return null;
      said.proposals.push(piece.proposal);
      return { type: 'proposal', data: piece.proposal };
  }
}

function errorEvent({ services, requestId, logger }: ChatOptions, error: unknown): ChatEvent {
  const refusal = refusalOf(error);
  logger.warn('an answer broke off', { code: refusal.code, error });
  const body = errorBody(refusal, requestId, services.clock.nowMs());
  return { type: 'error', data: { ...body, retry_after_seconds: refusal.retryAfterSeconds ?? null } };
}

async function keepAnswer(options: ChatOptions, id: string, said: Said, isComplete: boolean): Promise<void> {
  const { services, caller, kept, logger } = options;
  try {
    await services.repositories.conversations.answer(caller.userId, {
      id,
      conversationId: kept.conversationId,
      position: kept.position + 1,
      text: said.text,
      model: said.model,
      isComplete,
      tools: said.tools,
      proposals: said.proposals.map((proposal) => plainJson(proposalSchema, proposal)),
      createdAtMs: services.clock.nowMs(),
    });
  } catch (error) {
    // It was shown; that it is not in the history is no reason to take it back.
    logger.warn('an answer was not kept', { error });
  }
}

/** An event as server-sent events write it (WHATWG HTML, 9.2). */
export function eventText<Name extends ChatEventName>({ type, data }: ChatEvent & { readonly type: Name }): string {
  return `event: ${type}\ndata: ${encodeJson(toWire(chatEventSchemas[type], data as never))}\n\n`;
}
