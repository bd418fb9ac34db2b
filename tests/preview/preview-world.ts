/**
 * A market of the compiled program with random parameters, traders and prices. Orders are previewed from the accounts as the API decodes
 * them, then sent.
 */
import { price as toPrice, quote, size } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import type { InsuranceState } from '#shared/perps/ledger.ts';
import { type Preview, type PreviewInput, type PreviewOrder, previewOrder } from '#shared/perps/preview.ts';
import { FLAT_POSITION } from '#shared/perps/side.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import type { Sent } from '#support/program/chain.ts';
import { TestExchange, must, type Trader } from '#support/program/exchange.ts';
import { createPosition, trade } from '#support/program/instructions.ts';
import { chainConfig } from '#support/program/parameters.ts';
import { bn } from '#support/program/plain.ts';
import {
  type ChainAccount,
  type ChainMarket,
  type ChainPosition,
  decodeMarket,
  decodePosition,
  decodeUserAccount,
} from '../../workers/chain/accounts.ts';
import type { RpcAccount } from '../../workers/chain/rpc.ts';
import type { Random } from '../parity/random.ts';
import { randomConfig } from '../parity/world.ts';

const ONE = 10n ** 8n;
const USDC = 10n ** 6n;
const traderCount = 4;
/** A market's own size limits are tested elsewhere: u64 is the widest a size can be typed. */
const sizeMax = 2n ** 64n - 1n;
const programId = PROGRAM_ID.toBase58();

/** What the program did with an order, and what the accounts say before and after. */
export interface Followed {
  readonly order: PreviewOrder;
  /** The preview, or the refusal it ended in. */
  readonly preview: Preview | PerpError;
  readonly sent: Sent;
  readonly position: ChainPosition;
  readonly account: ChainAccount;
}

export class PreviewWorld {
  readonly #random: Random;
  readonly #exchange: TestExchange;
  readonly #traders: readonly Trader[];
  #oracle: OraclePrice;

  private constructor(random: Random, exchange: TestExchange, traders: readonly Trader[]) {
    this.#random = random;
    this.#exchange = exchange;
    this.#traders = traders;
    this.#oracle = { price: toPrice(100n * ONE), conf: toPrice(0n), ema: toPrice(100n * ONE), publishTime: 0n };
    this.#movePrice();
  }

  static async create(random: Random): Promise<PreviewWorld> {
    const liquidity = random.pick([20_000n, 300_000n, 5_000_000n]) * USDC;
    const exchange = await TestExchange.create({ config: chainConfig(randomConfig(random, 'complete')), liquidity });
    const balance = random.pick([0n, 50n, 5_000n]) * USDC;
    await exchange.chain.rewrite('insurance', addresses.insurance, (content) =>
      Object.assign(content, { balance: bn(balance) }),
    );
    const deposits = Array.from({ length: traderCount }, () => random.magnitude(100n, 100_000n) * USDC);
    const traders = await Promise.all(deposits.map((deposit) => exchange.trader(deposit)));
    const payer = exchange.chain.feePayer.publicKey;
    for (const { wallet } of traders) {
      must(exchange.send([await createPosition(wallet.publicKey, exchange.market.key, payer)], []));
    }
    return new PreviewWorld(random, exchange, traders);
  }

  /** Time passes and a new price is published: mostly a calm one, sometimes wide, sometimes far from its average. */
  #movePrice(): void {
    const random = this.#random;
    const { chain, market } = this.#exchange;
    chain.advance(random.pick([1n, 1n, 7n, 600n, 5_000n]));
    const step = random.pick([20n, 100n, 100n, 300n, 1_000n]);
    const moved = (this.#oracle.price * (10_000n + random.big(-step, step))) / 10_000n;
    const at = moved < ONE ? ONE : moved > 10_000n * ONE ? 10_000n * ONE : moved;
    const conf = (at * (random.chance(0.04) ? random.big(0n, 1_000n) : random.big(0n, 50n))) / 10_000n;
    const ema = random.chance(0.04) ? (at * random.big(8_500n, 11_500n)) / 10_000n : at;
    this.#exchange.price(market, { price: at, conf, ema });
    this.#oracle = { price: toPrice(at), conf: toPrice(conf), ema: toPrice(ema), publishTime: chain.now };
  }

