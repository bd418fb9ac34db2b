/** One market of the compiled program on litesvm, mirrored by pure states: every transaction is predicted before it is sent. */
import { U64_MAX, price, quote } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { chainConfig } from '#support/program/parameters.ts';
import { type ParityAnswer, type ParityCase, answer } from './functions.ts';
import { ProgramMarket } from './program-market.ts';
import type { Random } from './random.ts';
import {
  type Json,
  type JsonRecord,
  big,
  flag,
  text,
  writeInsurance,
  writeMarket,
  writeOracle,
  writePosition,
} from './records.ts';
import { type Trader, World, type WorldKind } from './world.ts';

const USDC = 10n ** 6n;
const traderCount = 5;

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
  readonly payoutOwed: string;
  readonly liquidatorCollateral: string;
  readonly insurance: string;
}

/** No bound: what a request to close is executed with. */
const noWorstPrice = { long: 1n, short: 2n ** 63n } as const;
const noOrderId: readonly number[] = new Array<number>(16).fill(0);
/** Share of the steps that execute a request to close, or pay what is owed. */
const requestChance = 0.03;
const payChance = 0.01;
/** A request to close is executed at prices published this long after it, seconds: the first and the last. */
const requestWindow = { first: 6n, last: 15n } as const;

/** A command before it is sent; `fn` of the case is the transition that predicts it, `sent` what the program is asked. */
interface Step {
  readonly trader: Trader;
  readonly item: ParityCase;
  readonly sent: string;
}

/** What a step came to. */
export interface Followed extends Step {
  readonly predicted: Observed;
  readonly actual: Observed;
}

/** Whether one trade says a flip: one that opens nothing is a reduction, and an argument has 64 bits. */
const isTrade = ({ position }: Trader, opened: bigint): boolean => opened > 0n && position.size + opened <= U64_MAX;

export class ProgramWorld {
  readonly #world: World;
  readonly #market: ProgramMarket;
  /** What the pure states say each trader's seq and the liquidator's collateral are. */
  readonly #seqs: bigint[];
  #liquidatorCollateral = 0n;

  private constructor(world: World, market: ProgramMarket) {
    this.#world = world;
    this.#market = market;
    this.#seqs = world.traders.map((_, i) => market.position(i).seq);
  }

  /** An exchange of its own. */
  static async create(random: Random, kind: WorldKind): Promise<ProgramWorld> {
    const world = new World(random, kind, traderCount);
    const market = await ProgramMarket.create({
      config: chainConfig(world.market.config),
      liquidity: random.pick([20_000n, 300_000n, 5_000_000n]) * USDC,
      insurance: random.pick([0n, 50n, 5_000n]) * USDC,
      topupCapPerHour: random.magnitude(0n, USDC),
      collaterals: world.traders.map(({ collateral }) => collateral),
    });
    if (random.chance(0.5)) market.owe(random.int(0, traderCount - 1), random.magnitude(1n, 100_000n * USDC));
    const created = new ProgramWorld(world, market);
    created.#adopt();
    return created;
  }

  /** The pure states start where the program's accounts stand. */
  #adopt(): void {
    const world = this.#world;
    world.market = this.#market.market();
    world.insurance = this.#market.insurance();
    world.now = this.#market.now;
    world.traders.forEach((trader, i) => (trader.position = this.#market.position(i)));
    this.#movePrice(world.random.pick([1n, 600n]));
  }

  /** Time passes and a new price is published. The market accrues when the next instruction uses it. */
  #movePrice(afterSeconds: bigint): void {
    const { random, oracle } = this.#world;
    const step = random.pick([20n, 100n, 100n, 300n, 1_000n]);
    const moved = (oracle.price * (10_000n + random.big(-step, step))) / 10_000n;
    const at = moved < 10n ** 8n ? 10n ** 8n : moved > 10n ** 12n ? 10n ** 12n : moved;
    const conf = (at * random.big(0n, 50n)) / 10_000n;
    this.#market.publish(afterSeconds, at, conf);
    const { now } = this.#market;
    this.#world.oracle = { price: price(at), conf: price(conf), ema: price(at), publishTime: now };
    this.#world.now = now;
  }

