import { createDatabase } from '#db/client.ts';
import { createOrderRepository } from '#db/repositories/orders.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { PublicKey } from '@solana/web3.js';
import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { verifyAccessToken } from '../api/access-token.ts';
import { type Chain, chainOf } from '../chain/chain.ts';
import { isPoolAction } from '../chain/user-actions.ts';
import { type Env, readSettings, type SessionKey } from '../env.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import type { MarketRpc } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { AuthAnswer, SocketPlatform } from '../platform/fan-out/socket-hub.ts';
import { userIdOf } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { Outbox } from '../platform/outbox.ts';
import { Timers } from '../platform/timers.ts';
import { AccountEvents } from './account-events.ts';
import { AccountMirror } from './account-mirror.ts';
import { AccountStream } from './account-stream.ts';
import { Executor, type ExecutionStep } from './executor.ts';
import { Idempotency } from './idempotency.ts';
import { Leases } from './leases.ts';
import { Limiter } from './limiter.ts';
import { MarketCache } from './market-cache.ts';
import { OrderDesk } from './order-desk.ts';
import { OrderLedger, TOPIC } from './order-ledger.ts';
import { restingTrigger, type StoredOrder } from './order-machine.ts';
import { OrderStore } from './order-store.ts';
import { PoolRequests } from './pool-requests.ts';
import { Sessions } from './sessions.ts';
import { Settlement, type SettlementParts } from './settlement.ts';
import { TransactionStore } from './transaction-store.ts';
import { UserTransactions } from './user-transactions.ts';

/** Outbox topic of alerts on their way to the database. Payload: alert id. */
const ALERT_TOPIC = 'alert';

export interface AccountPartsOptions {
  readonly storage: DurableObjectStorage;
  readonly platform: SocketPlatform;
  readonly env: Env;
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onStep: (step: ExecutionStep, order: StoredOrder) => void;
}

/** Everything one account's object consists of, wired. The object itself only forwards. */
export interface AccountParts {
  readonly chain: Chain;
  readonly timers: Timers;
  readonly outbox: Outbox;
  readonly store: OrderStore;
  readonly mirror: AccountMirror;
  readonly stream: AccountStream;
  readonly ledger: OrderLedger;
  readonly desk: OrderDesk;
  readonly events: AccountEvents;
  readonly idempotency: Idempotency;
  readonly limiter: Limiter;
  readonly leases: Leases;
  readonly sessions: Sessions;
  readonly markets: MarketCache;
  readonly transactionStore: TransactionStore;
  readonly transactions: UserTransactions;
  readonly poolRequests: PoolRequests;
}

export function buildAccountParts(options: AccountPartsOptions): AccountParts {
  const { storage, env, owner, clock, logger, platform } = options;
  const settings = readSettings(env);
  const chain = chainOf(settings);
  const market = (symbol: MarketSymbol): MarketRpc => env.MARKETS.getByName(symbol);
  const indexer = (): IndexerRpc => env.INDEXER.getByName('main');
  const timers = new Timers(storage, clock, logger);
  const outbox = new Outbox(storage, timers, clock, logger);
  const store = new OrderStore(storage.sql);
  const mirror = new AccountMirror(storage.sql, (symbol) =>
    chain.addresses.position(new PublicKey(owner), symbol).toBase58(),
  );
  const markets = new MarketCache(market, clock);
  const stream = new AccountStream({
    storage,
    platform,
    clock,
    logger,
    orders: store,
    view: () => mirror.view(owner),
    marketOf: (symbol) => markets.last(symbol),
    authenticate: (token) =>
      authenticate(settings.SESSION_KEYS, token, owner, clock, () => markets.refresh(mirror.symbols())),
  });
  const ledger = new OrderLedger({ storage, store, outbox, timers, stream });
  const events = new AccountEvents({
    storage,
    mirror,
    ledger,
    stream,
    onAlert: (alert) => outbox.add(ALERT_TOPIC, alert.id, alert.id),
  });
  const idempotency = new Idempotency(storage.sql, clock);
  const desk = new OrderDesk({ storage, store, ledger, idempotency, mirror, clock, owner });
  const applyEvents: SettlementParts['applyEvents'] = (batch) => {
    events.apply(batch.filter((event) => event.streams.account?.owner === owner));
    ledger.publish();
  };
  const settlement = new Settlement({ chain, ledger, mirror, indexer, applyEvents, clock, logger });
  const executor = new Executor({ chain, store, ledger, settlement, market, clock, logger, onStep: options.onStep });
  const hasUrgent = (symbol: MarketSymbol): Promise<boolean> => market(symbol).hasUrgent();
  const poolRequests = new PoolRequests({ chain, owner, outbox, timers, hasUrgent, clock, logger });
  const transactionStore = new TransactionStore(storage, clock);
  const transactions = userTransactions(options, { chain, markets, poolRequests, settlement, transactionStore });
  registerEffects({ env, outbox, store, ledger, stream, executor, market, owner });
  return {
    chain,
    timers,
    outbox,
    store,
    mirror,
    stream,
    ledger,
    desk,
    events,
    idempotency,
    limiter: new Limiter(storage.sql, clock),
    leases: new Leases(storage, clock),
    sessions: new Sessions(storage, clock, owner),
    markets,
    transactionStore,
    transactions,
    poolRequests,
  };
}

