import type { ChatRequest } from '#shared/protocol/ai-chat.ts';
import { titleLengthMax } from '#db/repositories/conversations.ts';
import type { Owner } from '#db/repositories/analyses.ts';
import type { Services } from '../../api/context.ts';
import { refused } from '../../api/errors.ts';
import { newId } from '../../platform/ids.ts';
import { admitRequest } from '../admission.ts';
import type { MessageRecord } from '../contract.ts';

/** A question that was kept, and where its answer goes. */
export interface KeptQuestion {
  readonly conversationId: string;
  readonly isNew: boolean;
  readonly history: readonly MessageRecord[];
  readonly position: number;
}

/**
 * Keeps a question, in a new conversation or behind what was said in one of the caller's.
 *
 * @throws RefusedError AI_004, AI_005, AI_007.
 */
export async function keepQuestion(services: Services, owner: Owner, request: ChatRequest): Promise<KeptQuestion> {
  await admitRequest(services, owner, 'question');
  const { conversations } = services.repositories;
  const atMs = services.clock.nowMs();
  const conversationId = request.conversation_id ?? newId();
  const isNew = request.conversation_id === undefined;
  const history = isNew
    ? await begun(services, owner, conversationId, request)
    : await read(services, owner, conversationId);
  const question = { id: newId(), conversationId, text: request.message, atMs };
  const position = await conversations.ask(owner.userId, question);
  if (position === null)
    throw refused('AI_005', 'This conversation is full, or takes another question right now. Begin a new one.');
  return { conversationId, isNew, history, position };
}

/** A conversation whose first question got no answer is none: it would take the place of another. */
export async function forgetRefused(
  { repositories }: Services,
  userId: string,
  { isNew, conversationId }: KeptQuestion,
): Promise<void> {
  if (isNew) await repositories.conversations.remove(userId, conversationId).catch(() => 0);
}

async function begun({ repositories, clock }: Services, owner: Owner, id: string, { message }: ChatRequest) {
  const title = [...message.replaceAll(/\s+/g, ' ')].slice(0, titleLengthMax).join('');
  if (await repositories.conversations.begin(owner, { id, title, createdAtMs: clock.nowMs() })) return [];
  throw refused('AI_005', 'You keep as many conversations as you may. Delete one, then ask again.');
}

async function read({ repositories }: Services, { userId }: Owner, id: string) {
  const found = await repositories.conversations.get(userId, id);
  if (found !== null) return found.messages;
  throw refused(
    'AI_004',
    'You have no such conversation: it may have been deleted. Ask without conversation_id for a new one.',
  );
}
