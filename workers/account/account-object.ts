import { DurableObject } from 'cloudflare:workers';
import type { AdminAction } from '#db/repositories/admin-actions.ts';
import type { IndexedEvent } from '#shared/events.ts';
import type { Standing } from '#shared/standing.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import type { Env } from '../env.ts';
import { systemClock } from '../platform/clock.ts';
import { abortable, failpoint } from '../platform/failpoint.ts';
import { answerClose, openSocket, socketPlatformOf } from '../platform/fan-out/open-socket.ts';
import { handOverLater } from '../observability/sinks.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { OUTBOX_TIMER } from '../platform/outbox.ts';
import { migrate } from '../platform/sql.ts';
import { withTimeout } from '../platform/retry.ts';
import type { Timer } from '../platform/timers.ts';
import { type AccountParts, buildAccountParts } from './account-parts.ts';
import { DEED_TOPIC } from './account-effects.ts';
import { CANCEL_AFTER_TIMER } from './cancel-after.ts';
import type {
  AccountRpc,
  AccountView,
  AmendOrderCommand,
  CancelAfterCommand,
  ChangeMarginCommand,
  ClosePositionCommand,
  CommandMeta,
  CommandRecord,
  NewApiSession,
  NewSession,
  OrderQuery,
  OrderRecord,
  PlaceOrderCommand,
  RiskAlert,
  SetExitsCommand,
  TriggerClaim,
} from './contract.ts';
import { EXPIRE_TIMER, SUBMIT_BY_TIMER } from './order-ledger.ts';
import { expired } from './order-desk.ts';
import { isCancellable, isFinished } from './order-machine.ts';
import { POOL_REQUEST_TIMER } from './pool-requests.ts';
import { ACCOUNT_MIGRATIONS, ownerOf } from './schema.ts';

/** Timer: read the account from the chain, because an event of its stream is missing. */
const RECONCILE_TIMER = 'reconcile';
/** Timer: look at silent sockets. */
const SOCKETS_TIMER = 'sockets';
/** How long a missing event may come by itself. */
const holePatienceMs = 2_000;
const expireRetryMs = 5_000;
/** Reading the account from the chain does not keep the other timers waiting for longer. */
const reconcileTimeoutMs = 5_000;
const waitForOrderMsMax = 10_000;