/** What lands is told to those who follow it up: the indexer, and whoever sees a pool request through. */
function userTransactions(
  { env, owner, clock }: AccountPartsOptions,
  parts: Pick<AccountParts, 'chain' | 'markets' | 'poolRequests' | 'transactionStore'> & { settlement: Settlement },
): UserTransactions {
  const { chain, markets, poolRequests, settlement, transactionStore } = parts;
  return new UserTransactions({
    chain,
    store: transactionStore,
    owner,
    snapshot: (symbol) => markets.snapshot(symbol),
    grantDrop: (faucet) => env.ACCOUNTS.getByName(faucet).grantDrop(owner),
    onLanded: (signature, action) => {
      if (isPoolAction(action)) poolRequests.wake();
      return settlement.fetchEvents(signature);
    },
    clock,
  });
}

/** Only the wallet's own token opens its channels; the markets of its positions are asked before the first snapshot. */
async function authenticate(
  keys: readonly SessionKey[],
  token: string,
  owner: string,
  clock: Clock,
  beforeSnapshot: () => Promise<void>,
): Promise<AuthAnswer> {
  const session = await verifyAccessToken(keys, token, clock.nowMs());
  if (!session.ok) return { ok: false, ...session.error };
  if (session.value.wallet !== owner)
    return { ok: false, code: 'AUTH_007', message: 'The token belongs to another wallet.' };
  await beforeSnapshot();
  return { ok: true, walletAddress: owner, expiresAtMs: session.value.expiresAt * 1000 };
}

interface EffectParts {
  readonly env: Env;
  readonly outbox: Outbox;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly stream: AccountStream;
  readonly executor: Executor;
  readonly market: (symbol: MarketSymbol) => MarketRpc;
  readonly owner: string;
}

/** What the outbox does for each topic. Every effect reads the newest state and may run twice. */
function registerEffects({ env, outbox, store, ledger, stream, executor, market, owner }: EffectParts): void {
  const settings = readSettings(env);
  const database = createDatabase({
    databaseUrl: settings.DATABASE_URL,
    httpEndpoint: settings.DATABASE_HTTP_ENDPOINT,
  });
  const orders = createOrderRepository(database);
  const alerts = createRiskAlertRepository(database);
  outbox.on(TOPIC.execute, (row) => executor.run(row.payload));
  outbox.on(TOPIC.rest, async ({ payload: orderId }) => {
    const order = store.get(orderId);
    const trigger = order === null ? null : restingTrigger(order);
    if (order === null || order.stage !== 'resting' || trigger === null || !isMarketSymbol(order.symbol)) return;
    const { version, eligibleFrom: minPublishTime } = order;
    const answer = await market(order.symbol).rest({ orderId, owner, version, minPublishTime, ...trigger });
    if (answer === 'resting') return;
    const error = {
      code: 'TRADING_011',
      message: `${order.symbol} holds as many resting orders as it can. Try again later.`,
    };
    ledger.apply(orderId, { kind: 'reject', error }, version);
    ledger.publish();
  });
  outbox.on(TOPIC.unrest, async ({ key: orderId, payload: version }) => {
    const symbol = store.get(orderId)?.symbol;
    if (symbol !== undefined && isMarketSymbol(symbol)) await market(symbol).unrest(orderId, Number(version));
  });
  outbox.on(TOPIC.project, async ({ key: orderId }) => {
    const order = store.get(orderId);
    if (order !== null) await orders.upsert(order);
  });
  outbox.on(ALERT_TOPIC, async ({ payload: id }) => {
    const alert = stream.alert(id);
    if (alert !== null) await alerts.insert(userIdOf(owner), alert);
  });
}
