import type { Clock } from '../platform/clock.ts';
import { derivedId, newId } from '../platform/ids.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { ExitKind } from './contract.ts';
import { unsetFields } from './order-draft.ts';
import type { OrderLedger } from './order-ledger.ts';
import { eligibleFrom, isFinished, type OrderFailure, type StoredOrder } from './order-machine.ts';
import type { OrderStore } from './order-store.ts';

interface ExitParts {
  readonly store: OrderStore;
  readonly ledger: Pick<OrderLedger, 'apply' | 'insert'>;
  readonly mirror: Pick<AccountMirror, 'position'>;
  readonly clock: Clock;
}

/** What an exit closes, and for whom. */
interface ExitOrigin extends Pick<
  StoredOrder,
  'userId' | 'owner' | 'symbol' | 'requestId' | 'side' | 'maxSlippageBps' | 'eligibleFrom' | 'positionId'
> {
  readonly groupId: string;
  readonly parentOrderId: string | null;
  readonly positionSeq: bigint;
  readonly quantity: bigint;
}

const otherExecuted: OrderFailure = { code: 'TRADING_026', message: 'The other exit of its group was executed.' };
/** Why an exit ends with its position. */
export const positionGone: OrderFailure = {
  code: 'TRADING_027',
  message: 'The position that it was to close is closed.',
};

/**
 * Take-profit and stop-loss: reduce-only orders of a group, which together close what they are for once: what one closes, the other closes no more. They appear in the transaction in which their
 * entry is filled, and are lessened or end in the one that fills a sibling or closes their position, so that no crash falls in between.
 */
export class Exits {
  readonly #parts: ExitParts;

  constructor(parts: ExitParts) {
    this.#parts = parts;
  }

  /** What the change of an order means for the exits. Belongs inside its transaction. */
  follow(before: StoredOrder | null, after: StoredOrder): void {
    if (after.stage === 'filled') this.#attach(after);
    if (before !== null && after.groupId !== null) this.#followGroup(before, after, after.groupId);
  }

  /** Cancels the exits of positions that are gone. Belongs inside the transaction that changed the mirror. */
  endOfGonePositions(): void {
    const { store, ledger, mirror } = this.#parts;
    for (const exit of store.openExits()) {
      const position = mirror.position(exit.symbol);
      // A mirror that has not come to the opening knows nothing of its end. Command numbers do not tell: an order that turns a position
      // closes the one before with the number that opens this one.
      if (position === null || exit.positionSeq === null || position.openedSeq < exit.positionSeq) continue;
      if (position.size > 0n && position.openedSeq === exit.positionSeq) continue;
      ledger.apply(exit.orderId, { kind: 'withdraw', error: positionGone });
    }
  }

  /** Whether a sibling is on its way: until that is decided, this one does not move. */
  isHeldBack({ orderId, groupId }: Pick<StoredOrder, 'orderId' | 'groupId'>): boolean {
    return groupId !== null && this.#siblings(groupId, orderId).some(isUnderWay);
  }

  /** The exits that an entry asked for, as far as it opened anything: an order that turns a position tells that with its second event. */
  #attach(entry: StoredOrder): void {
    const { store, ledger } = this.#parts;
    const opening = entry.fillParts.findLast((part) => part.opens !== null);
    if (opening === undefined || opening.opens === null) return;
    const origin = {
      ...entry,
      groupId: derivedId('exits', entry.orderId),
      parentOrderId: entry.orderId,
      positionId: opening.positionId,
      positionSeq: opening.opens,
      quantity: opening.quantity,
    };
    for (const kind of ['take_profit', 'stop_loss'] as const) {
      const price = kind === 'take_profit' ? entry.takeProfit : entry.stopLoss;
      const orderId = derivedId(kind, entry.orderId);
      if (price !== null && store.get(orderId) === null) ledger.insert(this.draft(origin, kind, price, orderId));
    }
  }

  /** A take-profit is a limit order, a stop-loss a stop order; both rest from the start. */
  draft(origin: ExitOrigin, kind: ExitKind, price: bigint, orderId = newId()): StoredOrder {
    const nowMs = this.#parts.clock.nowMs();
    const isProfit = kind === 'take_profit';
    return {
      ...unsetFields,
      orderId,
      userId: origin.userId,
      owner: origin.owner,
      requestId: origin.requestId,
      symbol: origin.symbol,
      side: origin.side === 'buy' ? 'sell' : 'buy',
      orderType: isProfit ? 'limit' : 'stop',
      quantity: origin.quantity,
      price: isProfit ? price : null,
      stopPrice: isProfit ? null : price,
      worstPrice: isProfit ? price : null,
      reduceOnly: true,
      maxSlippageBps: origin.maxSlippageBps,
      groupId: origin.groupId,
      parentOrderId: origin.parentOrderId,
      exitKind: kind,
      positionId: origin.positionId,
      positionSeq: origin.positionSeq,
      stage: 'resting',
      eligibleFrom: eligibleFrom(nowMs, origin.eligibleFrom),
      createdAtMs: nowMs,
    };
  }

  /** One executed: the others are lessened by it, or end. One came back or ended otherwise: the others are in the book again, which forgot those it offered meanwhile. */
  #followGroup(before: StoredOrder, after: StoredOrder, groupId: string): void {
    const isExecuted = after.stage === 'filled' && before.stage !== 'filled';
    const isFreed = isUnderWay(before) && !isUnderWay(after);
    if (!isExecuted && !isFreed) return;
    for (const sibling of this.#siblings(groupId, after.orderId)) {
      if (isExecuted) this.#lessen(sibling, after.filledQuantity);
      else if (sibling.stage === 'resting') this.#parts.ledger.apply(sibling.orderId, { kind: 'rest' });
    }
  }

  /** What one exit closed, the other closes no more: the rest stays protected, and only an exit of nothing ends. */
  #lessen({ orderId, quantity }: StoredOrder, closed: bigint): void {
    const isAll = closed >= quantity;
    this.#parts.ledger.apply(
      orderId,
      isAll ? { kind: 'withdraw', error: otherExecuted } : { kind: 'reduce', by: closed },
    );
  }

  #siblings(groupId: string, orderId: string): StoredOrder[] {
    return this.#parts.store.group(groupId).filter((order) => order.orderId !== orderId && !isFinished(order.stage));
  }
}

const isUnderWay = ({ stage }: Pick<StoredOrder, 'stage'>): boolean =>
  stage === 'accepted' || stage === 'triggered' || stage === 'submitted';
