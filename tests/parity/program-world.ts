/** One market of the compiled program on litesvm, mirrored by pure states: every transaction is predicted before it is sent. */
import { type Price, price } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import type { MarketConfig } from '#shared/perps/types.ts';
import { addresses } from '#support/program/addresses.ts';
import type { Sent } from '#support/program/chain.ts';
import {
  type MarketConfig as ChainConfig,
  TestExchange,
  type Trader as ChainTrader,
  must,
} from '#support/program/exchange.ts';
import { type Command, addMargin, createPosition, removeMargin } from '#support/program/instructions.ts';
import { insuranceOf, marketOf, positionOf } from '#support/program/mirror.ts';
import { bn } from '#support/program/plain.ts';
import { type ParityAnswer, type ParityCase, answer } from './functions.ts';
import type { Random } from './random.ts';
import { type Json, type JsonRecord, big, flag, text, writeMarket, writePosition } from './records.ts';
import { World, type WorldKind } from './world.ts';

const USDC = 10n ** 6n;
const traderCount = 5;

const wholeNumberFields = new Set<keyof MarketConfig>([
  'maxLeverage',
  'maintenanceMarginBps',
  'liquidationFeeBps',
  'keeperShareBps',
  'liquidationTargetBps',
  'minLiquidationBps',
  'feeBps',
  'poolFeeShareBps',
  'insuranceFeeShareBps',
  'kBps',
  'payoffCapBps',
  'weightBps',
  'maxUtilisationBps',
  'maxSkewBps',
  'maxAccrualSeconds',
]);

/** A configuration as the client takes it. */
function chainConfig(config: MarketConfig): ChainConfig {
  const entries = Object.entries(config) as [keyof MarketConfig, bigint][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, wholeNumberFields.has(name) ? Number(value) : bn(value)]),
  ) as unknown as ChainConfig;
}

/** What refused a command; `none` where it was executed. */
type Refusal = string;

/** Everything a command may change, as text: what is compared. */
export interface Observed {
  readonly [member: string]: Json;
  readonly error: Refusal;
  readonly market: JsonRecord;
  readonly position: JsonRecord;
  readonly seq: string;
  readonly collateral: string;
  readonly liquidatorCollateral: string;
  readonly insurance: string;
}

export class ProgramWorld {
  readonly #world: World;
  readonly #exchange: TestExchange;
  readonly #traders: readonly ChainTrader[];
  readonly #liquidator: ChainTrader;
  /** What the pure states say each trader's seq and the liquidator's collateral are. */
  readonly #seqs: bigint[];
  #liquidatorCollateral: bigint;

  private constructor(world: World, exchange: TestExchange, traders: readonly ChainTrader[], liquidator: ChainTrader) {
    this.#world = world;
    this.#exchange = exchange;
    this.#traders = traders;
    this.#liquidator = liquidator;
    this.#seqs = traders.map((trader) => exchange.position(trader).seq);
    this.#liquidatorCollateral = exchange.account(liquidator).collateral;
  }

  /** An exchange of its own. */
  static async create(random: Random, kind: WorldKind): Promise<ProgramWorld> {
    const world = new World(random, kind, traderCount);
    const { config } = world.market;
    const liquidity = random.pick([20_000n, 300_000n, 5_000_000n]) * USDC;
    const exchange = await TestExchange.create({ config: chainConfig(config), liquidity });
    const { market } = exchange;
    const balance = random.pick([0n, 50n, 5_000n]) * USDC;
    await exchange.chain.rewrite('insurance', addresses.insurance, (content) =>
      Object.assign(content, { balance: bn(balance), topupCapPerHour: bn(random.magnitude(0n, USDC)) }),
    );
    const traders = await Promise.all(world.traders.map(({ collateral }) => exchange.trader(collateral)));
    const payer = exchange.chain.feePayer.publicKey;
    for (const trader of traders) {
      must(exchange.send([await createPosition(trader.wallet.publicKey, market.key, payer)], []));
    }
    const created = new ProgramWorld(world, exchange, traders, await exchange.trader(0n));
    created.#adopt();
    return created;
  }

  /** The pure states start where the program's accounts stand. */
  #adopt(): void {
    const world = this.#world;
    world.market = marketOf(this.#exchange.marketState());
    world.insurance = insuranceOf(this.#exchange);
    world.now = this.#exchange.chain.now;
    this.#traders.forEach((trader, i) => {
      const mirrored = world.traders[i];
      if (mirrored !== undefined) mirrored.position = positionOf(this.#exchange.position(trader));
    });
    this.#movePrice();
  }

