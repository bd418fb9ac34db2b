import { refuse, type Result } from '#shared/protocol/error-codes.ts';
import { OutboxFullError } from '../platform/outbox.ts';

/** Runs a command as one storage transaction; one whose effects the outbox cannot take is refused whole. */
export function transactCommand<T>(storage: DurableObjectStorage, run: () => Result<T>): Result<T> {
  try {
    return storage.transactionSync(run);
  } catch (error) {
    if (!(error instanceof OutboxFullError)) throw error;
    return refuse('SYSTEM_004', 'Too much is waiting for this account. Try again in a minute.', {
      retryAfterSeconds: 60,
    });
  }
}
