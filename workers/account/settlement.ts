import { isMarketSymbol } from '#shared/markets.ts';
import type { IndexedEvent } from '#shared/events.ts';
import type { Chain } from '../chain/chain.ts';
import { failureOfReason, type TransactionFailure } from '../chain/program-errors.ts';
import { type Confirmation, findTransaction } from '../chain/transactions.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { idOfBytes } from '../platform/ids.ts';
import { failpoint } from '../platform/failpoint.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { OrderAttempt } from './contract.ts';
import type { OrderLedger } from './order-ledger.ts';
import { liveAttempts, type SettledOutcome, type StoredOrder } from './order-machine.ts';

export interface SettlementParts {
  readonly chain: Chain;
  readonly owner: string;
  readonly ledger: OrderLedger;
  readonly mirror: AccountMirror;
  readonly indexer: () => Pick<IndexerRpc, 'nudge'>;
  /** Applies events the indexer answered, as if it had delivered them. */
  readonly applyEvents: (events: readonly IndexedEvent[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `again`: attempts were settled, look at the order anew; `resend`: the command number is free, another attempt may follow; `wait`. */
export type SettlementState = 'again' | 'resend' | 'wait';

const nudgeTimeoutMs = 3_000;
/** Another attempt follows when the youngest has been on its way for this long. */
const resendAfterMs = 2_000;

const staleReason = 'StaleCommand';

/**
 * Decides what became of attempts that were sent. The rule: an order is decided by the event that consumed its command number: ours, it is
 * filled; another's, its attempts are dead and it is planned again; none, it may be sent again with the same number.
 */
export class Settlement {
  readonly #parts: SettlementParts;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  /** The answer of a confirmation that was just waited for. */
  async confirmed(order: StoredOrder, signature: string, confirmation: Confirmation): Promise<'done' | 'again'> {
    switch (confirmation.kind) {
      case 'landed':
        await this.fetchEvents(signature);
        return 'again';
      case 'failed':
        this.#settle(order, signature, 'failed', reasonOf(confirmation.failure));
        return 'again';
      case 'expired':
        this.#settle(order, signature, 'expired', null);
        return 'again';
      case 'unknown':
        return 'again';
    }
  }

  /** Looks at an order with attempts that may have landed. @throws ChainUnavailable */
  async settle(order: StoredOrder): Promise<SettlementState> {
    const { chain, mirror } = this.#parts;
    const live = liveAttempts(order);
    const expectedSeq = live[0]?.expectedSeq;
    if (expectedSeq === undefined || !isMarketSymbol(order.symbol)) return 'again';
    const position = (await chain.readTrader(order.owner)).positions.get(order.symbol) ?? null;
    const seq = position?.seq ?? 0n;
    if (seq <= expectedSeq) return this.#settleUnconsumed(order, live);

    const consumer = mirror.consumerOf(order.symbol, expectedSeq);
    if (consumer !== null && consumer.orderId !== order.orderId) return this.#loseTo(order, live);
    if (consumer === null && seq === expectedSeq + 1n && position !== null) {
      const lastOrderId = idOfBytes(position.lastOrderId);
      if (lastOrderId !== order.orderId) return this.#loseTo(order, live);
    }
    return this.#settleConsumed(order, live);
  }

  /** Why the last attempt failed; null when none did, or an attempt only expired. */
  lastFailure(order: StoredOrder): TransactionFailure | null {
    const last = order.attempts.findLast((attempt) => attempt.outcome === 'failed');
    const newest = order.attempts.at(-1);
    if (last === undefined || last !== newest) return null;
    return last.reason === null ? null : failureOfReason(last.reason);
  }

  /** Nobody used the number yet. What failed or expired is settled; while something may still land, another attempt may join it. */
  async #settleUnconsumed(order: StoredOrder, live: readonly OrderAttempt[]): Promise<SettlementState> {
    let isSettled = false;
    for (const attempt of live) {
      const found = await findTransaction(this.#parts.chain.rpc, attempt);
      if (found.kind === 'landed') {
        await this.fetchEvents(attempt.signature);
        return 'again';
      }
      if (found.kind === 'unknown') continue;
      isSettled = true;
      if (found.kind === 'failed') this.#settle(order, attempt.signature, 'failed', reasonOf(found.failure));
      else this.#settle(order, attempt.signature, 'expired', null);
    }
    if (isSettled) return 'again';
    const youngestMs = Math.max(...live.map((attempt) => attempt.signedAtMs));
    return this.#parts.clock.nowMs() - youngestMs >= resendAfterMs ? 'resend' : 'wait';
  }

  /** The number was used, perhaps by us: the events tell, and the indexer is asked for them. */
  async #settleConsumed(order: StoredOrder, live: readonly OrderAttempt[]): Promise<SettlementState> {
    const before = order.version;
    for (const attempt of live) {
      const found = await findTransaction(this.#parts.chain.rpc, attempt);
      if (found.kind === 'landed') await this.fetchEvents(attempt.signature);
      else if (found.kind === 'failed') this.#settle(order, attempt.signature, 'failed', reasonOf(found.failure));
      else if (found.kind === 'expired') this.#settle(order, attempt.signature, 'expired', null);
    }
    return this.#parts.ledger.version(order.orderId) === before ? 'wait' : 'again';
  }

  #loseTo(order: StoredOrder, live: readonly OrderAttempt[]): SettlementState {
    for (const attempt of live) this.#settle(order, attempt.signature, 'failed', staleReason);
    return 'again';
  }

  #settle(order: StoredOrder, signature: string, outcome: SettledOutcome, reason: string | null): void {
    const atMs = this.#parts.clock.nowMs();
    this.#parts.ledger.apply(order.orderId, { kind: 'settle_attempt', signature, outcome, reason, atMs });
    this.#parts.ledger.publish();
  }

  /** The indexer may be slow or down: then its own delivery, or the next look, decides. */
  async fetchEvents(signature: string): Promise<void> {
    try {
      const events = await this.#parts.indexer().nudge(signature, nudgeTimeoutMs);
      await failpoint('order.told', this.#parts.owner);
      this.#parts.applyEvents(events);
    } catch (error) {
      this.#parts.logger.warn('the indexer did not answer', { signature, error: errorMessage(error) });
    }
  }
}

/** The program's error name where it has one: plans read it. */
const reasonOf = (failure: TransactionFailure): string => failure.programError ?? failure.refusal.message;
