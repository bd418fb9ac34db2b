/** The part of the projection that the exchange's own events rebuild: roles, keepers, pauses, parameters. */
import { PublicKey } from '@solana/web3.js';
import type { EventName, EventOf } from '#support/program/events.ts';
import type { Key } from './codec.ts';
import { addresses } from '#support/program/addresses.ts';

const nobody = PublicKey.default.toBase58();
const keepersMax = 8;
const marketsMax = 16;

interface Slot {
  readonly key: Key;
  readonly activeFrom: bigint;
}
const freeSlot: Slot = { key: nobody, activeFrom: 0n };

/** Members that a projected market takes from the exchange's events. */
export interface MarketParametersProjection {
  readonly config: { readonly [name: string]: unknown };
  readonly oracle: { readonly [name: string]: unknown };
  readonly status: object;
}

export interface ProjectedExchange {
  readonly marketCount: number;
  readonly admin: Key;
  readonly pendingAdmin: Key;
  readonly pendingAdminFrom: bigint;
  readonly riskManager: Key;
  readonly treasuryAuthority: Key;
  readonly keepers: readonly Slot[];
  readonly pausedOperations: number;
  readonly timeLockSeconds: number;
  readonly poolDelaySeconds: number;
  readonly lpFeeBps: number;
  readonly proposalCount: bigint;
}

/** What a market's handlers change, given by the projector. */
type ChangeMarket = (
  key: Key,
  change: (before: MarketParametersProjection) => Partial<MarketParametersProjection>,
) => void;

/** Members of a decoded change, by its kind. */
interface Change {
  readonly marketConfig?: { readonly marketIndex: number; readonly config: MarketParametersProjection['config'] };
  readonly marketOracle?: { readonly marketIndex: number; readonly oracle: MarketParametersProjection['oracle'] };
  readonly exchangeLimits?: Partial<ProjectedExchange>;
  readonly outflowLimits?: { readonly cap: bigint; readonly windowSeconds: number; readonly floor: bigint };
  readonly insuranceTopup?: { readonly capPerHour: bigint };
  readonly roles?: Partial<ProjectedExchange>;
}

/** Events handled here. */
export type ExchangeEvent = Extract<
  EventName,
  | `admin${string}`
  | `operations${string}`
  | `keeper${string}`
  | `change${string}`
  | 'marketStatusChanged'
  | 'marketTightened'
  | 'exchangeInitialized'
>;
type Handlers = { [Name in ExchangeEvent]: (data: EventOf<Name>) => void };

export class ExchangeProjection {
  exchange: ProjectedExchange | undefined;
  weights: readonly number[] = new Array<number>(marketsMax).fill(0);
  topupCap = 0n;
  outflow = { cap: 0n, windowSeconds: 0, floor: 0n };
  readonly #changeMarket: ChangeMarket;

  constructor(changeMarket: ChangeMarket) {
    this.#changeMarket = changeMarket;
  }

  /** A market was made with this weight, basis points. */
  created(index: number, weightBps: number): void {
    this.#exchange({ marketCount: index + 1 });
    this.#weigh(index, weightBps);
  }

  #weigh(index: number, weightBps: number): void {
    this.weights = this.weights.map((weight, i) => (i === index ? weightBps : weight));
  }

  #exchange(change: Partial<ProjectedExchange>): void {
    if (this.exchange === undefined) throw new Error('an event of an exchange that no event initialised');
    this.exchange = { ...this.exchange, ...change };
  }

  #keepers(change: (slots: readonly Slot[]) => readonly Slot[]): void {
    this.#exchange({ keepers: change(this.exchange?.keepers ?? []) });
  }

  #executed(change: Change): void {
    const { marketConfig, marketOracle, exchangeLimits, outflowLimits, insuranceTopup, roles } = change;
    if (marketConfig !== undefined) {
      const { marketIndex, config } = marketConfig;
      this.#changeMarket(addresses.market(marketIndex).toBase58(), () => ({ config }));
      this.#weigh(marketIndex, Number(config['weightBps']));
    }
    if (marketOracle !== undefined) {
      const { marketIndex, oracle } = marketOracle;
      this.#changeMarket(addresses.market(marketIndex).toBase58(), () => ({ oracle }));
    }
    if (exchangeLimits !== undefined) this.#exchange(exchangeLimits);
    if (outflowLimits !== undefined) this.outflow = outflowLimits;
    if (insuranceTopup !== undefined) this.topupCap = insuranceTopup.capPerHour;
    if (roles !== undefined) this.#exchange(roles);
  }

  readonly handlers: Handlers = {
    exchangeInitialized: (data) => {
      const free = new Array<Slot>(keepersMax - data.keepers.length).fill(freeSlot);
      this.exchange = {
        marketCount: 0,
        admin: data.admin,
        pendingAdmin: nobody,
        pendingAdminFrom: 0n,
        riskManager: data.riskManager,
        treasuryAuthority: data.treasuryAuthority,
        keepers: [...data.keepers, ...free],
        pausedOperations: 0,
        timeLockSeconds: data.timeLockSeconds,
        poolDelaySeconds: data.poolDelaySeconds,
        lpFeeBps: data.lpFeeBps,
        proposalCount: 0n,
      };
      this.topupCap = data.topupCapPerHour;
      this.outflow = { cap: data.outflowCap, windowSeconds: data.outflowWindowSeconds, floor: data.outflowFloor };
    },
    adminProposed: ({ newAdmin, acceptableFrom }) =>
      this.#exchange({ pendingAdmin: newAdmin ?? nobody, pendingAdminFrom: acceptableFrom }),
    adminAccepted: ({ admin }) => this.#exchange({ admin, pendingAdmin: nobody, pendingAdminFrom: 0n }),
    operationsPaused: ({ pausedOperations }) => this.#exchange({ pausedOperations }),
    operationsResumed: ({ pausedOperations }) => this.#exchange({ pausedOperations }),
    keeperAdded: ({ keeper, activeFrom }) =>
      this.#keepers((slots) => {
        const free = slots.findIndex(({ key }) => key === nobody);
        return slots.map((slot, i) => (i === free ? { key: keeper, activeFrom } : slot));
      }),
    keeperRemoved: ({ keeper }) =>
      this.#keepers((slots) => slots.map((slot) => (slot.key === keeper ? freeSlot : slot))),
    marketStatusChanged: ({ market, after }) => this.#changeMarket(market, () => ({ status: after })),
    marketTightened: ({ market, after }) => {
      const { maxEmaDivergenceBps, ...limits } = after;
      this.#changeMarket(market, ({ config, oracle }) => ({
        config: { ...config, ...limits },
        oracle: { ...oracle, maxEmaDivergenceBps },
      }));
    },
    changeProposed: ({ proposalId }) => this.#exchange({ proposalCount: proposalId + 1n }),
    changeCancelled: () => undefined,
    changeExecuted: ({ change }) => this.#executed(change as unknown as Change),
  };
}
