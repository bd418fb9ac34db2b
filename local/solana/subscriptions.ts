import type { ChainAccount } from './account.ts';
import type { Slot } from './blockhashes.ts';
import { type ChainWatcher, finalitySlots, type LocalChain } from './chain.ts';
import { accountJson, type AccountView } from './rpc/account-json.ts';
import type { Commitment } from './rpc/method.ts';
import type { LandedTransaction } from './store.ts';

/** Subscriptions of one connection. */
export const subscriptionsPerConnectionMax = 1_000;
/** Notifications of one connection that wait for finality; a connection with more is closed. */
const deferredPerConnectionMax = 20_000;

/** Where notifications go: one WebSocket. */
export interface Subscriber {
  send(message: unknown): void;
  /** Ends a connection that asked for more than can be kept. */
  overflow(): void;
}

/** What a subscription is about. */
export type Topic =
  | { readonly kind: 'account'; readonly address: string; readonly view: AccountView }
  | {
      readonly kind: 'program';
      readonly address: string;
      readonly view: AccountView;
      readonly matches: (account: ChainAccount) => boolean;
    }
  | { readonly kind: 'logs'; readonly mentions: string | undefined }
  | { readonly kind: 'signature'; readonly signature: string }
  | { readonly kind: 'slot' }
  | { readonly kind: 'root' };
export type TopicKind = Topic['kind'];

interface Subscription {
  readonly id: number;
  readonly subscriber: Subscriber;
  readonly topic: Topic;
  readonly commitment: Commitment;
}

interface Deferred {
  readonly slot: number;
  readonly subscription: Subscription;
  readonly value: unknown;
}

/** Who wants to hear of what; tells them as the chain goes on. What is asked for at `finalized` waits until it is. */
export class Subscriptions implements ChainWatcher {
  readonly #chain: LocalChain;
  readonly #byId = new Map<number, Subscription>();
  readonly #byTopic = new Map<string, Set<Subscription>>();
  readonly #held = new Map<Subscriber, number>();
  readonly #waiting = new Map<Subscriber, number>();
  #deferred: Deferred[] = [];
  #lastId = 0;

  constructor(chain: LocalChain) {
    this.#chain = chain;
  }

  get count(): number {
    return this.#byId.size;
  }

