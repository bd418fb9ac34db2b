import type { Chain } from '../chain/chain.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { Timers } from '../platform/timers.ts';
import { attendPoolRequest, type HasUrgent } from '../risk/pool-keeper.ts';

/** Timer: the wallet's pool request may be due. */
export const POOL_REQUEST_TIMER = 'pool-request';
const TOPIC = 'pool-request';
/** Tries of one look that fail for want of an answer (the outbox pauses up to 30 s in between). */
const failuresMax = 20;

interface PoolRequestParts {
  readonly chain: Chain;
  readonly owner: string;
  readonly outbox: Outbox;
  readonly timers: Timers;
  readonly hasUrgent: HasUrgent;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sees the wallet's pool request through: looks when told that there is one, and again when that look says so. The chain knows the rest. */
export class PoolRequests {
  readonly #parts: PoolRequestParts;

  constructor(parts: PoolRequestParts) {
    this.#parts = parts;
    parts.outbox.on(TOPIC, (row) => this.#look(row.attempts));
  }

  /** There is, or may be, a request: look at once. */
  wake(): void {
    const { outbox, owner } = this.#parts;
    outbox.addOnce(TOPIC, owner);
    outbox.drain();
  }

  async #look(attempts: number): Promise<void> {
    const { chain, clock, hasUrgent, logger, owner, timers } = this.#parts;
    if (attempts >= failuresMax) return logger.error('pool request given up: the chain does not answer', { attempts });
    const attempt = await attendPoolRequest(chain, owner, clock.nowMs, hasUrgent);
    logger.info('pool request attended', { ...attempt });
    if (attempt.kind === 'wait') timers.setAtLatest(POOL_REQUEST_TIMER, '', attempt.untilMs);
  }
}
