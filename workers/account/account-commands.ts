import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import { ChainUnavailable } from '../chain/rpc.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import type { Logger } from '../platform/logger.ts';
import type { AccountLoader } from './account-loader.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { CancelAfter } from './cancel-after.ts';
import { closing, reduceOnlyOrder } from './closing.ts';
import { transactCommand } from './command-transaction.ts';
import type {
  AccountView,
  AmendOrderCommand,
  CancelAfterCommand,
  CancelAfterRecord,
  ChangeMarginCommand,
  ClosePositionCommand,
  CommandMeta,
  CommandRecord,
  OrderRecord,
  PlaceOrderCommand,
  SetExitsCommand,
} from './contract.ts';
import type { ExitDesk } from './exit-desk.ts';
import type { Idempotency, StoredCommand } from './idempotency.ts';
import type { OrderDesk } from './order-desk.ts';
import type { OrderLedger } from './order-ledger.ts';
import type { StoredOrder } from './order-machine.ts';
import type { OrderStore } from './order-store.ts';

interface CommandParts {
  readonly storage: DurableObjectStorage;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly desk: OrderDesk;
  readonly exitDesk: ExitDesk;
  readonly deadline: CancelAfter;
  readonly idempotency: Idempotency;
  readonly mirror: AccountMirror;
  readonly markets: { snapshot(symbol: MarketSymbol): Promise<MarketSnapshot> };
  readonly loader: AccountLoader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
}

type HeldPosition = AccountView['positions'][number] & { readonly symbol: MarketSymbol };