  /** One random command: what the mathematics predicts and what the program did. */
  step(): Followed {
    const world = this.#world;
    const { random } = world;
    if (random.chance(0.4)) this.#movePrice(random.pick([1n, 1n, 7n, 600n, 5_000n]));
    const requester = random.chance(requestChance) ? this.#requestClose() : null;
    const resting = world.market;
    world.market = accrue(resting, world.oracle.price, world.now);
    world.insurance = this.#market.insurance();
    const step = this.#next(requester);
    const { trader, item } = step;
    const index = world.traders.indexOf(trader);
    const before = { position: trader.position, collateral: trader.collateral };
    // Adding margin and paying what is owed need no price, hence nothing accrues.
    const rests = item.fn === 'add_margin' || item.fn === 'pay_owed';
    const asked = rests ? { ...item, input: { ...item.input, market: writeMarket(resting) } } : item;
    const done = answer(asked);
    if (item.fn === 'pay_owed') this.#applyPayout(trader, done);
    else this.#apply(trader, item.fn, done);
    if ('error' in done) Object.assign(trader, before);
    if ('error' in done) world.market = resting;
    const predicted = this.#predict(index, item.fn, done);
    const error = this.#send(index, step.sent, asked) ?? 'none';
    return { ...step, item: asked, predicted, actual: this.#observe(index, error) };
  }

  /** A trader asks for his position to be closed, and a price of the window follows. Null where nobody can. */
  #requestClose(): Trader | null {
    const { random, traders } = this.#world;
    const trader = random.pick(traders);
    const index = traders.indexOf(trader);
    if (trader.position.size === 0n || this.#market.closeBlockedUntil(index) > this.#market.now) return null;
    const refused = this.#market.run('requestClose', index, null);
    if (refused !== null) throw new Error(`a request to close was refused: ${refused}`);
    this.#movePrice(random.big(requestWindow.first, requestWindow.last));
    return trader;
  }

  #next(requester: Trader | null): Step {
    const { random, traders } = this.#world;
    if (requester !== null) return this.#closeRequest(requester);
    const owed = traders.find(({ position }) => position.payoutOwed > 0n) ?? random.pick(traders);
    if (random.chance(payChance)) return this.#payOwed(owed);
    for (;;) {
      const { trader, item } = this.#world.command();
      if (item.fn !== 'flip' || isTrade(trader, big(item.input, 'size'))) return { trader, item, sent: item.fn };
    }
  }

