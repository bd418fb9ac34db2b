import { DurableObject } from 'cloudflare:workers';
import type { IndexedEvent } from '#shared/events.ts';
import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import { ChainUnavailable } from '../chain/rpc.ts';
import type { Env } from '../env.ts';
import { systemClock } from '../platform/clock.ts';
import { answerClose, openSocket, socketPlatformOf } from '../platform/fan-out/open-socket.ts';
import { createLogger, errorMessage, type Logger } from '../platform/logger.ts';
import { OUTBOX_TIMER } from '../platform/outbox.ts';
import { migrate } from '../platform/sql.ts';
import type { Timer } from '../platform/timers.ts';
import { type AccountParts, buildAccountParts } from './account-parts.ts';
import type {
  AccountRpc,
  AccountView,
  ChangeMarginCommand,
  ClosePositionCommand,
  CommandMeta,
  CommandRecord,
  NewSession,
  OrderQuery,
  OrderRecord,
  PlaceOrderCommand,
  RiskAlert,
  TriggerClaim,
} from './contract.ts';
import { closing, reduceOnlyOrder } from './closing.ts';
import type { ExecutionStep } from './executor.ts';
import { EXPIRE_TIMER } from './order-ledger.ts';
import { isCancellable, isFinished, type StoredOrder } from './order-machine.ts';
import { POOL_REQUEST_TIMER } from './pool-requests.ts';
import { ACCOUNT_MIGRATIONS, ownerOf } from './schema.ts';

/** Timer: read the account from the chain, because an event of its stream is missing. */
const RECONCILE_TIMER = 'reconcile';
/** Timer: look at silent sockets. */
const SOCKETS_TIMER = 'sockets';
/** How long a missing event may come by itself. */
const holePatienceMs = 2_000;
const expireRetryMs = 5_000;
const waitForOrderMsMax = 10_000;

