/** Rebuilds the exchange from its events alone: what it knows, it knows from them. */
import type { EventName, EventOf, ProgramEvent } from '#support/program/events.ts';
import type { AccountOf } from '#support/program/client.ts';
import { type Key } from './codec.ts';
import { is } from './views.ts';
import { type ExchangeEvent, ExchangeProjection, type MarketParametersProjection } from './projector-exchange.ts';
import { positionKey } from './world.ts';

type MarketAfter = EventOf<'positionIncreased'>['marketAfter'];
type State = AccountOf<'position'>['state'];

export interface ProjectedPosition {
  readonly state: State;
  readonly seq: bigint;
  readonly openedSeq: bigint;
  readonly payoutOwed: bigint;
  readonly realizedPnl: bigint;
  readonly feesPaid: bigint;
  readonly closeRequestedAt: bigint;
}
export interface ProjectedUser {
  readonly collateral: bigint;
  readonly delegate: unknown;
}
export interface ProjectedLp {
  readonly shares: bigint;
  readonly requestKind: object;
  readonly requestAmount: bigint;
  readonly executableFrom: bigint;
}
export type ProjectedMarket = MarketAfter &
  MarketParametersProjection & { readonly price: AccountOf<'market'>['price'] };
export interface ProjectedPool {
  readonly free: bigint;
  readonly supply: bigint;
  readonly lockedShares: bigint;
  readonly requestedDeposits: bigint;
  readonly backing: readonly bigint[];
}

const flat: State = {
  side: { long: {} } as unknown as State['side'],
  size: 0n,
  entryValue: 0n,
  margin: 0n,
  reserve: 0n,
  fundingSum: 0n,
  borrowSum: 0n,
};
const noPrice = { publishTime: 0n, prevPublishTime: 0n, price: 0n, conf: 0n, ema: 0n, postedSlot: 0n };
const emptyMarket: MarketAfter = {
  longOi: 0n,
  shortOi: 0n,
  reserved: 0n,
  backing: 0n,
  fundingIndex: 0n,
  borrowIndex: 0n,
  insuranceAccrued: 0n,
  treasuryAccrued: 0n,
  insuranceDebt: 0n,
  payoutsOwed: 0n,
};
/** Shares that the first mint locks for ever. */
const lockedShares = 1_000_000n;
const noRequest = { requestKind: { none: {} }, requestAmount: 0n, executableFrom: 0n };
const marketsMax = 16;

type Handlers = { [Name in EventName]: (data: EventOf<Name>) => void };
type OwnHandlers = Omit<Handlers, ExchangeEvent>;
/** What a trade, a liquidation and a change of margin all say. */
interface Command {
  readonly owner: Key;
  readonly market: Key;
  readonly after: State;
  readonly commandSeq: bigint;
  readonly openedSeq: bigint;
  readonly collateral: bigint;
  readonly marketAfter: MarketAfter;
  readonly oracle: ProjectedMarket['price'] | null;
}

export class Projector {
  readonly positions = new Map<Key, ProjectedPosition>();
  /** By owner. */
  readonly users = new Map<Key, ProjectedUser>();
  /** By owner. */
  readonly lps = new Map<Key, ProjectedLp>();
  readonly markets = new Map<Key, ProjectedMarket>();
  pool: ProjectedPool = {
    free: 0n,
    supply: 0n,
    lockedShares: 0n,
    requestedDeposits: 0n,
    backing: new Array<bigint>(marketsMax).fill(0n),
  };
  /** By owner. */
  readonly withdrawals = new Map<Key, { readonly ticket: bigint; readonly amount: bigint }>();
  queue = { nextTicket: 0n, headTicket: 0n, queued: 0n };
  insurance = 0n;
  treasury = 0n;
  readonly governance = new ExchangeProjection((key, change) => {
    const before = this.markets.get(key);
    if (before === undefined) throw new Error('an event of a market that no event created');
    const changed = change(before);
    // Another oracle's first price is a new one, whatever its second.
    const price =
      changed.oracle === undefined || 'status' in changed || 'config' in changed
        ? before.price
        : { ...noPrice, publishTime: before.price.publishTime };
    this.markets.set(key, { ...before, ...changed, price });
  });