  /** Time passes and a new price is published. The market accrues when the next instruction uses it. */
  #movePrice(): void {
    const { random, oracle } = this.#world;
    const { chain, market } = this.#exchange;
    chain.advance(random.pick([1n, 1n, 7n, 600n, 5_000n]));
    const step = random.pick([20n, 100n, 100n, 300n, 1_000n]);
    const moved = (oracle.price * (10_000n + random.big(-step, step))) / 10_000n;
    const at = moved < 10n ** 8n ? 10n ** 8n : moved > 10n ** 12n ? 10n ** 12n : moved;
    const conf = (at * random.big(0n, 50n)) / 10_000n;
    this.#exchange.price(market, { price: at, conf });
    this.#world.oracle = { price: price(at), conf: price(conf), ema: price(at), publishTime: chain.now };
    this.#world.now = chain.now;
  }

  /** One random command: what the mathematics predicts and what the program did. */
  async step(): Promise<{ readonly item: ParityCase; readonly predicted: Observed; readonly actual: Observed }> {
    const world = this.#world;
    if (world.random.chance(0.4)) this.#movePrice();
    const resting = world.market;
    world.market = accrue(resting, world.oracle.price, world.now);
    world.insurance = insuranceOf(this.#exchange);
    const { trader, item } = world.command();
    const index = world.traders.indexOf(trader);
    const before = { position: trader.position, collateral: trader.collateral };
    // Adding margin needs no price, hence nothing accrues.
    const asked = item.fn === 'add_margin' ? { ...item, input: { ...item.input, market: writeMarket(resting) } } : item;
    const done = answer(asked);
    world.apply(trader, done);
    if ('error' in done) Object.assign(trader, before);
    if ('error' in done) world.market = resting;
    const predicted = this.#predict(index, item.fn, done);
    return { item: asked, predicted, actual: this.#observe(index, (await this.#send(index, asked)).error ?? 'none') };
  }

  #predict(index: number, fn: string, done: ParityAnswer): Observed {
    const world = this.#world;
    const trader = world.traders[index];
    if (trader === undefined) throw new Error(`no trader ${index}`);
    if ('output' in done) {
      // A settlement is nobody's command: no pending order goes stale by it.
      if (fn !== 'settle') this.#seqs[index] = (this.#seqs[index] ?? 0n) + 1n;
      const reward = done.output['keeper_reward'];
      this.#liquidatorCollateral += reward === undefined ? 0n : big(done.output, 'keeper_reward');
    }
    return {
      error: 'error' in done ? done.error : 'none',
      market: writeMarket(world.market),
      position: writePosition(trader.position),
      seq: String(this.#seqs[index]),
      collateral: String(trader.collateral),
      liquidatorCollateral: String(this.#liquidatorCollateral),
      insurance: String(world.insurance.balance),
    };
  }

  #observe(index: number, error: Refusal): Observed {
    const trader = this.#trader(index);
    const position = this.#exchange.position(trader);
    return {
      error,
      market: writeMarket(marketOf(this.#exchange.marketState())),
      position: writePosition(positionOf(position)),
      seq: String(position.seq),
      collateral: String(this.#exchange.account(trader).collateral),
      liquidatorCollateral: String(this.#exchange.account(this.#liquidator).collateral),
      insurance: String(insuranceOf(this.#exchange).balance),
    };
  }

  #trader(index: number): ChainTrader {
    const trader = this.#traders[index];
    if (trader === undefined) throw new Error(`no trader ${index}`);
    return trader;
  }

  async #send(index: number, { fn, input }: ParityCase): Promise<Sent> {
    const exchange = this.#exchange;
    const trader = this.#trader(index);
    // Opened by the trader's own signature: a delegation would bound the price of the smallest trades, whose impact rounds up.
    const selfSigned = ['open', 'flip'].includes(fn);
    const command: Command = exchange.command(trader, exchange.market, { selfSigned });
    const held = positionOf(exchange.position(trader));
    // What the net trade can express is sent through it or through the instruction of its own.
    const net = this.#world.random.chance(0.5);
    const withInsurance = input['insurance'] !== undefined;
    const worstPrice = (): Price => price(big(input, 'worst_price'));
    switch (fn) {
      case 'open':
      case 'flip': {
        const side = text<'long' | 'short'>(input, 'side');
        const leverageE2 = Number(big(input, 'leverage_e2'));
        const order = { side, size: big(input, 'size'), leverageE2, worstPrice: worstPrice(), command };
        if (fn === 'flip') return exchange.trade(trader, { ...order, size: order.size + held.size, withInsurance });
        const isNet = net && (held.size === 0n || held.side === side);
        return isNet ? exchange.trade(trader, order) : exchange.open(trader, order);
      }
      case 'reduce': {
        const order = { size: big(input, 'size'), worstPrice: worstPrice(), withInsurance, command };
        const side = held.side === 'long' ? 'short' : 'long';
        const isNet = net && order.size > 0n && order.size <= held.size;
        return isNet ? exchange.trade(trader, { ...order, side }) : exchange.close(trader, order);
      }
      case 'add_margin':
        return exchange.send([await addMargin(command, big(input, 'amount'))], [exchange.keeper]);
      case 'remove_margin':
        return exchange.send([await removeMargin(command, big(input, 'amount'))], [exchange.keeper]);
      case 'liquidate': {
        const liquidator = flag(input, 'reward_taken') ? this.#liquidator.wallet.publicKey : null;
        return exchange.liquidate(trader, { withInsurance, liquidator });
      }
      case 'close_capped':
        return exchange.closeCapped(trader, { withInsurance, byKeeper: net });
      case 'settle':
        return exchange.settlePosition(trader);
      default:
        throw new Error(`no instruction for ${fn}`);
    }
  }
}
