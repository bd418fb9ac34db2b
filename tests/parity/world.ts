/**
 * A small exchange of pure states: one market, some traders, insurance and a price, moved by random commands through the transitions of
 * `#shared/perps`. Every command becomes a case of the vector format.
 */
import { min } from '#shared/money/divide.ts';
import { type Quote, bps, price, quote, rate, size } from '#shared/money/units.ts';
import { brokenConfigRules } from '#shared/perps/config.ts';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import type { InsuranceState } from '#shared/perps/ledger.ts';
import { EMPTY_TOTALS, FLAT_POSITION } from '#shared/perps/side.ts';
import type { MarketConfig, MarketState, OraclePrice, PositionState } from '#shared/perps/types.ts';
import { type ParityAnswer, type ParityCase, answer } from './functions.ts';
import type { Random } from './random.ts';
import {
  type JsonRecord,
  NO_ORACLE,
  big,
  child,
  readInsurance,
  readMarket,
  readPosition,
  writeInsurance,
  writeMarket,
  writeOracle,
  writePosition,
} from './records.ts';

const ONE = 10n ** 8n;
const USDC = 10n ** 6n;

export interface Trader {
  position: PositionState;
  collateral: Quote;
}

/** `plain`: without funding, borrow, impact and partial liquidation. `complete`: with them. */
export type WorldKind = 'plain' | 'complete';

/** A configuration the program would accept. */
export function randomConfig(random: Random, kind: WorldKind): MarketConfig {
  const complete = kind === 'complete';
  const feeBps = random.big(1n, 10n);
  const maxLeverage = random.pick([5n, 10n, 20n, 50n]);
  const maintenance = random.big(60n, (10_000n - 1n) / maxLeverage);
  const keeperShare = random.big(0n, 5_000n);
  const minPositionNotional = random.pick([1n, 5n, 10n]) * USDC;
  const config: MarketConfig = {
    maxLeverage,
    maintenanceMarginBps: bps(maintenance),
    liquidationFeeBps: bps(random.big(20n, maintenance - 1n)),
    keeperShareBps: bps(keeperShare),
    liquidationTargetBps: bps(random.big(11_000n, 20_000n)),
    minLiquidationBps: bps(complete ? random.big(1n, 10_000n) : 10_000n),
    keeperRewardMin: quote(random.big(0n, (minPositionNotional * feeBps) / 10_000n)),
    feeBps: bps(feeBps),
    poolFeeShareBps: bps(random.big(0n, 7_000n)),
    insuranceFeeShareBps: bps(random.big(0n, 3_000n)),
    kBps: bps(random.big(0n, 20_000n)),
    payoffCapBps: bps(random.chance(0.5) ? random.big(200n, 1_000n) : random.big(1_000n, 10_000n)),
    weightBps: bps(random.big(1_000n, 10_000n)),
    maxUtilisationBps: bps(random.big(1_000n, 8_000n)),
    maxLongOi: size(random.big(2_000n, 20_000n) * ONE),
    maxShortOi: size(random.big(2_000n, 20_000n) * ONE),
    minPositionNotional: quote(minPositionNotional),
    skewScale: size(complete ? random.pick([0n, 20_000n * ONE]) : 0n),
    maxSkewBps: bps(complete ? random.big(100n, 10_000n) : 0n),
    fundingSkewScale: size(complete ? 500n * ONE : 0n),
    maxFundingRate: rate(complete ? random.big(0n, 10n ** 7n) : 0n),
    borrowBase: rate(complete ? random.big(0n, 10n ** 6n) : 0n),
    borrowSlope: rate(complete ? random.big(0n, 10n ** 6n) : 0n),
    maxAccrualSeconds: 3_600n,
    minSettleQuote: quote(1_000n),
  };
  const broken = brokenConfigRules(config, { ...NO_ORACLE, maxConfidenceBps: bps(200n) });
  return broken.length === 0 ? config : randomConfig(random, kind);
}