  apply(event: ProgramEvent): void {
    const handlers: Handlers = { ...this.governance.handlers, ...this.#handlers };
    const handle = handlers[event.name] as (data: ProgramEvent['data']) => void;
    handle(event.data);
  }

  #command(data: Command, add: { pnl?: bigint; fee?: bigint; owed?: bigint; margin?: boolean } = {}): void {
    const key = positionKey(data.owner, data.market);
    const before = this.positions.get(key);
    if (before === undefined) throw new Error('a command of a position that no event created');
    this.positions.set(key, {
      state: data.after,
      seq: data.commandSeq,
      openedSeq: data.openedSeq,
      payoutOwed: before.payoutOwed + (add.owed ?? 0n),
      realizedPnl: before.realizedPnl + (add.pnl ?? 0n),
      feesPaid: before.feesPaid + (add.fee ?? 0n),
      closeRequestedAt: add.margin === true ? before.closeRequestedAt : 0n,
    });
    this.#user(data.owner, { collateral: data.collateral });
    this.#market(data.market, { ...data.marketAfter, ...(data.oracle === null ? {} : { price: data.oracle }) });
  }

  #position(owner: Key, market: Key, change: Partial<ProjectedPosition>): void {
    const key = positionKey(owner, market);
    const before = this.positions.get(key);
    if (before === undefined) throw new Error('an event of a position that no event created');
    this.positions.set(key, { ...before, ...change });
  }

  #user(owner: Key, change: Partial<ProjectedUser>): void {
    const before = this.users.get(owner);
    if (before === undefined) throw new Error('an event of an account that no event opened');
    this.users.set(owner, { ...before, ...change });
  }

  #market(key: Key, change: Partial<ProjectedMarket>): void {
    const before = this.markets.get(key);
    if (before === undefined) throw new Error('an event of a market that no event created');
    this.markets.set(key, { ...before, ...change });
  }

  #lp(owner: Key, change: Partial<ProjectedLp>): void {
    this.lps.set(owner, { ...(this.lps.get(owner) ?? { shares: 0n, ...noRequest }), ...change });
  }

  readonly #used = (use: { readonly balance: bigint } | null): void => {
    if (use !== null) this.insurance = use.balance;
  };

  readonly #handlers: OwnHandlers = {
    marketCreated: ({ market, marketIndex, config, oracle }) => {
      this.governance.created(marketIndex, config.weightBps);
      this.markets.set(market, { ...emptyMarket, status: { active: {} }, price: noPrice, config, oracle });
    },
    userAccountOpened: ({ owner }) => {
      const delegate = { enabled: false, expiresAt: 0n, turnoverCap: 0n, maxSlippageBps: 0 };
      this.users.set(owner, { collateral: 0n, delegate });
    },
    positionCreated: ({ owner, market }) => {
      const position = {
        state: flat,
        seq: 0n,
        openedSeq: 0n,
        payoutOwed: 0n,
        realizedPnl: 0n,
        feesPaid: 0n,
        closeRequestedAt: 0n,
      };
      this.positions.set(positionKey(owner, market), position);
    },
    delegateChanged: ({ owner, delegate }) => this.#user(owner, { delegate }),
    collateralDeposited: ({ owner, collateral }) => this.#user(owner, { collateral }),
    collateralWithdrawn: ({ owner, collateral }) => this.#user(owner, { collateral }),
    positionIncreased: (data) => this.#command(data, { fee: data.fee }),
    positionReduced: (data) => {
      this.#command(data, { fee: data.fee, pnl: data.realizedPnl });
      this.#used(data.insurance);
    },
    marginChanged: (data) => this.#command(data, { margin: true }),
    positionLiquidated: (data) => {
      this.#command(data, { pnl: data.realizedPnl, owed: data.payoutOwed });
      this.#used(data.insurance);
    },
    closeRequested: ({ owner, market, requestedAt }) =>
      this.#position(owner, market, { closeRequestedAt: requestedAt }),
    positionSettled: ({ owner, market, after, marketAfter, oracle }) => {
      this.#position(owner, market, { state: after });
      this.#market(market, { ...marketAfter, price: oracle });
    },
    payoutMade: ({ owner, market, payoutOwed, collateral, marketAfter, fromInsurance }) => {
      this.#position(owner, market, { payoutOwed });
      this.#user(owner, { collateral });
      this.#market(market, marketAfter);
      this.#used(fromInsurance);
    },
    liquidationRewarded: ({ owner, collateral }) => this.#user(owner, { collateral }),
    marketRefreshed: ({ market, oracle, fundingIndex, borrowIndex }) =>
      this.#market(market, { price: oracle, fundingIndex, borrowIndex }),
    marketSettled: (data) => {
      const before = this.markets.get(data.market);
      // Part of what insurance received was its loan to the backing.
      const repaid = (before?.insuranceDebt ?? 0n) - data.insuranceDebt;
      this.#market(data.market, {
        backing: data.backing,
        reserved: data.reserved,
        insuranceAccrued: (before?.insuranceAccrued ?? 0n) - (data.toInsurance - repaid),
        insuranceDebt: data.insuranceDebt,
        treasuryAccrued: (before?.treasuryAccrued ?? 0n) - data.toTreasury,
      });
      const backing = this.pool.backing.map((known, i) => (i === data.marketIndex ? data.backing : known));
      this.pool = { ...this.pool, free: data.free, backing };
      if (data.insuranceSeq > 0n) this.insurance = data.insuranceBalance;
      if (data.treasurySeq > 0n) this.treasury = data.treasuryBalance;
    },
    withdrawalQueued: (data) => {
      this.#user(data.owner, { collateral: data.collateral });
      this.#withdrawal(data, data.amount, false);
      this.queue = { ...this.queue, nextTicket: data.ticket + 1n };
    },
    withdrawalPaid: (data) => this.#withdrawal(data, data.left, data.left === 0n),
    withdrawalReturned: (data) => {
      this.#user(data.owner, { collateral: data.collateral });
      this.#withdrawal(data, 0n, true);
    },
    withdrawalCancelled: (data) => {
      this.#user(data.owner, { collateral: data.collateral });
      this.#withdrawal(data, 0n, false);
    },
    treasuryWithdrawn: ({ balance }) => {
      this.treasury = balance;
    },
    insuranceFunded: ({ balance }) => {
      this.insurance = balance;
    },
    accountMigrated: () => undefined,
    donated: ({ free }) => {
      this.pool = { ...this.pool, free };
    },
    poolRequested: (data) => {
      this.#lp(data.owner, {
        shares: data.shares,
        requestKind: data.kind,
        requestAmount: data.amount,
        executableFrom: data.executableFrom,
      });
      if (is(data.kind, 'mint')) this.#requested(data.amount);
    },
    poolRequestExecuted: (data) => {
      this.#lp(data.owner, { shares: data.shares, ...noRequest });
      if (is(data.kind, 'mint')) this.#requested(-data.amount);
      const backing = this.pool.backing.map((known, i) => data.backing[i] ?? known);
      const locked = this.pool.supply === 0n ? lockedShares : this.pool.lockedShares;
      this.pool = { ...this.pool, supply: data.supply, free: data.free, backing, lockedShares: locked };
    },
    poolRequestLapsed: (data) => {
      this.#lp(data.owner, { shares: data.shares, ...noRequest });
      if (is(data.kind, 'mint')) this.#requested(-data.amount);
    },
  };

  /** What is left of a queued withdrawal; `turnOver` ends its turn. */
  #withdrawal(data: { readonly owner: Key; readonly ticket: bigint }, left: bigint, turnOver: boolean): void {
    const before = this.withdrawals.get(data.owner)?.amount ?? 0n;
    const { queue } = this;
    this.queue = {
      ...queue,
      queued: queue.queued + left - before,
      headTicket: turnOver ? data.ticket + 1n : queue.headTicket,
    };
    if (turnOver) this.withdrawals.delete(data.owner);
    else this.withdrawals.set(data.owner, { ticket: data.ticket, amount: left });
  }

  #requested(amount: bigint): void {
    this.pool = { ...this.pool, requestedDeposits: this.pool.requestedDeposits + amount };
  }
}
