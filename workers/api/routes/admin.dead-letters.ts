import * as z from 'zod';
import type { DeadLetter } from '#db/repositories/dead-letters.ts';
import { deadLetterParamsSchema, deadLetterSchema, deadLettersQuerySchema } from '#shared/protocol/admin.ts';
import { riskMessageSchema } from '../../risk/message.ts';
import { recordDeed } from '../admin-log.ts';
import type { Services } from '../context.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentDeadLetter } from '../present-admin.ts';

export const deadLettersList = defineOperation({
  method: 'GET',
  path: '/api/admin/dead-letters',
  tag: 'Administration',
  summary: 'Queue messages that failed every attempt, newest first',
  auth: 'admin',
  rate: 'data',
  query: deadLettersQuerySchema,
  status: 200,
  answer: z.array(deadLetterSchema),
  paged: true,
  refusals: ['SYSTEM_002'],
  handle: async ({ query, services, context }) => {
    const page = await services.repositories.deadLetters.list(query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentDeadLetter);
  },
});

/**
 * Sent first, marked afterwards: a crash in between leaves the letter `stored`, and the next replay sends it again. That does no harm, since
 * whoever takes it from the queue asks the chain whether it still holds; the other order would lose it.
 */
export const deadLettersReplay = defineOperation({
  method: 'POST',
  path: '/api/admin/dead-letters/{id}/replay',
  tag: 'Administration',
  summary: 'Put a dead letter back into its queue; one that was settled stays as it is',
  auth: 'admin',
  stepUp: true,
  rate: 'sign-in',
  params: deadLetterParamsSchema,
  status: 200,
  answer: deadLetterSchema,
  refusals: ['AUTH_015', 'SYSTEM_002'],
  handle: async ({ params: { id }, session, services, context }) => {
    const letter = await find(services, id);
    if (letter.status !== 'stored') return presentDeadLetter(letter);
    const body = riskMessageSchema.safeParse(letter.body);
    if (!body.success) throw refused('AUTH_015', 'This letter holds no message of a queue of ours. Discard it.');
    const { queue, messageId } = letter;
    await recordDeed(services, context, session, {
      action: 'dead-letters.replay',
      target: id,
      details: { queue, message_id: messageId },
    });
    await services.riskChecks.send(body.data);
    await services.repositories.deadLetters.settle(id, 'replayed', services.clock.nowMs());
    return presentDeadLetter(await find(services, id));
  },
});

export const deadLettersDiscard = defineOperation({
  method: 'POST',
  path: '/api/admin/dead-letters/{id}/discard',
  tag: 'Administration',
  summary: 'Settle a dead letter without sending it; one that was settled stays as it is',
  auth: 'admin',
  stepUp: true,
  rate: 'sign-in',
  params: deadLetterParamsSchema,
  status: 200,
  answer: deadLetterSchema,
  refusals: ['AUTH_015', 'SYSTEM_002'],
  handle: async ({ params: { id }, session, services, context }) => {
    const letter = await find(services, id);
    if (letter.status !== 'stored') return presentDeadLetter(letter);
    const { queue, messageId } = letter;
    await recordDeed(services, context, session, {
      action: 'dead-letters.discard',
      target: id,
      details: { queue, message_id: messageId },
    });
    await services.repositories.deadLetters.settle(id, 'discarded', services.clock.nowMs());
    return presentDeadLetter(await find(services, id));
  },
});

/** @throws RefusedError AUTH_015. */
async function find(services: Services, id: string): Promise<DeadLetter> {
  const letter = await services.repositories.deadLetters.get(id);
  if (letter === null) throw refused('AUTH_015', 'No such dead letter is kept.');
  return letter;
}