/** A market nobody has traded in. */
export const emptyMarket = (config: MarketConfig, backing: bigint): MarketState => ({
  status: 'active',
  oracle: NO_ORACLE,
  config,
  price: null,
  fundingIndex: 0n as MarketState['fundingIndex'],
  borrowIndex: 0n as MarketState['borrowIndex'],
  accruedAt: 0n,
  long: EMPTY_TOTALS,
  short: EMPTY_TOTALS,
  backing: quote(backing),
  insuranceAccrued: quote(0n),
  treasuryAccrued: quote(0n),
  insuranceDebt: quote(0n),
  payoutsOwed: quote(0n),
  badDebt: quote(0n),
  badDebtUncovered: quote(0n),
  feesCollected: quote(0n),
});

const openCommands = [
  ...['open', 'open', 'reduce', 'reduce', 'flip', 'add_margin', 'remove_margin', 'remove_margin', 'liquidate'],
  ...['close_capped', 'settle'],
] as const;

export class World {
  market: MarketState;
  readonly traders: Trader[];
  insurance: InsuranceState;
  oracle: OraclePrice;
  now = 1_000n;
  /** Paid out to liquidators so far. */
  rewards = 0n;
  readonly random: Random;

  constructor(random: Random, kind: WorldKind, traders = 6) {
    this.random = random;
    this.market = emptyMarket(
      randomConfig(random, kind),
      (random.chance(0.2) ? random.magnitude(1_000n, 50_000n) : random.big(50_000n, 5_000_000n)) * USDC,
    );
    this.traders = Array.from({ length: traders }, () => ({
      position: FLAT_POSITION,
      collateral: quote(random.magnitude(100n, 100_000n) * USDC),
    }));
    this.insurance = {
      balance: quote(random.magnitude(0n, 10_000n) * USDC),
      topupLeft: quote(random.magnitude(0n, USDC)),
    };
    this.oracle = { price: price(100n * ONE), conf: price(ONE / 10n), ema: price(100n * ONE), publishTime: 1_000n };
  }

  /** All money of this exchange: no command may change it. */
  total(): bigint {
    const { backing, insuranceAccrued, treasuryAccrued } = this.market;
    const traders = this.traders.reduce((sum, { position, collateral }) => sum + position.margin + collateral, 0n);
    return traders + backing + insuranceAccrued + treasuryAccrued + this.insurance.balance + this.rewards;
  }

  /** The price moves, time passes, the market accrues: a case of `accrue`. */
  tick(): ParityCase {
    const { random } = this;
    const step = random.pick([20n, 100n, 100n, 300n, 1_000n]);
    const moved = (this.oracle.price * (10_000n + random.big(-step, step))) / 10_000n;
    const next = min(moved < ONE ? ONE : moved, 10_000n * ONE);
    this.oracle = {
      price: price(next),
      conf: price((next * random.big(0n, 50n)) / 10_000n),
      ema: price(next),
      publishTime: this.oracle.publishTime + 1n,
    };
    this.now += random.pick([0n, 1n, 10n, 600n, 10_000n]);
    const input = { market: writeMarket(this.market), price: String(next), now: String(this.now) };
    const item = { fn: 'accrue', input };
    const done = answer(item);
    if ('output' in done) this.market = readMarket(child(done.output, 'market'));
    return item;
  }

  /** A random command of a random trader, not yet executed. */
  command(): { readonly trader: Trader; readonly item: ParityCase } {
    const urgent = this.random.chance(0.5) ? this.#urgent() : null;
    if (urgent !== null) return this.#commandOf(urgent.trader, urgent.fn);
    const trader = this.random.pick(this.traders);
    const openings = Array.from({ length: 18 }, () => 'open' as const);
    const isFlat = trader.position.size === 0n;
    const weights = isFlat ? ([...openings, 'reduce', 'liquidate'] as const) : openCommands;
    return this.#commandOf(trader, this.random.pick(weights));
  }

