import { ok, refuse, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { AccountMirror } from './account-mirror.ts';
import { refusalOfAmendedExit, refusalOfAmendment } from './amendment-checks.ts';
import { transactCommand } from './command-transaction.ts';
import type {
  AmendOrderCommand,
  ChangeMarginCommand,
  CommandMeta,
  OrderTerms,
  PlaceOrderCommand,
  TriggerClaim,
  UsedRoom,
} from './contract.ts';
import type { Exits } from './exits.ts';
import type { Idempotency } from './idempotency.ts';
import { checkAccount, checkExits, checkOrder, isQuoteAmount } from './order-checks.ts';
import {
  amendmentOf,
  draftMarginChange,
  draftOrder,
  marketOrderLifeMs,
  type OrderDefaults,
  slippageBpsDefault,
} from './order-draft.ts';
import type { KeeperBudget } from './keeper-budget.ts';
import type { OrderLedger } from './order-ledger.ts';
import {
  eligibleFrom,
  isCancellable,
  isFinished,
  isStoppable,
  type OrderFailure,
  type StoredOrder,
} from './order-machine.ts';
import { exitsOf, noSlots, openOrdersMax, refusalOfRoom } from './order-room.ts';
import type { OrderStore } from './order-store.ts';
import { leverageE2Default, type AccountStanding } from './standing.ts';
import { worstPriceOf } from './trade-plan.ts';

interface DeskParts {
  readonly storage: DurableObjectStorage;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly idempotency: Idempotency;
  readonly mirror: AccountMirror;
  readonly exits: Exits;
  readonly standing: AccountStanding;
  readonly budget: KeeperBudget;
  readonly clock: Clock;
  readonly owner: string;
}

/** Checks and stores commands. Everything here is synchronous: one command, one transaction. */
export class OrderDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Accepts or refuses an order; the answer is stored under its idempotency key in the same transaction. */
  place(command: PlaceOrderCommand, snapshot: MarketSnapshot, kind: string): Result<StoredOrder> {
    const { clock, owner } = this.#parts;
    const order = draftOrder(command, snapshot, owner, clock.nowMs(), this.#defaults(snapshot));
    return this.#insert(command.meta, kind, () => {
      const refusal = this.#refusalOfNew(order, snapshot) ?? this.#refusalOfCheck(order, snapshot);
      return refusal === null ? ok(order) : { ok: false, error: refusal };
    });
  }

  changeMargin(command: ChangeMarginCommand, snapshot: MarketSnapshot): Result<StoredOrder> {
    const { budget, mirror, clock, owner } = this.#parts;
    const order = draftMarginChange(command, snapshot, owner, clock.nowMs());
    return this.#insert(command.meta, 'change_margin', () => {
      const amount = order.quantity;
      const position = mirror.position(snapshot.symbol);
      const account =
        checkAccount({ account: mirror.account, nowMs: clock.nowMs() }) ?? this.#refusalOfNew(order, snapshot);
      if (account !== null) return { ok: false, error: account };
      if (position === null || position.size === 0n) return refuse('TRADING_006', 'You have no such position.');
      if (!isQuoteAmount(amount))
        return refuse('VALIDATION_005', 'The amount must be above zero and below the largest balance.');
      if (order.intent === 'add_margin' && amount > (mirror.account?.collateral ?? 0n)) {
        return refuse('TRADING_002', 'Free collateral does not cover this amount. Deposit first, or add less.');
      }
      if (order.intent === 'remove_margin' && amount > position.margin) {
        return refuse('TRADING_018', 'The position holds less margin than that.');
      }
      const spent = order.intent === 'remove_margin' ? budget.refusal() : null;
      if (spent !== null) return { ok: false, error: spent };
      return ok(order);
    });
  }

  /** Changes an order that was not submitted yet: the new version wins over a price that reached the old one. */
  amend(command: AmendOrderCommand, snapshot: MarketSnapshot): Result<StoredOrder> {
    const { clock, idempotency, ledger, mirror, storage, store } = this.#parts;
    return transactCommand(storage, () => {
      const order = store.get(command.orderId);
      if (order === null) return refuse('TRADING_001', 'You have no such order.');
      if (!isCancellable(order.stage)) return refuse('TRADING_024', `${notStoppable(order)} It was not amended.`);
      const amendment = amendmentOf(order, command, snapshot, clock.nowMs());
      const amended = { ...order, ...amendment };
      const refusal =
        refusalOfAmendment(order, command) ??
        this.#refusalOfSlots(exitsOf(amended) - exitsOf(order)) ??
        this.#refusalOfCheck(amended, snapshot) ??
        refusalOfAmendedExit(amended, command, mirror.position(order.symbol), snapshot);
      if (refusal !== null) return { ok: false, error: refusal };
      const stored = ledger.apply(order.orderId, { kind: 'amend', amendment }, order.version);
      if (stored === null) return refuse('TRADING_024', notStoppable(order));
      idempotency.finish(command.meta, 'amend_order', { orderIds: [stored.orderId] });
      return ok(stored);
    });
  }

  /** Withdraws an order of which nothing is on its way to the chain. A finished or submitted one answers TRADING_007 with what became of it. */
  cancel(orderId: string): Result<StoredOrder> {
    const order = this.#parts.store.get(orderId);
    if (order === null) return refuse('TRADING_001', 'You have no such order.');
    if (order.stage === 'cancelled') return ok(order);
    if (!isStoppable(order)) return refuse('TRADING_007', notStoppable(order));
    const cancelled = this.#parts.ledger.apply(orderId, { kind: 'cancel', error: cancelledByTrader }, order.version);
    return cancelled === null ? refuse('TRADING_007', notStoppable(order)) : ok(cancelled);
  }

  /** Cancels every order that still can be, and answers those; one that was submitted is executed or ends, but does not come back to the book. */
  cancelAll(symbol: string | null): StoredOrder[] {
    const { store, ledger } = this.#parts;
    return store.open(symbol).flatMap(({ orderId, stage }) => {
      const withdrawn = ledger.apply(orderId, { kind: 'withdraw', error: cancelledByTrader });
      return isCancellable(stage) && withdrawn !== null ? [withdrawn] : [];
    });
  }

  /** As `cancelAll`, by the exchange: says why, and one that was submitted ends instead of coming back to the book. */
  withdrawAll(error: OrderFailure): void {
    const { storage, store, ledger } = this.#parts;
    storage.transactionSync(() => {
      for (const { orderId } of store.open()) ledger.apply(orderId, { kind: 'withdraw', error });
    });
  }

  /** A market says that an order's price was reached. Accepted iff that very version rests and no order of its group is on its way. */
  trigger(claim: TriggerClaim): 'accepted' | 'stale' {
    const { clock, exits, ledger, store } = this.#parts;
    const order = store.get(claim.orderId);
    if (order === null || order.stage !== 'resting' || order.version !== claim.version) return 'stale';
    if (exits.isHeldBack(order)) return 'stale';
    const now = clock.nowMs();
    const firesMarket = order.orderType === 'stop';
    const triggered = ledger.apply(
      claim.orderId,
      {
        kind: 'trigger',
        eligibleFrom: eligibleFrom(now, claim.publishTime),
        // A stop becomes a market order now: its bound counts from the price that fired it.
        worstPrice: firesMarket ? worstPriceOf(order.side, claim.price, order.maxSlippageBps) : order.worstPrice,
        submitByMs: firesMarket || order.timeInForce === 'ioc' ? now + marketOrderLifeMs : null,
      },
      claim.version,
    );
    return triggered === null ? 'stale' : 'accepted';
  }

  /** What orders of this account are bound by in a market, beside what the market says. */
  terms(symbol: string): OrderTerms {
    const { mirror } = this.#parts;
    return {
      ...this.#chosen(),
      delegate: mirror.account?.delegate ?? null,
      refusalOfOpening: this.#refusalOfOpening(),
      usedRoom: this.#usedRoom(symbol),
    };
  }

  /** Runs a new order's check and stores it with its idempotency key. */
  #insert(meta: CommandMeta, kind: string, check: () => Result<StoredOrder>): Result<StoredOrder> {
    const { idempotency, ledger, storage } = this.#parts;
    return transactCommand(storage, () => {
      const result = check();
      if (!result.ok) return result;
      ledger.insert(result.value);
      idempotency.finish(meta, kind, { orderIds: [result.value.orderId] });
      return result;
    });
  }

  #refusalOfNew(order: StoredOrder, snapshot: MarketSnapshot): Refusal | null {
    const { clientOrderId } = order;
    if (clientOrderId !== null && this.#parts.store.getByClientId(clientOrderId) !== null) {
      return { code: 'TRADING_008', message: `client_order_id ${clientOrderId} belongs to another order of yours.` };
    }
    return refusalOfRoom(order, this.#usedRoom(order.symbol), snapshot);
  }

  #refusalOfSlots(added: number): Refusal | null {
    return added <= 0 || this.#parts.store.openSlots() + added <= openOrdersMax ? null : noSlots;
  }

  #usedRoom(symbol: string): UsedRoom {
    const { store } = this.#parts;
    return {
      openSlots: store.openSlots(),
      waitingOpenings: store.waiting(symbol, false),
      waitingReductions: store.waiting(symbol, true),
    };
  }

  #refusalOfCheck(order: StoredOrder, snapshot: MarketSnapshot): Refusal | null {
    const { clock, mirror } = this.#parts;
    const result = checkOrder(
      { ...order, worstPrice: order.worstPrice ?? 0n },
      {
        account: mirror.account,
        position: mirror.position(order.symbol),
        snapshot,
        standing: this.#refusalOfOpening(),
        nowMs: clock.nowMs(),
      },
    );
    return result.ok ? checkExits(order, snapshot) : result.error;
  }

  /** Why this trader may not open or increase, whatever the market; null when he may. AUTH_008, AUTH_009, RATE_003. */
  #refusalOfOpening(): Refusal | null {
    return this.#parts.standing.refusalOfOpening() ?? this.#parts.budget.refusal();
  }

  /** What an order that names nothing gets before its market is asked. */
  #chosen(): OrderDefaults {
    const { standing } = this.#parts;
    return {
      leverageE2: standing.defaultLeverageE2(Number.MAX_SAFE_INTEGER),
      slippageBps: standing.defaultSlippageBps(slippageBpsDefault),
    };
  }

  #defaults({ market }: MarketSnapshot): OrderDefaults {
    const { leverageE2, slippageBps } = this.#chosen();
    const marketMaxE2 = market === null ? leverageE2Default : Number(market.config.maxLeverage) * 100;
    return { leverageE2: Math.min(leverageE2, marketMaxE2), slippageBps };
  }
}

/** Why an order that was good till a time ended. */
export const expired: OrderFailure = { code: 'TRADING_031', message: 'Its expires_at passed before it was executed.' };
const cancelledByTrader: OrderFailure = { code: 'TRADING_030', message: 'You cancelled the order.' };

/** Why an order takes no more changes. */
export const notStoppable = ({ stage }: Pick<StoredOrder, 'stage'>): string =>
  isFinished(stage)
    ? `The order is ${stage} already.`
    : 'The order is on its way to the chain; its outcome follows in a moment.';
