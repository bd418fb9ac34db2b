import { type ChatEvent, chatRequestSchema } from '#shared/protocol/ai-chat.ts';
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
  refusals: ['AI_004', 'AI_005', 'AI_007', 'AUTH_010', 'MARKET_001', 'SYSTEM_002'],
  handle: async ({ body, session, meta, services, context }) => {
    // Before the answer begins: what refuses a question is an ordinary refusal.
    const kept = await keepQuestion(services, session, body);
    const options = { services, caller: session, request: body, kept, requestId: meta.requestId };
    return streamOf(chatEvents({ ...options, logger: context.get('logger') }));
  },
});

/** Events are made no faster than they are read; a caller who leaves ends the answer. */
function streamOf(events: AsyncGenerator<ChatEvent, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await events.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(eventText(next.value)));
    },
    cancel: async () => {
      await events.return();
    },
  });
}