  #commandOf(trader: Trader, fn: string): { readonly trader: Trader; readonly item: ParityCase } {
    return { trader, item: { fn, input: { ...this.#states(trader), ...this.#arguments(fn, trader) } } };
  }

  /** What keepers would do now: a position to liquidate, or a capped one to close. */
  #urgent(): { readonly trader: Trader; readonly fn: string } | null {
    const { price: at } = this.oracle;
    const { maintenanceMarginBps } = this.market.config;
    const open = this.traders.filter(({ position }) => position.size > 0n);
    const unhealthy = open.find(({ position }) => isLiquidatable(position, this.market, at, maintenanceMarginBps));
    if (unhealthy !== undefined) return { trader: unhealthy, fn: 'liquidate' };
    const capped = open.find(({ position }) => isCapped(position, at));
    return capped === undefined ? null : { trader: capped, fn: 'close_capped' };
  }

  #states(trader: Trader): JsonRecord {
    return {
      market: writeMarket(this.market),
      position: writePosition(trader.position),
      collateral: String(trader.collateral),
      oracle: writeOracle(this.oracle),
    };
  }

  #withInsurance(): JsonRecord {
    return this.random.chance(0.7) ? { insurance: writeInsurance(this.insurance) } : {};
  }

  #arguments(fn: string, trader: Trader): JsonRecord {
    const { random } = this;
    switch (fn) {
      case 'open':
        return this.#openArguments(trader);
      case 'reduce':
        return this.#reduceArguments(trader);
      case 'flip':
        return this.#flipArguments(trader);
      case 'add_margin':
        return { amount: String(random.magnitude(0n, trader.collateral + 2n)) };
      case 'remove_margin':
        return { amount: String(random.magnitude(0n, trader.position.margin + 2n)) };
      case 'liquidate':
        return { ...this.#withInsurance(), reward_taken: random.chance(0.8) };
      case 'close_capped':
        return this.#withInsurance();
      default:
        return {};
    }
  }

  #openArguments({ position, collateral }: Trader): JsonRecord {
    const { random } = this;
    const same = position.size > 0n && random.chance(0.85);
    const side = same ? position.side : random.pick(['long', 'short'] as const);
    const leverageE2 = random.chance(0.03)
      ? random.big(0n, 12_000n)
      : random.big(100n, this.market.config.maxLeverage * 100n);
    const affordable = (collateral * leverageE2 * ONE) / this.oracle.price;
    const wanted = random.chance(0.05)
      ? random.magnitude(0n, 2n ** 64n - 1n)
      : random.big(0n, (affordable * 11n) / 10n);
    const worst = random.chance(0.1) ? this.#nearPrice() : side === 'long' ? 2n ** 63n : 1n;
    return { side, size: String(wanted), leverage_e2: String(leverageE2), worst_price: String(worst) };
  }

  /** The other side, bounded by the price as an opening. */
  #flipArguments({ position, collateral }: Trader): JsonRecord {
    const side = position.side === 'long' ? 'short' : 'long';
    const closed = { position: { ...position, side } as const, collateral: quote(collateral + position.margin) };
    return { ...this.#withInsurance(), ...this.#openArguments(closed), side };
  }

  #reduceArguments({ position }: Trader): JsonRecord {
    const { random } = this;
    const part = random.chance(0.3) ? position.size : random.big(0n, position.size + 1n);
    const worst = random.chance(0.1) ? this.#nearPrice() : position.side === 'long' ? 1n : 2n ** 63n;
    return { ...this.#withInsurance(), size: String(part), worst_price: String(worst) };
  }

  #nearPrice(): bigint {
    return this.oracle.price + this.random.big(-this.oracle.conf * 2n - 1n, this.oracle.conf * 2n + 1n);
  }

  /** Takes over what a command led to. */
  apply(trader: Trader, done: ParityAnswer): void {
    if (!('output' in done)) return;
    const { output } = done;
    this.market = readMarket(child(output, 'market'));
    trader.position = readPosition(child(output, 'position'));
    if (output['collateral'] !== undefined) trader.collateral = quote(big(output, 'collateral'));
    if (output['keeper_reward'] !== undefined) this.rewards += big(output, 'keeper_reward');
    this.insurance = readInsurance(output) ?? this.insurance;
  }

  /** A random command executed: its case and its answer. */
  step(): { readonly item: ParityCase; readonly done: ParityAnswer; readonly trader: Trader } {
    const { trader, item } = this.command();
    const done = answer(item);
    this.apply(trader, done);
    return { item, done, trader };
  }
}
