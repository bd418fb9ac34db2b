import { ok, refuse, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { OutboxFullError } from '../platform/outbox.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { ChangeMarginCommand, CommandMeta, OrderIntent, PlaceOrderCommand, TriggerClaim } from './contract.ts';
import type { Idempotency } from './idempotency.ts';
import { checkAccount, checkOrder, isQuoteAmount } from './order-checks.ts';
import type { OrderLedger } from './order-ledger.ts';
import { eligibleFrom, isCancellable, limitReached, type StoredOrder } from './order-machine.ts';
import { openOrdersMax, type OrderStore } from './order-store.ts';
import { worstPriceOf } from './trade-plan.ts';

/** Leverage of an order that names none, hundredths. */
export const leverageE2Default = 1_000;
/** Slippage of a market order that names none, bps. */
export const slippageBpsDefault = 100;
/** A market order that could not be submitted within this time is rejected: nobody wants it minutes later. */
export const marketOrderLifeMs = 30_000;

interface DeskParts {
  readonly storage: DurableObjectStorage;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly idempotency: Idempotency;
  readonly mirror: AccountMirror;
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
    const order = this.#draft(command, snapshot);
    return this.#decide(command.meta, kind, () => {
      const refusal = this.#refusalOfNew(order) ?? this.#refusalOfCheck(order, snapshot);
      return refusal === null ? ok(order) : { ok: false, error: refusal };
    });
  }

  changeMargin(command: ChangeMarginCommand, snapshot: MarketSnapshot): Result<StoredOrder> {
    const { mirror, clock } = this.#parts;
    const order = this.#marginDraft(command, snapshot);
    return this.#decide(command.meta, 'change_margin', () => {
      const amount = order.quantity;
      const position = mirror.position(snapshot.symbol);
      const account = checkAccount({ account: mirror.account, nowMs: clock.nowMs() }) ?? this.#refusalOfNew(order);
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
      return ok(order);
    });
  }

  /** Withdraws an order that was not submitted yet. A finished or submitted one answers TRADING_007 with what became of it. */
  cancel(orderId: string): Result<StoredOrder> {
    const order = this.#parts.store.get(orderId);
    if (order === null) return refuse('TRADING_001', 'You have no such order.');
    if (order.stage === 'cancelled') return ok(order);
    if (!isCancellable(order.stage)) return refuse('TRADING_007', cannotCancel(order));
    const cancelled = this.#parts.ledger.apply(orderId, { kind: 'cancel', error: null }, order.version);
    return cancelled === null ? refuse('TRADING_007', cannotCancel(order)) : ok(cancelled);
  }

  /** Cancels every order that still can be; those under way follow their own course. */
  cancelAll(symbol: string | null): StoredOrder[] {
    const cancellable = this.#parts.store.open(symbol).filter((order) => isCancellable(order.stage));
    return cancellable.flatMap(
      (order) => this.#parts.ledger.apply(order.orderId, { kind: 'cancel', error: null }) ?? [],
    );
  }

  /** A market says that an order's price was reached. Accepted iff that very version rests. */
  trigger(claim: TriggerClaim): 'accepted' | 'stale' {
    const { clock, ledger, store } = this.#parts;
    const order = store.get(claim.orderId);
    if (order === null || order.stage !== 'resting' || order.version !== claim.version) return 'stale';
    const now = clock.nowMs();
    const firesMarket = order.orderType === 'stop';
    const triggered = ledger.apply(
      claim.orderId,
      {
        kind: 'trigger',
        eligibleFrom: eligibleFrom(now, claim.publishTime),
        // A stop becomes a market order now: its bound counts from the price that fired it.
        worstPrice: firesMarket ? worstPriceOf(order.side, claim.price, order.maxSlippageBps) : order.worstPrice,
        submitByMs: firesMarket ? now + marketOrderLifeMs : null,
      },
      claim.version,
    );
    return triggered === null ? 'stale' : 'accepted';
  }

  /** Runs a command's check and stores its outcome, accepted or refused, with the idempotency key. */
  #decide(meta: CommandMeta, kind: string, check: () => Result<StoredOrder>): Result<StoredOrder> {
    const { idempotency, ledger, storage } = this.#parts;
    try {
      return storage.transactionSync(() => {
        const result = check();
        if (result.ok) ledger.insert(result.value);
        idempotency.finish(meta, kind, result.ok ? [result.value.orderId] : [], result.ok ? null : result.error);
        return result;
      });
    } catch (error) {
      if (!(error instanceof OutboxFullError)) throw error;
      return refuse('SYSTEM_004', 'Too much is waiting for this account. Try again in a minute.', {
        retryAfterSeconds: 60,
      });
    }
  }

  #refusalOfNew({ clientOrderId }: StoredOrder): Refusal | null {
    const { store } = this.#parts;
    if (clientOrderId !== null && store.getByClientId(clientOrderId) !== null) {
      return { code: 'TRADING_008', message: `client_order_id ${clientOrderId} belongs to another order of yours.` };
    }
    if (store.openCount() < openOrdersMax) return null;
    return { code: 'TRADING_011', message: `At most ${openOrdersMax} orders can be open. Cancel some first.` };
  }

  #refusalOfCheck(order: StoredOrder, snapshot: MarketSnapshot): Refusal | null {
    const { clock, mirror } = this.#parts;
    const situation = {
      account: mirror.account,
      position: mirror.position(order.symbol),
      snapshot,
      nowMs: clock.nowMs(),
    };
    const result = checkOrder({ ...order, worstPrice: order.worstPrice ?? 0n }, situation);
    return result.ok ? null : result.error;
  }

  #draft(command: PlaceOrderCommand, snapshot: MarketSnapshot): StoredOrder {
    const slippage = command.maxSlippageBps ?? slippageBpsDefault;
    const reference = snapshot.price?.price ?? 0n;
    const isMarket = command.orderType === 'market';
    return {
      ...this.#blank(command, snapshot),
      stage: restsAtOnce(command, reference) ? 'resting' : 'accepted',
      intent: 'trade',
      side: command.side,
      orderType: command.orderType,
      quantity: command.quantity,
      price: command.price,
      stopPrice: command.stopPrice,
      reduceOnly: command.reduceOnly,
      leverageE2: command.leverageE2 ?? leverageE2Default,
      maxSlippageBps: slippage,
      timeInForce: command.timeInForce,
      expiresAtMs: command.expiresAtMs,
      clientOrderId: command.clientOrderId,
      worstPrice: command.price ?? (isMarket ? worstPriceOf(command.side, reference, slippage) : null),
      submitByMs: isMarket ? this.#parts.clock.nowMs() + marketOrderLifeMs : null,
    };
  }

  #marginDraft(command: ChangeMarginCommand, snapshot: MarketSnapshot): StoredOrder {
    const intent: OrderIntent = command.amount > 0n ? 'add_margin' : 'remove_margin';
    return {
      ...this.#blank(command, snapshot),
      intent,
      quantity: command.amount > 0n ? command.amount : -command.amount,
      submitByMs: this.#parts.clock.nowMs() + marketOrderLifeMs,
    };
  }

  #blank(command: { readonly meta: CommandMeta; readonly userId: string }, snapshot: MarketSnapshot): StoredOrder {
    const now = this.#parts.clock.nowMs();
    return {
      ...unsetFields,
      orderId: newId(),
      userId: command.userId,
      owner: this.#parts.owner,
      symbol: snapshot.symbol,
      eligibleFrom: eligibleFrom(now, Number(snapshot.price?.publishTime ?? 0n)),
      createdAtMs: now,
      requestId: command.meta.requestId,
    };
  }
}

