import { env } from 'cloudflare:workers';
import type { IndexedEvent } from '#shared/events.ts';
import { quote } from '#shared/money/units.ts';
import { oppositeSide, sideOf } from '#shared/perps/side.ts';
import type { Side } from '#shared/perps/types.ts';
import { type AccountParts, buildAccountParts } from '../../../workers/account/account-parts.ts';
import { liveAttempts, type StoredOrder } from '../../../workers/account/order-machine.ts';
import { planTrade } from '../../../workers/account/trade-plan.ts';
import type { ChainAccount, ChainPosition } from '../../../workers/chain/accounts.ts';
import type { MarketSnapshot } from '../../../workers/market/contract.ts';
import { socketPlatformOf } from '../../../workers/platform/fan-out/open-socket.ts';
import { createLogger } from '../../../workers/platform/logger.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { sampleMarket, samplePosition, samplePrice } from '../market/sample-market.ts';

export const symbol = 'SOL-PERP';
export const e8 = (value: bigint): bigint => value * 100_000_000n;
const reference = e8(150n);
const yearMs = 365 * 86_400_000;

/** When an execution's events reach the account: at once, with the next delivery, or before the events that came earlier. */
export type Delivery = 'now' | 'later' | 'ahead';

/**
 * The orders of one account in real storage, and around them what they meet: a chain that executes an attempt only with the position's
 * command number, a trigger book, an executor, a stream of events. Nothing here runs by itself: a test says what happens next.
 */
export class OrderWorld {
  readonly clock = new ManualClock();
  readonly executed = new Map<
    string,
    { readonly signature: string; readonly groupId: string | null; readonly closes: bigint }
  >();
  readonly book = new Map<string, number>();
  readonly position = { side: 'long' as Side, size: 0n, openedSeq: 0n, seq: 0n, eventSeq: 0n };
  parts: AccountParts;
  readonly #state: DurableObjectState;
  readonly #owner: string;
  readonly #dead = new Set<string>();
  readonly #withdrawn = new Map<string, number>();
  /** What the exits of a group may close altogether: what they were set for, and what amendments added. */
  readonly #allowed = new Map<string, bigint>();
  readonly #quantities = new Map<string, bigint>();
  #undelivered: IndexedEvent[] = [];
  #accountSeq = 1n;
  #signatures = 0;

  constructor(state: DurableObjectState, owner: string) {
    this.#state = state;
    this.#owner = owner;
    // Within the times that messages take, and still so far off that no alarm fires.
    this.clock.advance(-yearMs);
    for (const table of [
      'orders',
      'commands',
      'outbox',
      'timers',
      'mirror',
      'mirror_positions',
      'position_commands',
      'keeper_transactions',
    ])
      state.storage.sql.exec(`DELETE FROM ${table}`);
    this.parts = this.#build();
    this.readChain();
  }

  /** The object forgets all that is not stored. */
  evict(): void {
    this.parts = this.#build();
  }

  snapshot(): MarketSnapshot {
    return {
      symbol,
      price: samplePrice(reference, BigInt(Math.floor(this.clock.nowMs() / 1_000))),
      priceState: 'ok',
      receivedAtMs: this.clock.nowMs(),
      market: sampleMarket(),
      stats: null,
      controls: { off: [], brake: null },
      isBookFull: false,
    };
  }

  orders(): StoredOrder[] {
    return this.parts.store.page({ status: null, symbol: null, limit: 1_000, cursor: null }).orders as StoredOrder[];
  }

  allowed = (groupId: string): bigint => this.#allowed.get(groupId) ?? 0n;

