import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { isFinished, type StoredOrder } from './order-machine.ts';

/** A stored change of an order. */
export interface OrderNews {
  readonly before: StoredOrder | null;
  readonly after: StoredOrder;
}

/** Changes that one publication tells; what an object does beyond them at once goes untold, and is done all the same. */
export const orderNewsMax = 1_000;

/**
 * Tells logs and metrics what became of an order, after it was stored. The lines carry what leads on from each end: the request that placed
 * the order, its id, and the signatures of its transactions.
 */
export function tellOrder({ before, after }: OrderNews, logger: Logger, clock: Clock): void {
  tellAttempts(before, after);
  const hasNewAttempt = after.attempts.length > (before?.attempts.length ?? 0);
  const signature = after.transactionHash ?? (hasNewAttempt ? (after.attempts.at(-1)?.signature ?? null) : null);
  const isNewStage = before?.stage !== after.stage;
  if (!isNewStage && !hasNewAttempt) return;
  const { orderId, requestId, symbol, stage, intent, error } = after;
  logger.info(`order ${stage}`, {
    ...{ request_id: requestId, order_id: orderId, symbol, intent },
    ...(signature === null ? {} : { signature }),
    ...(error === null ? {} : { code: error.code }),
  });
  if (!isNewStage) return;
  metrics.count('quantdesk_orders_total', { market: symbol, stage });
  if (isFinished(stage) && error !== null) metrics.count('quantdesk_order_failures_total', { code: error.code });
  const isTimed = after.orderType === 'market' && (stage === 'submitted' || stage === 'filled' || stage === 'rejected');
  // An execution that turns an earlier answer around is told by its stage, not by its time.
  if (isTimed && (before === null || !isFinished(before.stage)))
    metrics.observe('quantdesk_order_stage_seconds', { stage }, (clock.nowMs() - after.createdAtMs) / 1_000);
}

/** What was sent, and what became of it. */
function tellAttempts(before: StoredOrder | null, after: StoredOrder): void {
  const known = new Map(before?.attempts.map(({ signature, outcome }) => [signature, outcome]));
  for (const { signature, outcome, reason } of after.attempts) {
    if (known.get(signature) === outcome) continue;
    metrics.count('quantdesk_order_attempts_total', { outcome });
    if (outcome === 'failed') metrics.count('quantdesk_chain_errors_total', { code: codeOf(reason) });
  }
}

/** A program's error is named in one word; everything else is a sentence for people. */
const codeOf = (reason: string | null): string =>
  /^[A-Z]\w{1,60}$/.test(reason ?? '') ? String(reason) : 'transaction';