/** A stop, and a limit that the price does not reach now, go to the book without a try; one that must execute at once gets its try. */
function restsAtOnce(command: PlaceOrderCommand, reference: bigint): boolean {
  if (command.stopPrice !== null) return true;
  if (command.price === null || command.timeInForce === 'ioc') return false;
  return !limitReached(command.side, command.price, reference);
}

const unsetFields = {
  version: 1,
  intent: 'trade',
  side: 'buy',
  orderType: 'market',
  price: null,
  stopPrice: null,
  reduceOnly: false,
  leverageE2: leverageE2Default,
  maxSlippageBps: slippageBpsDefault,
  timeInForce: 'gtc',
  expiresAtMs: null,
  clientOrderId: null,
  stage: 'accepted',
  status: 'pending',
  quantity: 0n,
  filledQuantity: 0n,
  averageFillPrice: null,
  fee: 0n,
  positionId: null,
  transactionHash: null,
  error: null,
  executedAtMs: null,
  attempts: [],
  worstPrice: null,
  stopFired: false,
  submitByMs: null,
  fillParts: [],
} as const satisfies Partial<StoredOrder>;

function cannotCancel(order: StoredOrder): string {
  if (order.stage === 'submitted') return 'The order is on its way to the chain; its outcome follows in a moment.';
  return `The order is ${order.stage} already.`;
}