  /** Predicted as the reduction that it is: in full, with fee and impact, at any price. */
  #closeRequest(trader: Trader): Step {
    const { market, oracle, random, insurance } = this.#world;
    const { size, side } = trader.position;
    const input = {
      market: writeMarket(market),
      position: writePosition(trader.position),
      collateral: String(trader.collateral),
      oracle: writeOracle(oracle),
      size: String(size),
      worst_price: String(noWorstPrice[side]),
      ...(random.chance(0.7) ? { insurance: writeInsurance(insurance) } : {}),
    };
    return { trader, item: { fn: 'reduce', input }, sent: 'execute_close_request' };
  }

  #payOwed(trader: Trader): Step {
    const { insurance, market, random } = this.#world;
    const input = {
      market: writeMarket(market),
      collateral: String(trader.collateral),
      payout_owed: String(trader.position.payoutOwed),
      ...(random.chance(0.5) ? { insurance: writeInsurance(insurance) } : {}),
    };
    return { trader, item: { fn: 'pay_owed', input }, sent: 'pay_owed' };
  }

  /** The records of positions do not say what is owed: it stays, and grows by what a liquidation could not pay. */
  #apply(trader: Trader, fn: string, done: ParityAnswer): void {
    if (!('output' in done)) return;
    const { payoutOwed } = trader.position;
    this.#world.apply(trader, done);
    const added = fn === 'liquidate' ? big(done.output, 'payout_owed') : 0n;
    trader.position = { ...trader.position, payoutOwed: quote(payoutOwed + added) };
  }

  #applyPayout(trader: Trader, done: ParityAnswer): void {
    if (!('output' in done)) return;
    const { position } = trader;
    this.#world.apply(trader, { output: { ...done.output, position: writePosition(position) } });
    trader.position = { ...position, payoutOwed: quote(big(done.output, 'payout_owed')) };
  }

  #predict(index: number, fn: string, done: ParityAnswer): Observed {
    const world = this.#world;
    const trader = world.traders[index];
    if (trader === undefined) throw new Error(`no trader ${index}`);
    if ('output' in done) {
      // Settlements and payouts are nobody's command: no pending order goes stale by them.
      if (fn !== 'settle' && fn !== 'pay_owed') this.#seqs[index] = (this.#seqs[index] ?? 0n) + 1n;
      const reward = done.output['keeper_reward'];
      this.#liquidatorCollateral += reward === undefined ? 0n : big(done.output, 'keeper_reward');
    }
    return {
      error: 'error' in done ? done.error : 'none',
      market: writeMarket(world.market),
      position: writePosition(trader.position),
      seq: String(this.#seqs[index]),
      collateral: String(trader.collateral),
      payoutOwed: String(trader.position.payoutOwed),
      liquidatorCollateral: String(this.#liquidatorCollateral),
      insurance: String(world.insurance.balance),
    };
  }

  #observe(index: number, error: Refusal): Observed {
    const position = this.#market.position(index);
    return {
      error,
      market: writeMarket(this.#market.market()),
      position: writePosition(position),
      seq: String(position.seq),
      collateral: String(this.#market.collateral(index)),
      payoutOwed: String(position.payoutOwed),
      liquidatorCollateral: String(this.#market.liquidatorCollateral),
      insurance: String(this.#market.insurance().balance),
    };
  }

  /** Sends a command; answers the program's error, null where it was executed. */
  #send(index: number, sent: string, { input }: ParityCase): string | null {
    const market = this.#market;
    const held = market.position(index);
    const command = { orderId: noOrderId, expectedSeq: held.seq, minPublishTime: 0n };
    // What the net trade can express is sent through it or through the instruction of its own.
    const net = this.#world.random.chance(0.5);
    const withInsurance = input['insurance'] !== undefined;
    const size = (): bigint => big(input, 'size');
    const worstPrice = (): bigint => big(input, 'worst_price');
    const order = (side: 'long' | 'short', leverageE2: bigint, whole: bigint) => ({
      ...command,
      side: side === 'long' ? { long: {} } : { short: {} },
      size: whole,
      leverageE2: Number(leverageE2),
      worstPrice: worstPrice(),
    });
    switch (sent) {
      case 'open':
      case 'flip': {
        const side = text<'long' | 'short'>(input, 'side');
        const opened = order(side, big(input, 'leverage_e2'), size() + (sent === 'flip' ? held.size : 0n));
        // By the trader's own signature: a delegation would bound the price of the smallest trades, whose impact rounds up.
        const isNet = sent === 'flip' || (net && (held.size === 0n || held.side === side));
        const parties = { selfSigned: true, withInsurance: sent === 'flip' && withInsurance };
        return market.run(isNet ? 'trade' : 'openPosition', index, opened, parties);
      }
      case 'reduce': {
        const isNet = net && size() > 0n && size() <= held.size;
        const reduced = { ...command, size: size(), worstPrice: worstPrice() };
        if (!isNet) return market.run('closePosition', index, reduced, { withInsurance });
        const side = held.side === 'long' ? 'short' : 'long';
        return market.run('trade', index, order(side, 1_000n, size()), { withInsurance });
      }
      case 'add_margin':
        return market.run('addMargin', index, { ...command, amount: big(input, 'amount') });
      case 'remove_margin':
        return market.run('removeMargin', index, { ...command, amount: big(input, 'amount') });
      case 'liquidate':
        return market.run('liquidatePosition', index, null, { withInsurance, rewarded: flag(input, 'reward_taken') });
      case 'close_capped':
        return market.run('closeCapped', index, null, { withInsurance, byKeeper: net });
      case 'execute_close_request':
        return market.run('executeCloseRequest', index, null, { withInsurance });
      case 'settle':
        return market.run('settlePosition', index, null);
      case 'pay_owed':
        return market.run('payOwed', index, null, { withInsurance });
      default:
        throw new Error(`no instruction for ${sent}`);
    }
  }
}