/** One wallet: its orders, idempotency keys, limits, sessions and private channels. A thin shell over the parts it wires. */
export class AccountObject extends DurableObject<Env> implements AccountRpc {
  readonly #logger: Logger;
  readonly #owner: string;
  readonly #parts: AccountParts;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, ACCOUNT_MIGRATIONS);
    this.#owner = ownerOf(ctx.storage.sql, ctx.id.name);
    this.#logger = createLogger({ fields: { part: 'account', wallet: this.#owner } });
    this.#parts = buildAccountParts({
      storage: ctx.storage,
      platform: socketPlatformOf(ctx),
      env,
      owner: this.#owner,
      clock: systemClock,
      logger: this.#logger,
    });
    abortable(this.#owner, ctx);
  }

  async admit(sessionId: string) {
    return this.#parts.identity.admit(sessionId);
  }

  async placeOrder(command: PlaceOrderCommand) {
    return this.#parts.commands.placeOrder(command);
  }

  async closePosition(command: ClosePositionCommand) {
    return this.#parts.commands.closePosition(command);
  }

  async changeMargin(command: ChangeMarginCommand) {
    return this.#parts.commands.changeMargin(command);
  }

  async cancelOrder(orderId: string, meta: CommandMeta) {
    return this.#parts.commands.cancelOrder(orderId, meta);
  }

  async cancelAll(symbol: string | null, meta: CommandMeta) {
    return this.#parts.commands.cancelAll(symbol, meta);
  }

  async amendOrder(command: AmendOrderCommand) {
    return this.#parts.commands.amendOrder(command);
  }

  async cancelAfter(command: CancelAfterCommand) {
    return this.#parts.commands.cancelAfter(command);
  }

  async setExits(command: SetExitsCommand) {
    return this.#parts.commands.setExits(command);
  }

  async getOrder(orderId: string): Promise<OrderRecord | null> {
    return this.#parts.store.get(orderId);
  }

  async getOrderByClientId(clientOrderId: string): Promise<OrderRecord | null> {
    return this.#parts.store.getByClientId(clientOrderId);
  }

  async listOrders(query: OrderQuery) {
    return this.#parts.store.page(query);
  }

  async getCommand(idempotencyKey: string): Promise<CommandRecord | null> {
    return this.#parts.commands.find(idempotencyKey);
  }

  async waitForOrder(orderId: string, version: number, timeoutMs: number): Promise<OrderRecord | null> {
    return this.#parts.ledger.wait(orderId, version, Math.min(timeoutMs, waitForOrderMsMax));
  }

  async trigger(claim: TriggerClaim): Promise<'accepted' | 'stale'> {
    await failpoint('trigger.heard', this.#owner);
    const answer = this.#parts.desk.trigger(claim);
    await failpoint('trigger.stored', this.#owner);
    this.#parts.ledger.publish();
    return answer;
  }

  async applyEvents(events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }> {
    const { mirror, stream, markets, timers, ledger, loader } = this.#parts;
    const isNew = !mirror.isLoaded && events.some((event) => (event.streams.account?.seq ?? 1n) > 1n);
    if (isNew) await loader.tryLoad();
    if (stream.hub.size > 0) await markets.refresh(events.flatMap((event) => event.streams.position?.symbol ?? []));
    await failpoint('events.heard', this.#owner);
    const { hasHole } = this.#parts.events.apply(events);
    await failpoint('events.applied', this.#owner);
    if (hasHole) timers.setAtLatest(RECONCILE_TIMER, '', systemClock.nowMs() + holePatienceMs);
    else timers.clear(RECONCILE_TIMER, '');
    ledger.publish();
    handOverLater(this.env);
    return { nextSeq: mirror.nextSeq };
  }

  async state(): Promise<AccountView> {
    await this.#parts.loader.load();
    return this.#parts.mirror.view(this.#owner);
  }

  async orderTerms(symbol: string) {
    await this.#parts.loader.load();
    return this.#parts.desk.terms(symbol);
  }

  async notifyRisk(alert: RiskAlert): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#parts.events.alert(alert));
    this.#parts.ledger.publish();
  }

  async attendPoolRequest(): Promise<void> {
    this.#parts.poolRequests.wake();
  }

  async refresh(): Promise<void> {
    // Until somebody asks for it, there is nothing to bring up to date.
    if (this.#parts.mirror.isLoaded) await this.#parts.loader.reconcile();
  }

  async takeBack(signatures: readonly string[]): Promise<void> {
    const { mirror, loader } = this.#parts;
    this.ctx.storage.transactionSync(() => mirror.takeBack(signatures));
    await loader.reconcile();
  }

  async sweep(): Promise<{ unfinishedOrders: number }> {
    this.#parts.outbox.drain();
    return { unfinishedOrders: this.#parts.store.openCount() };
  }

  async consumeNonce(nonce: string, expiresAtMs: number): Promise<boolean> {
    return this.#parts.sessions.consumeNonce(nonce, expiresAtMs);
  }

  async createSession(session: NewSession) {
    return this.#parts.identity.createSession(session);
  }

  async createApiSession(session: NewApiSession) {
    return this.#parts.identity.createApiSession(session);
  }

  async rotateSession(refreshToken: string) {
    return this.#parts.identity.rotateSession(refreshToken);
  }

  async useSession(sessionId: string): Promise<boolean> {
    return this.#parts.sessions.use(sessionId);
  }

  async listSessions() {
    return this.#parts.sessions.list();
  }

  async endSession(sessionId: string): Promise<boolean> {
    return this.#parts.identity.endSession(sessionId);
  }

  async endOtherSessions(keepSessionId: string): Promise<number> {
    return this.#parts.identity.endOtherSessions(keepSessionId);
  }

  async forget(): Promise<number> {
    return this.#parts.identity.forget();
  }

  async setStanding(standing: Standing): Promise<void> {
    this.#parts.identity.setStanding(standing);
  }

  async isActive(): Promise<boolean> {
    return this.#parts.standing.current.isActive;
  }

  async keepDeed(action: AdminAction): Promise<void> {
    this.#parts.outbox.add(DEED_TOPIC, action.id, JSON.stringify(action));
    this.#parts.outbox.drain();
  }

  async buildTransaction(request: BuildTransactionRequest) {
    return this.#parts.commands.onChain(() => this.#parts.transactions.build(request));
  }

  async submitTransaction(transaction: string, address = 'unknown') {
    return this.#parts.commands.onChain(() => this.#parts.transactions.submit(transaction, address));
  }

  async faucet() {
    return this.#parts.commands.onChain(() => this.#parts.transactions.faucet());
  }

  async grantDrop(wallet: string): Promise<boolean> {
    return this.#parts.transactionStore.grantDrop(wallet);
  }

  async grantSponsorship(messageHash: string, address: string): Promise<boolean> {
    return this.#parts.transactionStore.grantSponsorship(messageHash, address);
  }

  async takeLease(name: string, ttlMs: number) {
    return this.#parts.leases.take(name, ttlMs);
  }

  async saveCursor(name: string, token: number, cursor: string | null): Promise<boolean> {
    return this.#parts.leases.saveCursor(name, token, cursor);
  }

  async endLease(name: string, token: number): Promise<void> {
    this.#parts.leases.end(name, token);
  }

  override async fetch(request: Request): Promise<Response> {
    await this.#parts.loader.tryLoad();
    const response = openSocket(this.ctx, this.#parts.stream.hub, request);
    this.#watchSockets();
    return response;
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#parts.stream.hub.message(socket, message);
    this.#watchSockets();
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#parts.stream.hub.closed(socket);
    answerClose(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#parts.stream.hub.closed(socket);
  }

  override async alarm(): Promise<void> {
    await this.#parts.timers.runDue((timer) => this.#runTimer(timer));
    handOverLater(this.env);
  }

  async #runTimer({ kind, key }: Timer): Promise<void> {
    switch (kind) {
      case OUTBOX_TIMER:
        return this.#parts.outbox.drain();
      case EXPIRE_TIMER:
        return this.#expire(key);
      case SUBMIT_BY_TIMER:
        return this.#parts.executor.giveUp(key);
      case CANCEL_AFTER_TIMER:
        this.#parts.deadline.fire();
        return this.#parts.ledger.publish();
      case RECONCILE_TIMER:
        return withTimeout(() => this.#parts.loader.reconcile(), reconcileTimeoutMs);
      case POOL_REQUEST_TIMER:
        return this.#parts.poolRequests.wake();
      case SOCKETS_TIMER:
        return this.#checkSockets();
      default:
        this.#logger.error('unknown timer', { kind, key });
    }
  }

  /** An order under way cannot expire; it is looked at again until the chain has decided. */
  #expire(orderId: string): void {
    const { store, ledger, timers } = this.#parts;
    const order = store.get(orderId);
    if (order === null || isFinished(order.stage)) return;
    if (isCancellable(order.stage)) ledger.apply(orderId, { kind: 'expire', error: expired });
    else timers.set(EXPIRE_TIMER, orderId, systemClock.nowMs() + expireRetryMs);
    ledger.publish();
  }

  #checkSockets(): void {
    const dueMs = this.#parts.stream.hub.check();
    // Set, not `setAtLatest`: the row of this very run would count as set, and goes when it returns.
    if (dueMs !== null) this.#parts.timers.set(SOCKETS_TIMER, '', dueMs);
  }

  #watchSockets(): void {
    const dueMs = this.#parts.stream.hub.nextCheckMs();
    if (dueMs !== null) this.#parts.timers.setAtLatest(SOCKETS_TIMER, '', dueMs);
  }
}