  /** Adds a subscription and returns its id; undefined when the subscriber has as many as it may. */
  add(subscriber: Subscriber, topic: Topic, commitment: Commitment): number | undefined {
    const held = this.#held.get(subscriber) ?? 0;
    if (held >= subscriptionsPerConnectionMax) return undefined;
    this.#held.set(subscriber, held + 1);
    const subscription = { id: ++this.#lastId, subscriber, topic, commitment };
    this.#byId.set(subscription.id, subscription);
    const key = topicKey(topic);
    const others = this.#byTopic.get(key) ?? new Set();
    this.#byTopic.set(key, others.add(subscription));
    return subscription.id;
  }

  /** Tells a new signature subscription what happened before it: a client may subscribe after sending. */
  catchUp(id: number): void {
    const subscription = this.#byId.get(id);
    if (subscription?.topic.kind !== 'signature') return;
    const head = this.#chain.history.transactionHead(subscription.topic.signature);
    if (head !== undefined) this.#announce(subscription, head.slot, { err: head.err });
  }

  /** Ends a subscription of this subscriber; false when there is none of that kind. */
  remove(subscriber: Subscriber, id: number, kind: TopicKind): boolean {
    const subscription = this.#byId.get(id);
    if (subscription?.subscriber !== subscriber || subscription.topic.kind !== kind) return false;
    this.#drop(subscription);
    return true;
  }

  /** Ends everything of a connection that is gone. */
  removeAll(subscriber: Subscriber): void {
    for (const subscription of this.#byId.values())
      if (subscription.subscriber === subscriber) this.#drop(subscription);
    this.#deferred = this.#deferred.filter(({ subscription }) => subscription.subscriber !== subscriber);
    this.#waiting.delete(subscriber);
    this.#held.delete(subscriber);
  }

  slotStarted({ slot }: Slot): void {
    const root = Math.max(0, slot - finalitySlots);
    for (const subscription of this.#of('slot')) this.#notify(subscription, { parent: slot - 1, root, slot });
    for (const subscription of this.#of('root')) this.#notify(subscription, root);
    const due = this.#deferred.findIndex((deferred) => deferred.slot > root);
    const final = this.#deferred.splice(0, due === -1 ? this.#deferred.length : due);
    for (const { subscription, value, slot: at } of final) {
      const { subscriber } = subscription;
      this.#waiting.set(subscriber, (this.#waiting.get(subscriber) ?? 1) - 1);
      if (this.#byId.has(subscription.id)) this.#deliver(subscription, at, value);
    }
  }

  accountsChanged(accounts: readonly ChainAccount[]): void {
    for (const account of accounts) {
      for (const subscription of this.#of(`account:${account.address}`)) this.#tellAccount(subscription, account);
      for (const subscription of this.#of(`program:${account.owner}`)) this.#tellAccount(subscription, account);
    }
  }

  transactionLanded({ signature, slot, err, meta }: LandedTransaction, keys: readonly string[]): void {
    const interested = [...this.#of('logs:'), ...keys.flatMap((key) => [...this.#of(`logs:${key}`)])];
    const logs = { signature, err, logs: meta.logMessages };
    for (const subscription of new Set(interested)) this.#announce(subscription, slot, logs);
    for (const subscription of this.#of(`signature:${signature}`)) this.#announce(subscription, slot, { err });
  }

  #tellAccount(subscription: Subscription, account: ChainAccount): void {
    const { topic } = subscription;
    if (topic.kind !== 'account' && topic.kind !== 'program') return;
    if (topic.kind === 'program' && !topic.matches(account)) return;
    const json = accountJson(account, topic.view, (key) => this.#chain.vm.account(key));
    const value = topic.kind === 'account' ? json : { pubkey: account.address, account: json };
    this.#announce(subscription, this.#chain.slot, value);
  }

  /** Delivers now, or when the slot is final if the subscription asked for that. */
  #announce(subscription: Subscription, slot: number, value: unknown): void {
    const final = this.#chain.slot - slot >= finalitySlots;
    if (subscription.commitment !== 'finalized' || final) return this.#deliver(subscription, slot, value);
    const { subscriber } = subscription;
    const waiting = (this.#waiting.get(subscriber) ?? 0) + 1;
    if (waiting > deferredPerConnectionMax) return subscriber.overflow();
    this.#waiting.set(subscriber, waiting);
    const before = this.#deferred.findLastIndex((other) => other.slot <= slot);
    this.#deferred.splice(before + 1, 0, { slot, subscription, value });
  }

  #deliver(subscription: Subscription, slot: number, value: unknown): void {
    this.#notify(subscription, { context: { slot }, value });
    if (subscription.topic.kind === 'signature') this.#drop(subscription);
  }

  #notify({ id, subscriber, topic }: Subscription, result: unknown): void {
    subscriber.send({ jsonrpc: '2.0', method: `${topic.kind}Notification`, params: { result, subscription: id } });
  }

  #drop(subscription: Subscription): void {
    const { subscriber } = subscription;
    this.#byId.delete(subscription.id);
    this.#held.set(subscriber, (this.#held.get(subscriber) ?? 1) - 1);
    const key = topicKey(subscription.topic);
    const others = this.#byTopic.get(key);
    others?.delete(subscription);
    if (others?.size === 0) this.#byTopic.delete(key);
  }

  #of(key: string): Iterable<Subscription> {
    return [...(this.#byTopic.get(key) ?? [])];
  }
}

function topicKey(topic: Topic): string {
  switch (topic.kind) {
    case 'account':
    case 'program':
      return `${topic.kind}:${topic.address}`;
    case 'logs':
      return `logs:${topic.mentions ?? ''}`;
    case 'signature':
      return `signature:${topic.signature}`;
    case 'slot':
    case 'root':
      return topic.kind;
  }
}
