import { chatRequestSchema } from '#shared/protocol/ai-chat.ts';
import { beginChat } from '../../analyst/chat/begin-answer.ts';
import { answerStream } from '../../analyst/chat/answer-stream.ts';
import { chatEvents } from '../../analyst/chat/chat-stream.ts';
import { defineOperation, textStreamSchema } from '../operation.ts';

export const aiChat = defineOperation({
  method: 'POST',
  path: '/api/ai/chat',
  tag: 'Assistant',
  summary: 'Ask the assistant; its answer streams as server-sent events',
  auth: 'bearer',
  rate: 'assistant',
  body: chatRequestSchema,
  status: 200,
  answer: textStreamSchema,
  media: 'text/event-stream',
  refusals: [
    ...(['AI_001', 'AI_002', 'AI_003', 'AI_004', 'AI_005', 'AI_007', 'AI_008'] as const),
    ...(['AUTH_010', 'MARKET_001', 'SYSTEM_002'] as const),
  ],
  handle: async ({ body, session, meta, services, context }) => {
    const stop = new AbortController();
    // Before the stream begins: what refuses a question is an ordinary refusal.
    const begun = beginChat(services, session, body, stop.signal);
    // Also where the caller leaves before anything is said: what a model was asked has to be paid for.
    context.executionCtx.waitUntil(begun.then(nothing, nothing));
    const logger = context.get('logger');
    const { kept, answer } = await begun;
    const events = chatEvents({ services, caller: session, kept, answer, requestId: meta.requestId, logger });
    const { stream, ended } = answerStream(events, stop);
    // What was said is kept also where the caller leaves.
    context.executionCtx.waitUntil(ended);
    return stream;
  },
});

const nothing = (): void => undefined;