  /** Now and then the market is restricted, or its price grows old. */
  async #disturb(): Promise<void> {
    const random = this.#random;
    const { chain, market } = this.#exchange;
    if (random.chance(0.05)) chain.advance(random.big(50n, 70n));
    const status = random.chance(0.9) ? { active: {} } : random.pick([{ reduceOnly: {} }, { halted: {} }]);
    await chain.rewrite('market', market.key, (content) => Object.assign(content, { status }));
  }

  #account(key: Parameters<TestExchange['chain']['data']>[0]): RpcAccount {
    const data = this.#exchange.chain.data(key);
    if (data === undefined) throw new Error(`no account at ${key.toBase58()}`);
    return { owner: programId, data } as RpcAccount;
  }

  #market = (): ChainMarket => decodeMarket(programId, this.#account(this.#exchange.market.key));
  #position = ({ wallet }: Trader): ChainPosition =>
    decodePosition(programId, this.#account(addresses.position(wallet.publicKey, this.#exchange.market.key)));
  #user = ({ wallet }: Trader): ChainAccount =>
    decodeUserAccount(programId, this.#account(addresses.user(wallet.publicKey)));

  #insurance(): InsuranceState {
    const { balance } = this.#exchange.chain.fetch('insurance', addresses.insurance);
    return { balance: quote(balance), topupLeft: quote(0n) };
  }

  /** Previews one random order from the accounts as they are, then sends it with the insurance account at hand. */
  async step(): Promise<Followed> {
    if (this.#random.chance(0.4)) this.#movePrice();
    await this.#disturb();
    const trader = this.#random.pick(this.#traders);
    const market = this.#market();
    const position = this.#position(trader);
    const account = this.#user(trader);
    const order = this.#order(market, position, account);
    const input = {
      market,
      oracle: this.#oracle,
      now: this.#exchange.chain.now,
      position,
      account,
      others: { margin: quote(0n), unrealizedPnl: quote(0n) },
      insurance: this.#insurance(),
      order,
    };
    const preview = previewed(input);
    const sent = await this.#send(trader, order);
    return { order, preview, sent, position: this.#position(trader), account: this.#user(trader) };
  }

  async #send(trader: Trader, { side, size: traded, leverageE2, worstPrice }: PreviewOrder): Promise<Sent> {
    const { keeper } = this.#exchange;
    // The trader signs himself: what a delegation allows is no matter of the preview.
    const command = this.#exchange.command(trader, this.#exchange.market, { selfSigned: true });
    const instruction = await trade(command, {
      side: side === 'buy' ? 'long' : 'short',
      size: traded,
      leverageE2: Number(leverageE2),
      worstPrice: worstPrice ?? (side === 'buy' ? sizeMax : 0n),
      withInsurance: true,
    });
    return this.#exchange.send([instruction], [keeper, trader.wallet]);
  }

  /** Opening, adding, reducing, closing, turning round; about what the collateral pays for, now and then absurd. */
  #order(market: ChainMarket, position: ChainPosition, account: ChainAccount): PreviewOrder {
    const random = this.#random;
    const held = position.size;
    const against = position.side === 'long' ? 'sell' : 'buy';
    const side =
      held === 0n ? random.pick(['buy', 'sell'] as const) : random.chance(0.65) ? against : opposite(against);
    const leverageE2 = random.chance(0.03)
      ? random.big(0n, 12_000n)
      : random.big(100n, market.config.maxLeverage * 100n);
    const worstPrice = random.chance(0.1)
      ? toPrice(this.#oracle.price + random.big(-this.#oracle.conf * 2n - 1n, this.#oracle.conf * 2n + 1n))
      : null;
    const wanted = this.#size(
      held > 0n && side === against ? held : 0n,
      (account.collateral * leverageE2 * ONE) / this.#oracle.price,
    );
    return { side, size: size(wanted), leverageE2, worstPrice, reduceOnly: false };
  }

  #size(held: bigint, affordable: bigint): bigint {
    const random = this.#random;
    if (random.chance(0.04)) return random.magnitude(0n, sizeMax);
    if (held === 0n) return random.big(0n, (affordable * 11n) / 10n);
    return random.pick([
      held,
      held,
      random.big(0n, held),
      random.big(0n, held),
      held + random.big(0n, affordable + held),
    ]);
  }
}

const opposite = (side: 'buy' | 'sell') => (side === 'buy' ? 'sell' : 'buy');

function previewed(input: PreviewInput): Preview | PerpError {
  try {
    return previewOrder(input);
  } catch (error) {
    if (error instanceof PerpError) return error;
    throw error;
  }
}

/** Sums over the trade's events: what the trader was charged and given. */
export function chargedBy(sent: Sent) {
  const sum = { fee: 0n, impact: 0n, realizedPnl: 0n, funding: 0n, borrow: 0n, marginAdded: 0n, marginReleased: 0n };
  let fillPrice = 0n;
  for (const { name, data } of sent.events) {
    if (name === 'positionIncreased') {
      sum.fee += data.fee;
      sum.impact += data.impact;
      sum.marginAdded += data.marginAdded;
      fillPrice = data.fillPrice;
    }
    if (name === 'positionReduced') {
      sum.fee += data.fee;
      sum.impact += data.impact;
      sum.realizedPnl += data.realizedPnl;
      sum.funding += data.funding;
      sum.borrow += data.borrow;
      sum.marginReleased += data.marginReleased;
      fillPrice = data.fillPrice;
    }
  }
  return { ...sum, fillPrice };
}

/** The state of a position that a preview tells. */
export const toldPosition = (position: Preview['positionAfter']) =>
  Object.fromEntries(Object.keys(FLAT_POSITION).map((name) => [name, position[name as keyof typeof FLAT_POSITION]]));
