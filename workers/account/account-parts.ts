import { PublicKey } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import { verifyAccessToken } from './access-token.ts';
import { type Chain, chainOf } from '../chain/chain.ts';
import { isPoolAction } from '../chain/user-actions.ts';
import { type Env, readSettings, type Settings } from '../env.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import type { MarketRpc } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { AuthAnswer, SocketPlatform } from '../platform/fan-out/socket-hub.ts';
import type { Logger } from '../platform/logger.ts';
import { Outbox } from '../platform/outbox.ts';
import { Timers } from '../platform/timers.ts';
import { AccountCommands } from './account-commands.ts';
import { ALERT_TOPIC, registerEffects } from './account-effects.ts';
import { AccountEvents } from './account-events.ts';
import { AccountLoader } from './account-loader.ts';
import { AccountMirror } from './account-mirror.ts';
import { AccountStream } from './account-stream.ts';
import { CancelAfter } from './cancel-after.ts';
import type { RiskAlert } from './contract.ts';
import { Executor } from './executor.ts';
import { AccountIdentity } from './identity.ts';
import { ExitDesk } from './exit-desk.ts';
import { Exits } from './exits.ts';
import { Idempotency } from './idempotency.ts';
import { KeeperBudget } from './keeper-budget.ts';
import { Leases } from './leases.ts';
import { Limiter } from './limiter.ts';
import { MarketCache } from './market-cache.ts';
import { OrderDesk } from './order-desk.ts';
import { type LedgerParts, OrderLedger } from './order-ledger.ts';
import { OrderStore } from './order-store.ts';
import { PoolRequests } from './pool-requests.ts';
import { Sessions } from './sessions.ts';
import { Settlement, type SettlementParts } from './settlement.ts';
import { AccountStanding } from './standing.ts';
import { TransactionStore } from './transaction-store.ts';
import { UserTransactions } from './user-transactions.ts';

export interface AccountPartsOptions {
  readonly storage: DurableObjectStorage;
  readonly platform: SocketPlatform;
  readonly env: Env;
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
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
  readonly exitDesk: ExitDesk;
  readonly exits: Exits;
  readonly deadline: CancelAfter;
  readonly executor: Executor;
  readonly loader: AccountLoader;
  readonly commands: AccountCommands;
  readonly events: AccountEvents;
  readonly standing: AccountStanding;
  readonly budget: KeeperBudget;
  readonly identity: AccountIdentity;
  readonly leases: Leases;
  readonly sessions: Sessions;
  readonly markets: MarketCache;
  readonly transactionStore: TransactionStore;
  readonly transactions: UserTransactions;
  readonly poolRequests: PoolRequests;
}

export function buildAccountParts(options: AccountPartsOptions): AccountParts {
  const { storage, env, owner, clock, logger } = options;
  const settings = readSettings(env);
  const chain = chainOf(settings);
  const market = (symbol: MarketSymbol): MarketRpc => env.MARKETS.getByName(symbol);
  const indexer = (): IndexerRpc => env.INDEXER.getByName('main');
  const state = buildState(options, chain, settings, market);
  const { timers, outbox, store, mirror, markets, sessions, standing, budget, stream, ledger, exits, events } = state;
  const idempotency = new Idempotency(storage.sql, clock);
  const deskParts = { storage, store, ledger, idempotency, mirror, exits, standing, budget, clock, owner };
  const desk = new OrderDesk(deskParts);
  const deadline = new CancelAfter(timers, desk, clock);
  const limiter = new Limiter(storage.sql, clock);
  const identity = new AccountIdentity({ storage, sessions, standing, limiter, desk, ledger, stream });
  const loader = new AccountLoader({ storage, chain, mirror, stream, ledger, exits, clock, logger, owner });
  const exitDesk = new ExitDesk(deskParts);
  const commands = new AccountCommands({ ...deskParts, desk, exitDesk, deadline, markets, loader, logger });
  const applyEvents: SettlementParts['applyEvents'] = (batch) => {
    events.apply(batch.filter((event) => event.streams.account?.owner === owner));
    ledger.publish();
  };
  const settlement = new Settlement({ chain, owner, ledger, mirror, indexer, applyEvents, clock, logger });
  const alert = events.alert.bind(events);
  const executor = new Executor({ chain, store, ledger, settlement, market, standing, budget, alert, clock, logger });
  const hasUrgent = (symbol: MarketSymbol): Promise<boolean> => market(symbol).hasUrgent();
  const poolRequests = new PoolRequests({ chain, owner, outbox, timers, hasUrgent, clock, logger });
  const transactionStore = new TransactionStore(storage, clock);
  const transactions = userTransactions(options, {
    chain,
    markets,
    poolRequests,
    settlement,
    standing,
    transactionStore,
  });
  registerEffects({ env, outbox, store, ledger, stream, executor, market, owner });
  return {
    ...state,
    chain,
    desk,
    exitDesk,
    deadline,
    executor,
    loader,
    commands,
    identity,
    leases: new Leases(storage, clock),
    transactionStore,
    transactions,
    poolRequests,
  };
}

