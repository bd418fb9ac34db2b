import { createHash } from 'node:crypto';
import { Keypair } from '@solana/web3.js';
import {
  BASE,
  type MarketConfig,
  TestExchange,
  type TestMarket,
  type Trader,
  USD_PRICE,
  must,
} from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { writeTokenAccount } from '#support/program/tokens.ts';

/** As many as an exchange holds. */
export const marketsMax = 16;
const keepersMax = 8;
/** 1e-8 USD: a price whose products fill their integers, with a digit in every place. */
const startPrice = 98_765n * USD_PRICE + 43_210_987n;
const walletTokens = 10n ** 17n;
const poolDeposit = 9n * 10n ** 16n + 123_457n;
const collateral = 10n ** 16n + 7n;
/** Openings of the others, who make the skew: about 1.2e9 USD. */
const usualSize = 12_345n * BASE + 67_890_123n;

/** Everything switched on: impact, funding both ways, borrow, partial liquidation, a payoff cap that prices reach. */
const config: Partial<MarketConfig> = {
  maxLeverage: 50,
  maintenanceMarginBps: 100,
  liquidationFeeBps: 50,
  minLiquidationBps: 1_000,
  payoffCapBps: 2_000,
  weightBps: 10_000 / marketsMax,
  maxLongOi: bn(200_000n * BASE),
  maxShortOi: bn(200_000n * BASE),
  skewScale: bn(3_000_000n * BASE + 1n),
  fundingSkewScale: bn(300_000n * BASE + 1n),
  maxFundingRate: bn(999_999n),
  borrowBase: bn(9_999n),
  borrowSlope: bn(99_999n),
  maxAccrualSeconds: 86_400,
};

/** Keys decide how long a program-derived address is searched for: these are the same in every run. */
export function seededKeys(): () => Keypair {
  let made = 0;
  return () => {
    made += 1;
    return Keypair.fromSeed(createHash('sha256').update(`compute units ${made}`).digest());
  };
}

/** The worst case: 16 markets with every feature, eight keepers of whom the last signs, large positions on both sides of each. */
export class WorstCase {
  readonly exchange = new TestExchange();
  /** Where longs prevail: longs pay funding. */
  get longMarket(): TestMarket {
    return this.#market(marketsMax - 1);
  }

  /** Where shorts prevail: longs receive funding. */
  get shortMarket(): TestMarket {
    return this.#market(marketsMax - 2);
  }

  #market(index: number): TestMarket {
    const market = this.exchange.markets[index];
    if (market === undefined) throw new Error(`there is no market ${index} yet`);
    return market;
  }

  /** Initialised, without markets. */
  static async create(): Promise<WorstCase> {
    const world = new WorstCase();
    const { exchange } = world;
    const others = Array.from({ length: keepersMax - 1 }, () => Keypair.generate().publicKey);
    must(await exchange.initialize({ keepers: [...others, exchange.keeper.publicKey] }));
    return world;
  }

  /** Adds the next market, priced, with nobody in it. */
  async addMarket(): Promise<void> {
    this.exchange.price(await this.exchange.addMarket(config), startPrice);
  }

  /** A wallet with a lot of USDC. */
  holder(): Trader {
    const { chain, mint } = this.exchange;
    const wallet = chain.wallet();
    return {
      wallet,
      tokens: writeTokenAccount(chain, mint, wallet.publicKey, walletTokens, Keypair.generate().publicKey),
    };
  }

  /** A trader with a delegation and collateral. */
  async trader(): Promise<Trader> {
    const { chain } = this.exchange;
    const trader = this.holder();
    const owner = trader.wallet.publicKey;
    const expiresAt = chain.now + 86_400n * 365n;
    const instructions = [
      await build.openUserAccount(owner, owner),
      await build.setDelegate(owner, { expiresAt, turnoverCap: 2n ** 63n, maxSlippageBps: 10_000 }),
      await build.depositCollateral(owner, trader.tokens, collateral),
    ];
    must(this.exchange.send(instructions, [trader.wallet]));
    return trader;
  }

  /** Fills the pool. */
  async provide(): Promise<Trader> {
    return this.exchange.provide(poolDeposit, this.holder());
  }

  /** Someone long and someone short in every market; in every second one shorts prevail. */
  async populate(): Promise<void> {
    const long = await this.trader();
    const short = await this.trader();
    for (const market of this.exchange.markets) {
      const more = market.index % 2 === 1 ? 'long' : 'short';
      const sizeOf = (side: 'long' | 'short') => (side === more ? 2n * usualSize : usualSize);
      must(await this.exchange.open(long, { side: 'long', size: sizeOf('long') }, market));
      must(await this.exchange.open(short, { side: 'short', size: sizeOf('short') }, market));
    }
  }

  /** Time passes, and every market has a new price with confidence: `bps` of the starting one. */
  move(seconds: bigint, bps: bigint): void {
    this.exchange.chain.advance(seconds);
    const price = (startPrice * bps) / 10_000n + 1n;
    for (const market of this.exchange.markets) this.exchange.price(market, { price, conf: price / 2_000n + 1n });
  }

  /** Settles every market, each in a transaction of its own. */
  async settleAll(): Promise<void> {
    for (const market of this.exchange.markets) must(await this.exchange.settle(market));
  }

  /** The trader's command in a market, signed by the keeper under the delegation. */
  command(trader: Trader, market: TestMarket): build.Command {
    return this.exchange.command(trader, market, { orderId: new Uint8Array(16).fill(7) });
  }
}
