import { createDatabase } from '#db/client.ts';
import { createDeadLetterRepository, type DeadLetterRepository } from '#db/repositories/dead-letters.ts';
import { type Env, readSettings } from '../env.ts';
import { failpoint } from '../platform/failpoint.ts';
import { createLogger } from '../platform/logger.ts';
import { metrics } from '../platform/metrics/registry.ts';
import type { RiskMessage } from './message.ts';

/** Seconds until a letter that could not be stored is tried again. */
const retryDelaySeconds = 30;

/** Keeps messages that failed every attempt, and says so loudly: a position may be open that should not be. */
export async function storeDeadLetters(batch: MessageBatch<RiskMessage>, env: Env): Promise<void> {
  const settings = readSettings(env);
  const database = createDatabase({
    databaseUrl: settings.DATABASE_URL,
    httpEndpoint: settings.DATABASE_HTTP_ENDPOINT,
  });
  const letters = createDeadLetterRepository(database);
  await Promise.all(batch.messages.map((message) => store(message, batch.queue, letters)));
}

async function store(message: Message<RiskMessage>, queue: string, letters: DeadLetterRepository): Promise<void> {
  const logger = createLogger({ fields: { part: 'risk', queue, message_id: message.id } });
  logger.error('message failed every attempt', { body: message.body, attempts: message.attempts });
  try {
    await letters.store({
      queue,
      messageId: message.id,
      body: message.body,
      error: null,
      attempts: message.attempts,
      createdAtMs: message.timestamp.getTime(),
    });
    metrics.count('quantdesk_dead_letters_total', {});
    await failpoint('letter.stored', queue);
    message.ack();
  } catch (error) {
    logger.error('dead letter not stored', { error });
    message.retry({ delaySeconds: retryDelaySeconds });
  }
}