  /** What the exits of each group closed on the chain. */
  closedBy(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const { groupId, closes } of this.executed.values()) {
      if (groupId !== null) sums.set(groupId, (sums.get(groupId) ?? 0n) + closes);
    }
    return sums;
  }

  /** Looks at what the orders of groups are for by now; belongs after every step. */
  noteGroups(): void {
    const closed = this.closedBy();
    for (const { orderId, groupId, quantity } of this.orders()) {
      if (groupId === null) continue;
      const before = this.#quantities.get(orderId);
      this.#quantities.set(orderId, quantity);
      const allowed = this.allowed(groupId);
      if (before === undefined) {
        const wanted = (closed.get(groupId) ?? 0n) + quantity;
        this.#allowed.set(groupId, wanted > allowed ? wanted : allowed);
      } else if (quantity > before) this.#allowed.set(groupId, allowed + quantity - before);
    }
  }

  /** Signs an attempt as the executor does: not for an exit whose position is gone, nor for an order that was withdrawn. */
  submit(order: StoredOrder): void {
    const { openedSeq, seq, size } = this.position;
    const isGone = order.exitKind !== null && (size === 0n || openedSeq !== order.positionSeq);
    if (liveAttempts(order).length === 0 && (isGone || order.withdrawn !== null)) {
      this.parts.ledger.apply(order.orderId, { kind: 'cancel', error: order.withdrawn });
      return;
    }
    const attempt = {
      signature: this.#sign(),
      expectedSeq: seq,
      signedAtMs: this.clock.nowMs(),
      lastValidBlockHeight: 1,
      settledAtMs: null,
      outcome: 'sent',
      reason: null,
    } as const;
    this.parts.ledger.apply(order.orderId, { kind: 'submit', attempt }, order.version);
  }

  /** An attempt reaches the chain: executed if its number is the position's. */
  land(order: StoredOrder, signature: string, delivery: Delivery): void {
    const attempt = order.attempts.find((each) => each.signature === signature);
    if (attempt === undefined || this.#dead.has(signature) || attempt.expectedSeq !== this.position.seq) return;
    const plan = planTrade(order, { ...samplePosition('long', 0n, 1n, 0n), ...this.#held() }, 'active');
    if (!plan.ok) return;
    if (this.executed.has(order.orderId)) throw new Error(`${order.orderId} was executed twice`);
    const closes = plan.value.kind === 'close' ? plan.value.size : plan.value.closes;
    const opens = plan.value.kind === 'close' ? 0n : plan.value.opens;
    this.executed.set(order.orderId, { signature, groupId: order.groupId, closes });
    this.#execute(sideOf(order.side), closes, opens, order.orderId, signature, delivery);
  }

  /** The chain refused an attempt, or it expired: it never lands. */
  kill(order: StoredOrder, signature: string): void {
    if (this.executed.get(order.orderId)?.signature === signature) return;
    this.#dead.add(signature);
    this.parts.ledger.apply(order.orderId, {
      kind: 'settle_attempt',
      signature,
      outcome: 'failed',
      reason: 'x',
      atMs: 1,
    });
  }

  /** Somebody else changes the position: its trader by himself, a liquidation, a close at its cap. */
  trade(side: Side, closes: bigint, opens: bigint, delivery: Delivery): void {
    this.#execute(side, closes, opens, null, this.#sign(), delivery);
  }

  deliver(): void {
    const events = this.#undelivered;
    this.#undelivered = [];
    // One by one: the two events of an order that turns a position need not come together.
    for (const event of events) this.parts.events.apply([event]);
  }

  /** The account is read from the chain, ahead of its events. */
  readChain(): void {
    const account: ChainAccount = {
      owner: this.#owner,
      collateral: quote(10n ** 12n),
      seq: this.#accountSeq,
      delegate: { enabled: true, expiresAt: 2n ** 40n, turnoverCap: 0n, maxSlippageBps: 1_000 },
    };
    const { side, size, openedSeq, seq, eventSeq } = this.position;
    const position: ChainPosition = {
      ...samplePosition(side, size, reference, size, { seq }),
      owner: this.#owner,
      marketIndex: 0,
      eventSeq,
      openedSeq,
      openedAt: 0n,
      lastOrderId: [],
      closeRequestedAt: 0n,
      realizedPnl: 0n,
    };
    this.parts.mirror.replace({ account, positions: new Map([[symbol, position]]) }, this.clock.nowMs());
    this.parts.exits.endOfGonePositions();
  }

  /** The outbox' messages reach the trigger book. */
  carryToBook(): void {
    const { sql } = this.#state.storage;
    const query = "SELECT id, topic, key, payload FROM outbox WHERE topic IN ('rest', 'unrest') ORDER BY id";
    for (const { topic, key } of sql.exec<{ topic: string; key: string }>(query).toArray()) {
      if (topic === 'rest') this.#rest(key);
    }
    for (const { key, payload } of sql
      .exec<{ key: string; payload: string }>("SELECT key, payload FROM outbox WHERE topic = 'unrest' ORDER BY id")
      .toArray()) {
      const version = Number(payload);
      this.#withdrawn.set(key, Math.max(version, this.#withdrawn.get(key) ?? 0));
      if ((this.book.get(key) ?? Infinity) <= version) this.book.delete(key);
    }
    sql.exec('DELETE FROM outbox');
  }

  /** The book offers an order; either answer takes that version out. */
  claim(orderId: string, version: number): 'accepted' | 'stale' {
    const publishTime = Math.floor(this.clock.nowMs() / 1_000);
    const answer = this.parts.desk.trigger({ orderId, version, price: reference, publishTime });
    if ((this.book.get(orderId) ?? Infinity) <= version) this.book.delete(orderId);
    return answer;
  }

  #sign(): string {
    this.#signatures += 1;
    return String(this.#signatures).replaceAll('0', 'z').padStart(88, 'A');
  }

  #rest(orderId: string): void {
    const order = this.parts.store.get(orderId);
    if (order?.stage !== 'resting') return;
    const known = Math.max(this.book.get(orderId) ?? 0, this.#withdrawn.get(orderId) ?? 0);
    if (order.version > known) this.book.set(orderId, order.version);
  }

  #execute(
    side: Side,
    closes: bigint,
    opens: bigint,
    orderId: string | null,
    signature: string,
    delivery: Delivery,
  ): void {
    const { position } = this;
    position.seq += 1n;
    const events: IndexedEvent[] = [];
    if (closes > 0n) {
      position.size -= closes;
      events.push(this.#event('PositionReduced', oppositeSide(side), closes, orderId, signature, events.length));
    }
    if (opens > 0n) {
      if (position.size === 0n) position.openedSeq = position.seq;
      position.side = side;
      position.size += opens;
      events.push(this.#event('PositionIncreased', side, opens, orderId, signature, events.length));
    }
    this.#undelivered.push(...events);
    if (delivery === 'now') this.deliver();
    if (delivery === 'ahead') this.parts.events.apply(events);
  }

  #event(
    name: 'PositionReduced' | 'PositionIncreased',
    side: Side,
    size: bigint,
    orderId: string | null,
    signature: string,
    indexInTransaction: number,
  ): IndexedEvent {
    this.#accountSeq += 1n;
    this.position.eventSeq += 1n;
    const { seq: _seq, payoutOwed: _payoutOwed, ...after } = samplePosition(side, this.position.size, 1n, 1n);
    return {
      name,
      data: {
        owner: this.#owner,
        orderId: orderId ?? '00000000-0000-0000-0000-000000000000',
        delegated: orderId !== null,
        fillPrice: reference,
        size,
        fee: 0n,
        collateral: 10n ** 12n,
        realizedPnl: 0n,
        reason: orderId === null ? 'capped' : 'order',
        openedSeq: this.position.openedSeq,
        after,
      },
      signature,
      slot: 1,
      indexInTransaction,
      blockTimeMs: this.clock.nowMs(),
      streams: {
        account: { owner: this.#owner, seq: this.#accountSeq },
        position: { owner: this.#owner, symbol, seq: this.position.eventSeq, commandSeq: this.position.seq },
      },
    };
  }

  #held() {
    const { side, size, seq } = this.position;
    return samplePosition(side, size, reference, size, { seq });
  }

  #build(): AccountParts {
    return buildAccountParts({
      storage: this.#state.storage,
      platform: socketPlatformOf(this.#state),
      env,
      owner: this.#owner,
      clock: this.clock,
      logger: createLogger({ level: 'error' }),
    });
  }
}
