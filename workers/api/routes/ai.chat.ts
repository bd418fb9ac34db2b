import { type ChatEvent, chatRequestSchema } from '#shared/protocol/ai-chat.ts';
import { beginAnswer } from '../../analyst/chat/begin-answer.ts';
import { chatEvents, eventText } from '../../analyst/chat/chat-stream.ts';
import { keepQuestion } from '../../analyst/chat/conversation.ts';
import { defineOperation, textStreamSchema } from '../operation.ts';

export const aiChat = defineOperation({
  method: 'POST',
  path: '/api/ai/chat',
  tag: 'Assistant',
  summary: 'Ask the assistant; its answer streams as server-sent events',
  auth: 'bearer',
  rate: 'data',
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
    const kept = await keepQuestion(services, session, body);
    const question = { request: body, history: kept.history };
    const answer = await beginAnswer(question, { services, caller: session }, stop.signal);
    const logger = context.get('logger');
    const events = chatEvents({ services, caller: session, kept, answer, requestId: meta.requestId, logger });
    const { stream, ended } = streamOf(events, stop);
    // What was said is kept also where the caller leaves.
    context.executionCtx.waitUntil(ended);
    return stream;
  },
});

/** Events are made no faster than they are read; a caller who leaves ends the answer. */
function streamOf(events: AsyncGenerator<ChatEvent, void>, stop: AbortController) {
  const encoder = new TextEncoder();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await events.next();
      if (next.done !== true) return controller.enqueue(encoder.encode(eventText(next.value)));
      controller.close();
      resolve();
    },
    cancel: async () => {
      stop.abort();
      await events.return().finally(resolve);
    },
  });
  return { stream, ended };
}