/** What the object keeps and announces: orders, the account as last seen, its channels. */
function buildState(
  { storage, platform, owner, clock, logger }: AccountPartsOptions,
  chain: Chain,
  settings: Settings,
  market: (symbol: MarketSymbol) => MarketRpc,
) {
  const timers = new Timers(storage, clock, logger);
  const outbox = new Outbox(storage, timers, clock, logger);
  const store = new OrderStore(storage.sql);
  const mirror = new AccountMirror(storage.sql, (symbol) =>
    chain.addresses.position(new PublicKey(owner), symbol).toBase58(),
  );
  const markets = new MarketCache(market, clock);
  const sessions = new Sessions(storage, clock, owner);
  const isStanding = sessions.isStanding.bind(sessions);
  const stream = new AccountStream({
    storage,
    platform,
    clock,
    logger,
    orders: store,
    view: () => mirror.view(owner),
    marketOf: (symbol) => markets.last(symbol),
    authenticate: async (token) => {
      const answer = await authenticate(settings, token, owner, clock);
      // The markets of its positions are asked before the first snapshot.
      if (answer.ok) await markets.refresh(mirror.symbols());
      return answer;
    },
    isStanding,
  });
  const standing = new AccountStanding(storage.sql);
  const budget = new KeeperBudget(storage.sql, clock);
  const follow: LedgerParts['follow'] = (before, after) => {
    budget.follow(before, after);
    exits.follow(before, after);
  };
  const ledger = new OrderLedger({ storage, store, outbox, timers, stream, clock, logger, follow });
  const exits = new Exits({ store, ledger, mirror, clock });
  const onAlert = (alert: RiskAlert): void => outbox.add(ALERT_TOPIC, alert.id, alert.id);
  const events = new AccountEvents({ storage, mirror, ledger, exits, stream, onAlert });
  return { timers, outbox, store, mirror, markets, sessions, standing, budget, stream, ledger, exits, events };
}

/** What lands is told to those who follow it up: the indexer, and whoever sees a pool request through. */
function userTransactions(
  { env, owner, clock }: AccountPartsOptions,
  parts: Pick<AccountParts, 'chain' | 'markets' | 'poolRequests' | 'standing' | 'transactionStore'> & {
    settlement: Settlement;
  },
): UserTransactions {
  const { chain, markets, poolRequests, settlement, standing, transactionStore } = parts;
  return new UserTransactions({
    chain,
    store: transactionStore,
    owner,
    snapshot: (symbol) => markets.snapshot(symbol),
    grantDrop: (faucet) => env.ACCOUNTS.getByName(faucet).grantDrop(owner),
    grantSponsorship: (feePayer, messageHash, address) =>
      env.ACCOUNTS.getByName(feePayer).grantSponsorship(messageHash, address),
    refusalOfOpening: () => standing.refusalOfOpening(),
    onLanded: (signature, action) => {
      if (isPoolAction(action)) poolRequests.wake();
      return settlement.fetchEvents(signature);
    },
    clock,
  });
}

/** Only the wallet's own token opens its channels. */
async function authenticate(settings: Settings, token: string, owner: string, clock: Clock): Promise<AuthAnswer> {
  const session = await verifyAccessToken(settings, token, clock.nowMs());
  if (!session.ok) return { ok: false, ...session.error };
  const { wallet, sessionId, expiresAt } = session.value;
  if (wallet !== owner) return { ok: false, code: 'AUTH_007', message: 'The token belongs to another wallet.' };
  return { ok: true, walletAddress: owner, sessionId, expiresAtMs: expiresAt * 1_000 };
}