/** One wallet: its orders, idempotency keys, limits, sessions and private channels. A thin shell over the parts it wires. */
export class AccountObject extends DurableObject<Env> implements AccountRpc {
  /** Called at each step of an execution; tests throw here to die at that very point. */
  onExecutionStep: (step: ExecutionStep, order: StoredOrder) => void = () => undefined;
  readonly #logger: Logger;
  readonly #owner: string;
  readonly #parts: AccountParts;
  #loading: Promise<void> | null = null;

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
      onStep: (step, order) => this.onExecutionStep(step, order),
    });
  }

  async admit() {
    return this.#parts.limiter.admit();
  }

  async placeOrder(command: PlaceOrderCommand): Promise<Result<OrderRecord>> {
    return this.#one(command.meta, 'place_order', () =>
      this.#onMarket(command.symbol, (symbol) => this.#place(command, symbol)),
    );
  }

  async closePosition(command: ClosePositionCommand): Promise<Result<OrderRecord>> {
    return this.#one(command.meta, 'close_position', async () => {
      await this.#load();
      const held = this.#parts.mirror
        .view(this.#owner)
        .positions.find((position) => position.positionId === command.positionId);
      if (held === undefined || !isMarketSymbol(held.symbol))
        return refuse('TRADING_006', 'You have no such position.');
      return this.#place(
        { ...reduceOnlyOrder, ...command, ...closing(held, command.quantity) },
        held.symbol,
        'close_position',
      );
    });
  }

  async changeMargin(command: ChangeMarginCommand): Promise<Result<OrderRecord>> {
    return this.#one(command.meta, 'change_margin', async () => {
      await this.#load();
      const held = this.#parts.mirror
        .view(this.#owner)
        .positions.find((position) => position.positionId === command.positionId);
      if (held === undefined || !isMarketSymbol(held.symbol))
        return refuse('TRADING_006', 'You have no such position.');
      return this.#parts.desk.changeMargin(command, await this.#parts.markets.snapshot(held.symbol));
    });
  }

  async cancelOrder(orderId: string, meta: CommandMeta): Promise<Result<OrderRecord>> {
    return this.#one(meta, 'cancel_order', async () =>
      this.ctx.storage.transactionSync(() => {
        const result = this.#parts.desk.cancel(orderId);
        this.#parts.idempotency.finish(
          meta,
          'cancel_order',
          result.ok ? [orderId] : [],
          result.ok ? null : result.error,
        );
        return result;
      }),
    );
  }

  async cancelAll(symbol: string | null, meta: CommandMeta): Promise<Result<OrderRecord[]>> {
    return this.#command<StoredOrder[]>(
      meta,
      'cancel_all',
      async () =>
        this.ctx.storage.transactionSync(() => {
          const cancelled = this.#parts.desk.cancelAll(symbol);
          const ids = cancelled.map((order) => order.orderId);
          this.#parts.idempotency.finish(meta, 'cancel_all', ids, null);
          return ok(cancelled);
        }),
      (orders) => ok(orders),
    );
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
    const found = this.#parts.idempotency.find(idempotencyKey);
    if (found === null) return null;
    if (found === 'running') return { ...runningCommand, idempotencyKey, createdAtMs: systemClock.nowMs() };
    const [orderId = null] = found.orderIds;
    const order = orderId === null ? null : this.#parts.store.get(orderId);
    const { kind, createdAtMs, refusal } = found;
    return {
      idempotencyKey,
      kind,
      createdAtMs,
      orderId,
      outcome: refusal === null ? 'done' : 'refused',
      order,
      refusal,
    };
  }

  async waitForOrder(orderId: string, version: number, timeoutMs: number): Promise<OrderRecord | null> {
    return this.#parts.ledger.wait(orderId, version, Math.min(timeoutMs, waitForOrderMsMax));
  }

  async trigger(claim: TriggerClaim): Promise<'accepted' | 'stale'> {
    const answer = this.#parts.desk.trigger(claim);
    this.#parts.ledger.publish();
    return answer;
  }

  async applyEvents(events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }> {
    const { mirror, stream, markets, timers, ledger } = this.#parts;
    const isNew = !mirror.isLoaded && events.some((event) => (event.streams.account?.seq ?? 1n) > 1n);
    if (isNew)
      await this.#load().catch((error: unknown) =>
        this.#logger.warn('account not read', { error: errorMessage(error) }),
      );
    if (stream.hub.size > 0) await markets.refresh(events.flatMap((event) => event.streams.position?.symbol ?? []));
    const { hasHole } = this.#parts.events.apply(events);
    if (hasHole) timers.setAtLatest(RECONCILE_TIMER, '', systemClock.nowMs() + holePatienceMs);
    else timers.clear(RECONCILE_TIMER, '');
    ledger.publish();
    return { nextSeq: mirror.nextSeq };
  }

  async state(): Promise<AccountView> {
    await this.#load();
    return this.#parts.mirror.view(this.#owner);
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
    if (this.#parts.mirror.isLoaded) await this.#reconcile();
  }

  async sweep(): Promise<{ unfinishedOrders: number }> {
    this.#parts.outbox.drain();
    return { unfinishedOrders: this.#parts.store.openCount() };
  }

  async consumeNonce(nonce: string, expiresAtMs: number): Promise<boolean> {
    return this.#parts.sessions.consumeNonce(nonce, expiresAtMs);
  }

  async createSession(session: NewSession) {
    return this.#parts.sessions.create(session);
  }

  async rotateSession(refreshToken: string) {
    return this.#parts.sessions.rotate(refreshToken);
  }

  async endSession(sessionId: string): Promise<void> {
    this.#parts.sessions.end(sessionId);
  }

  async buildTransaction(request: BuildTransactionRequest) {
    return this.#onChain(() => this.#parts.transactions.build(request));
  }

  async submitTransaction(transaction: string) {
    return this.#onChain(() => this.#parts.transactions.submit(transaction));
  }

  async faucet() {
    return this.#onChain(() => this.#parts.transactions.faucet());
  }

  async grantDrop(wallet: string): Promise<boolean> {
    return this.#parts.transactionStore.grantDrop(wallet);
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
    await this.#load().catch((error: unknown) => this.#logger.warn('account not read', { error: errorMessage(error) }));
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
  }

  async #runTimer({ kind, key }: Timer): Promise<void> {
    switch (kind) {
      case OUTBOX_TIMER:
        return this.#parts.outbox.drain();
      case EXPIRE_TIMER:
        return this.#expire(key);
      case RECONCILE_TIMER:
        return this.#reconcile();
      case POOL_REQUEST_TIMER:
        return this.#parts.poolRequests.wake();
      case SOCKETS_TIMER:
        this.#parts.stream.hub.check();
        return this.#watchSockets();
      default:
        this.#logger.error('unknown timer', { kind, key });
    }
  }

  /** An order under way cannot expire; it is looked at again until the chain has decided. */
  #expire(orderId: string): void {
    const { store, ledger, timers } = this.#parts;
    const order = store.get(orderId);
    if (order === null || isFinished(order.stage)) return;
    if (isCancellable(order.stage)) ledger.apply(orderId, { kind: 'expire', error: null });
    else timers.set(EXPIRE_TIMER, orderId, systemClock.nowMs() + expireRetryMs);
    ledger.publish();
  }

  async #place(command: PlaceOrderCommand, symbol: MarketSymbol, kind = 'place_order'): Promise<Result<StoredOrder>> {
    await this.#load();
    return this.#parts.desk.place(command, await this.#parts.markets.snapshot(symbol), kind);
  }

  /** Reads the account from the chain the first time it is needed. @throws ChainUnavailable */
  async #load(): Promise<void> {
    if (this.#parts.mirror.isLoaded) return;
    this.#loading ??= this.#reconcile().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Takes the account as the chain has it; events it skips still count for their orders when they come. @throws ChainUnavailable */
  async #reconcile(): Promise<void> {
    const trader = await this.#parts.chain.readTrader(this.#owner);
    this.ctx.storage.transactionSync(() => {
      if (this.#parts.mirror.replace(trader, systemClock.nowMs())) this.#parts.stream.recordPortfolio();
    });
    this.#parts.ledger.publish();
  }

  /** A command that concerns one order. */
  #one(meta: CommandMeta, kind: string, run: () => Promise<Result<StoredOrder>>): Promise<Result<OrderRecord>> {
    return this.#command(meta, kind, run, ([order]) =>
      order === undefined ? refuse('TRADING_001', 'The order of this request is no longer kept.') : ok(order),
    );
  }

  /** Runs a command once per idempotency key; the same request again answers what is stored. */
  async #command<Answer>(
    meta: CommandMeta,
    kind: string,
    run: () => Promise<Result<Answer>>,
    replay: (orders: StoredOrder[]) => Result<Answer>,
  ): Promise<Result<Answer>> {
    const { idempotency, store, ledger } = this.#parts;
    const start = idempotency.start(meta, kind);
    if (start.kind === 'refused') return start.result;
    if (start.kind === 'replay') {
      const { refusal, orderIds } = start.command;
      return refusal === null ? replay(orderIds.flatMap((id) => store.get(id) ?? [])) : { ok: false, error: refusal };
    }
    try {
      return await this.#onChain(run);
    } finally {
      idempotency.release(meta);
      ledger.publish();
    }
  }

  async #onMarket<T>(symbol: string, run: (symbol: MarketSymbol) => Promise<Result<T>>): Promise<Result<T>> {
    return isMarketSymbol(symbol) ? run(symbol) : refuse('MARKET_001', `There is no market ${symbol.slice(0, 20)}.`);
  }

  /** Thrown errors lose their fields between objects: an unreachable chain becomes a refusal here. */
  async #onChain<T>(run: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error;
      this.#logger.warn('chain unavailable', { error: error.message, cause: error.cause });
      return refuse('CHAIN_001', 'Solana cannot be reached right now. Nothing was done; try again in a moment.', {
        retryAfterSeconds: 5,
      });
    }
  }

  #watchSockets(): void {
    const dueMs = this.#parts.stream.hub.nextCheckMs();
    if (dueMs !== null) this.#parts.timers.setAtLatest(SOCKETS_TIMER, '', dueMs);
  }
}

const runningCommand = { kind: 'running', orderId: null, outcome: 'running', order: null, refusal: null } as const;