/** What a trader asks for, run once per idempotency key: gathers what the desk needs to know, and lets it decide in one transaction. */
export class AccountCommands {
  readonly #parts: CommandParts;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  placeOrder(command: PlaceOrderCommand): Promise<Result<OrderRecord>> {
    return this.#one(command.meta, 'place_order', () =>
      this.#onMarket(command.symbol, (symbol) => this.#place(command, symbol)),
    );
  }

  closePosition(command: ClosePositionCommand): Promise<Result<OrderRecord>> {
    return this.#one(command.meta, 'close_position', () =>
      this.#onPosition(command.positionId, (held) =>
        this.#place(
          { ...reduceOnlyOrder, ...command, ...closing(held, command.quantity) },
          held.symbol,
          'close_position',
        ),
      ),
    );
  }

  changeMargin(command: ChangeMarginCommand): Promise<Result<OrderRecord>> {
    return this.#one(command.meta, 'change_margin', () =>
      this.#onPosition(command.positionId, async (held) =>
        this.#parts.desk.changeMargin(command, await this.#parts.markets.snapshot(held.symbol)),
      ),
    );
  }

  amendOrder(command: AmendOrderCommand): Promise<Result<OrderRecord>> {
    const { desk, loader, markets, store } = this.#parts;
    return this.#one(command.meta, 'amend_order', async () => {
      const symbol = store.get(command.orderId)?.symbol;
      if (symbol === undefined) return refuse('TRADING_001', 'You have no such order.');
      return this.#onMarket(symbol, async (market) => {
        await loader.load();
        return desk.amend(command, await markets.snapshot(market));
      });
    });
  }

  setExits(command: SetExitsCommand): Promise<Result<OrderRecord[]>> {
    const { exitDesk, markets } = this.#parts;
    return this.#many(command.meta, 'set_exits', () =>
      this.#onPosition(command.positionId, async (held) => exitDesk.set(command, await markets.snapshot(held.symbol))),
    );
  }

  cancelOrder(orderId: string, meta: CommandMeta): Promise<Result<OrderRecord>> {
    const { desk, idempotency, storage } = this.#parts;
    return this.#one(meta, 'cancel_order', async () =>
      transactCommand(storage, () => {
        const result = desk.cancel(orderId);
        if (result.ok) idempotency.finish(meta, 'cancel_order', { orderIds: [orderId] });
        return result;
      }),
    );
  }

  cancelAll(symbol: string | null, meta: CommandMeta): Promise<Result<OrderRecord[]>> {
    const { desk, idempotency, storage } = this.#parts;
    return this.#many(meta, 'cancel_all', async () =>
      transactCommand(storage, () => {
        const cancelled = desk.cancelAll(symbol);
        idempotency.finish(meta, 'cancel_all', { orderIds: cancelled.map((order) => order.orderId) });
        return ok(cancelled);
      }),
    );
  }

  cancelAfter({ meta, seconds }: CancelAfterCommand): Promise<Result<CancelAfterRecord>> {
    const { deadline, idempotency, storage } = this.#parts;
    return this.#command(
      meta,
      'cancel_after',
      async () =>
        transactCommand(storage, () => {
          const answer = { cancelAtMs: deadline.set(seconds) };
          idempotency.finish(meta, 'cancel_after', { answer });
          return ok(answer);
        }),
      ({ answer }) => ok(answer as CancelAfterRecord),
    );
  }

  /** What became of a request; null for one that had no effect. */
  find(idempotencyKey: string): CommandRecord | null {
    const { idempotency } = this.#parts;
    const running = idempotency.running(idempotencyKey);
    if (running !== null) {
      const { kind, startedAtMs: createdAtMs } = running;
      return { ...nothingYet, idempotencyKey, kind, createdAtMs, outcome: 'running' };
    }
    const found = idempotency.find(idempotencyKey);
    if (found === null) return null;
    const { kind, createdAtMs, refusal } = found;
    const orders = this.#ordersOf(found);
    return {
      idempotencyKey,
      kind,
      createdAtMs,
      outcome: refusal === null ? 'done' : 'refused',
      orderId: found.orderIds[0] ?? null,
      order: orders[0] ?? null,
      orders,
      cancelAtMs: kind === 'cancel_after' ? ((found.answer as CancelAfterRecord | null)?.cancelAtMs ?? null) : null,
      refusal,
    };
  }

  /** Thrown errors lose their fields between objects: an unreachable chain becomes a refusal here. */
  async onChain<T>(run: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error;
      this.#parts.logger.warn('chain unavailable', { error: error.message, cause: error.cause });
      return refuse('CHAIN_001', 'Solana cannot be reached right now. Nothing was done; try again in a moment.', {
        retryAfterSeconds: 5,
      });
    }
  }

  async #place(command: PlaceOrderCommand, symbol: MarketSymbol, kind = 'place_order'): Promise<Result<StoredOrder>> {
    const { desk, loader, markets } = this.#parts;
    await loader.load();
    return desk.place(command, await markets.snapshot(symbol), kind);
  }

  /** A command that concerns one order. */
  #one(meta: CommandMeta, kind: string, run: () => Promise<Result<StoredOrder>>): Promise<Result<OrderRecord>> {
    return this.#command(meta, kind, run, (command) => {
      const [order] = this.#ordersOf(command);
      return order === undefined ? refuse('TRADING_001', 'The order of this request is no longer kept.') : ok(order);
    });
  }

  /** A command that concerns any number of orders. */
  #many(meta: CommandMeta, kind: string, run: () => Promise<Result<StoredOrder[]>>): Promise<Result<OrderRecord[]>> {
    return this.#command(meta, kind, run, (command) => ok(this.#ordersOf(command)));
  }

  #ordersOf({ orderIds }: StoredCommand): StoredOrder[] {
    return orderIds.flatMap((id) => this.#parts.store.get(id) ?? []);
  }

  /** Runs a command once per idempotency key; the same request again answers what is stored. A refusal has no effect, and is stored alone. */
  async #command<Answer>(
    meta: CommandMeta,
    kind: string,
    run: () => Promise<Result<Answer>>,
    replay: (command: StoredCommand) => Result<Answer>,
  ): Promise<Result<Answer>> {
    const { idempotency, ledger, owner } = this.#parts;
    const start = idempotency.start(meta, kind);
    if (start.kind === 'refused') return start.result;
    if (start.kind === 'replay') {
      const { refusal } = start.command;
      return refusal === null ? replay(start.command) : { ok: false, error: refusal };
    }
    try {
      await failpoint('command.begun', owner);
      const result = await this.onChain(run);
      if (!result.ok) idempotency.finish(meta, kind, { refusal: result.error });
      await failpoint('command.stored', owner);
      return result;
    } finally {
      idempotency.release(meta);
      ledger.publish();
    }
  }

  async #onMarket<T>(symbol: string, run: (symbol: MarketSymbol) => Promise<Result<T>>): Promise<Result<T>> {
    return isMarketSymbol(symbol) ? run(symbol) : refuse('MARKET_001', `There is no market ${symbol.slice(0, 20)}.`);
  }

  async #onPosition<T>(positionId: string, run: (held: HeldPosition) => Promise<Result<T>>): Promise<Result<T>> {
    const { loader, mirror, owner } = this.#parts;
    await loader.load();
    const held = mirror.view(owner).positions.find((position) => position.positionId === positionId);
    if (held === undefined || !isMarketSymbol(held.symbol)) return refuse('TRADING_006', 'You have no such position.');
    return run({ ...held, symbol: held.symbol });
  }
}

const nothingYet = { orderId: null, order: null, orders: [], cancelAtMs: null, refusal: null } as const;
