import { Keypair, type PublicKey, type TransactionInstruction } from '@solana/web3.js';
import type { PriceUpdate } from '#shared/perps/price-update.ts';
import { addresses } from './addresses.ts';
import { ProgramChain, type Sent } from './chain.ts';
import type { AccountOf } from './client.ts';
import * as build from './instructions.ts';
import {
  BASE,
  type InitializeArgs,
  type MarketConfig,
  type OracleConfig,
  START,
  USDC,
  USD_PRICE,
  WALLET_USDC,
  defaultConfig,
  defaultOracle,
} from './parameters.ts';
import { bn } from './plain.ts';
import { RECEIVER, type TestPrice, priceUpdateBytes } from './prices.ts';
import { writeMint, writeTokenAccount } from './tokens.ts';

export * from './parameters.ts';

/** A market as tests see it: its address, where its price lies, and under which feed. */
export interface TestMarket {
  readonly index: number;
  readonly key: PublicKey;
  readonly priceAccount: PublicKey;
  readonly feedId: Uint8Array;
}

/** A trader: wallet, token account, program account. */
export interface Trader {
  readonly wallet: Keypair;
  readonly tokens: PublicKey;
}

/** What a test may change of an opening; the rest is a market order that any price satisfies. */
export interface OpenOptions {
  readonly side?: build.Side;
  /** 1e-8 base units. */
  readonly size?: bigint;
  /** Hundredths. */
  readonly leverageE2?: number;
  /** 1e-8 USD. */
  readonly worstPrice?: bigint;
  readonly command?: Partial<build.Command>;
}

/** What a test may change of a trade: that of an opening, and whether insurance is passed. */
export interface TradeOptions extends OpenOptions {
  readonly withInsurance?: boolean;
}

/** What a test may change of a reduction; the rest closes all at any price. */
export interface CloseOptions {
  readonly size?: bigint;
  readonly worstPrice?: bigint;
  readonly withInsurance?: boolean;
  readonly command?: Partial<build.Command>;
}

/** What a test may change of its exchange. */
export interface ExchangeOptions {
  /** What the pool holds, 1e-6 USDC. */
  readonly liquidity?: bigint;
  /** Parameters of the market. */
  readonly config?: Partial<MarketConfig>;
  /** Arguments of `initialize_exchange`. */
  readonly exchange?: Partial<InitializeArgs>;
}

const priceMax = 2n ** 63n;

/** An exchange on its own chain, and the shortest way to do something on it. Every method sends; `must` where it has to work. */
export class TestExchange {
  readonly chain: ProgramChain;
  readonly upgradeAuthority: Keypair;
  readonly admin: Keypair;
  readonly keeper: Keypair;
  readonly riskManager: Keypair;
  readonly treasuryAuthority: Keypair;
  readonly mint: PublicKey;
  readonly markets: TestMarket[] = [];

  constructor() {
    this.upgradeAuthority = Keypair.generate();
    this.chain = new ProgramChain(START, this.upgradeAuthority.publicKey);
    this.chain.fund(this.upgradeAuthority.publicKey);
    this.admin = this.chain.wallet();
    this.keeper = this.chain.wallet();
    this.riskManager = this.chain.wallet();
    this.treasuryAuthority = this.chain.wallet();
    this.mint = writeMint(this.chain, 6);
  }

  /** Initialised, with one market at 100 USD whose pool holds `liquidity` (1e-6 USDC). */
  static async create(options: ExchangeOptions = {}): Promise<TestExchange> {
    const exchange = new TestExchange();
    must(await exchange.initialize(options.exchange));
    const market = await exchange.addMarket(options.config);
    exchange.price(market, 100n * USD_PRICE);
    const liquidity = options.liquidity ?? 1_000_000n * USDC;
    if (liquidity > 0n) await exchange.provide(liquidity);
    return exchange;
  }

  /** The only market of most tests. */
  get market(): TestMarket {
    const [market] = this.markets;
    if (market === undefined) throw new Error('this exchange has no market');
    return market;
  }

  /** Arguments of `initialize_exchange`: no time lock, no pool delay, no limit of what leaves. */
  initializeArgs(changes: Partial<InitializeArgs> = {}): InitializeArgs {
    return {
      admin: this.admin.publicKey,
      riskManager: this.riskManager.publicKey,
      treasuryAuthority: this.treasuryAuthority.publicKey,
      keepers: [this.keeper.publicKey],
      timeLockSeconds: 0,
      poolDelaySeconds: 0,
      lpFeeBps: 10,
      topupCapPerHour: bn(1_000n * USDC),
      outflowCap: bn(0n),
      outflowWindowSeconds: 86_400,
      outflowFloor: bn(100n * USDC),
      ...changes,
    };
  }

  async initialize(changes: Partial<InitializeArgs> = {}, signer?: Keypair): Promise<Sent> {
    const authority = signer ?? this.upgradeAuthority;
    const args = this.initializeArgs(changes);
    return this.send([await build.initializeExchange(authority.publicKey, this.mint, args)], [authority]);
  }

  /** Sends `create_market` for the next index. */
  async createMarket(
    config: Partial<MarketConfig> = {},
    oracle: Partial<OracleConfig> = {},
    admin: Keypair = this.admin,
  ): Promise<{ sent: Sent; market: TestMarket }> {
    const index = this.chain.fetch('exchange', addresses.exchange).marketCount;
    const priceAccount = Keypair.generate().publicKey;
    const feedId = Uint8Array.from({ length: 32 }, () => index + 1);
    const args = {
      symbol: Array.from(Buffer.from(`TEST${index}-PERP`.padEnd(16, '\0'))),
      oracle: { ...defaultOracle(priceAccount, feedId), ...oracle },
      config: { ...defaultConfig(), ...config },
    };
    const instruction = await build.createMarket(admin.publicKey, admin.publicKey, index, args);
    return {
      sent: this.send([instruction], [admin]),
      market: { index, key: addresses.market(index), priceAccount, feedId },
    };
  }

  /** createMarket that must work. */
  async addMarket(config: Partial<MarketConfig> = {}, oracle: Partial<OracleConfig> = {}): Promise<TestMarket> {
    const { sent, market } = await this.createMarket(config, oracle);
    must(sent);
    this.markets.push(market);
    return market;
  }

  /** Writes a market's price account as of now; `changes` replaces published fields as they are. */
  price(market: TestMarket, at: bigint | Omit<TestPrice, 'publishTime'>, changes: Partial<PriceUpdate> = {}): void {
    const price = typeof at === 'bigint' ? { price: at } : at;
    const bytes = priceUpdateBytes(market.feedId, { publishTime: this.chain.now, ...price }, changes);
    this.chain.setData(market.priceAccount, RECEIVER, bytes);
  }

  /** A second passes and the market has a new price. */
  nextPrice(market: TestMarket, at: bigint | Omit<TestPrice, 'publishTime'>): void {
    this.chain.advance(1n);
    this.price(market, at);
  }

  /** A wallet with USDC. */
  holder(): Trader {
    const wallet = this.chain.wallet();
    return { wallet, tokens: writeTokenAccount(this.chain, this.mint, wallet.publicKey, WALLET_USDC) };
  }

  /** A trader with an account, a wide delegation and `deposit` (1e-6 USDC) of collateral. */
  async trader(deposit: bigint = 100_000n * USDC): Promise<Trader> {
    const trader = this.holder();
    const owner = trader.wallet.publicKey;
    const expiresAt = this.chain.now + 86_400n * 365n;
    const instructions = [
      await build.openUserAccount(owner, owner),
      await build.setDelegate(owner, { expiresAt, turnoverCap: 10n ** 17n, maxSlippageBps: 10_000 }),
    ];
    if (deposit > 0n) instructions.push(await build.depositCollateral(owner, trader.tokens, deposit));
    must(this.send(instructions, [trader.wallet]));
    return trader;
  }

  /** Mints pool shares for `amount` (1e-6 USDC) and settles every market. Needs a pool without delay. */
  async provide(amount: bigint, provider: Trader = this.holder()): Promise<Trader> {
    const owner = provider.wallet.publicKey;
    must(this.send([await build.requestMint(owner, provider.tokens, amount)], [provider.wallet]));
    must(await this.executePoolRequest(provider));
    for (const market of this.markets) must(await this.settle(market));
    return provider;
  }

  async settle(market: TestMarket): Promise<Sent> {
    return this.send([await build.settleMarket(market.key, market.priceAccount)], []);
  }

  /** Settles every market, then executes the holder's request as a keeper, in one transaction. */
  async executePoolRequest(holder: Trader): Promise<Sent> {
    const settle = await Promise.all(this.markets.map((market) => build.settleMarket(market.key, market.priceAccount)));
    const markets = this.markets.map(({ key }) => key);
    const keeper = this.keeper.publicKey;
    const execute = await build.executePoolRequest(holder.wallet.publicKey, holder.tokens, markets, keeper);
    return this.send([...settle, execute], [this.keeper]);
  }

  position(trader: Trader, market: TestMarket = this.market): AccountOf<'position'> {
    return this.chain.fetch('position', addresses.position(trader.wallet.publicKey, market.key));
  }

  account(trader: Trader): AccountOf<'userAccount'> {
    return this.chain.fetch('userAccount', addresses.user(trader.wallet.publicKey));
  }

  marketState(market: TestMarket = this.market): AccountOf<'market'> {
    return this.chain.fetch('market', market.key);
  }

  /** A command of the trader as the keeper would send it now: delegated, with the present seq. */
  command(trader: Trader, market: TestMarket = this.market, changes: Partial<build.Command> = {}): build.Command {
    const owner = trader.wallet.publicKey;
    const exists = this.chain.data(addresses.position(owner, market.key)) !== undefined;
    return {
      owner,
      market: market.key,
      priceUpdate: market.priceAccount,
      keeper: this.keeper.publicKey,
      selfSigned: false,
      expectedSeq: exists ? this.position(trader, market).seq : 0n,
      ...changes,
    };
  }

  /** Opens or increases; creates the position the first time. */
  async open(trader: Trader, options: OpenOptions = {}, market: TestMarket = this.market): Promise<Sent> {
    const side = options.side ?? 'long';
    const command = this.command(trader, market, options.command);
    const open = await build.openPosition(command, {
      side,
      size: options.size ?? 10n * BASE,
      leverageE2: options.leverageE2 ?? 1_000,
      worstPrice: options.worstPrice ?? (side === 'long' ? priceMax : 1n),
    });
    return this.send([...(await this.#newPosition(trader, market)), open], this.#signers(trader, command));
  }

  /** Buys (`side` long, the default) or sells; creates the position the first time. */
  async trade(trader: Trader, options: TradeOptions = {}, market: TestMarket = this.market): Promise<Sent> {
    const side = options.side ?? 'long';
    const command = this.command(trader, market, options.command);
    const trade = await build.trade(command, {
      side,
      size: options.size ?? 10n * BASE,
      leverageE2: options.leverageE2 ?? 1_000,
      worstPrice: options.worstPrice ?? (side === 'long' ? priceMax : 1n),
      withInsurance: options.withInsurance ?? false,
    });
    return this.send([...(await this.#newPosition(trader, market)), trade], this.#signers(trader, command));
  }

  async #newPosition(trader: Trader, market: TestMarket): Promise<TransactionInstruction[]> {
    const owner = trader.wallet.publicKey;
    if (this.chain.data(addresses.position(owner, market.key)) !== undefined) return [];
    return [await build.createPosition(owner, market.key, this.chain.feePayer.publicKey)];
  }

  /** Reduces or closes. */
  async close(trader: Trader, options: CloseOptions = {}, market: TestMarket = this.market): Promise<Sent> {
    const command = this.command(trader, market, options.command);
    const isLong = 'long' in this.position(trader, market).state.side;
    const instruction = await build.closePosition(command, {
      size: options.size ?? build.ALL,
      worstPrice: options.worstPrice ?? (isLong ? 1n : priceMax),
      withInsurance: options.withInsurance ?? false,
    });
    return this.send([instruction], this.#signers(trader, command));
  }

  /** Liquidates with the keeper's signature and insurance, without a reward, unless told otherwise. */
  async liquidate(
    trader: Trader,
    options: Partial<build.Liquidation> = {},
    market: TestMarket = this.market,
  ): Promise<Sent> {
    const input = {
      owner: trader.wallet.publicKey,
      market: market.key,
      priceUpdate: market.priceAccount,
      keeper: this.keeper.publicKey,
      withInsurance: true,
      liquidator: null,
      ...options,
    };
    const signers = input.keeper?.equals(this.keeper.publicKey) === true ? [this.keeper] : [];
    return this.send([await build.liquidatePosition(input)], signers);
  }

  /** The trader asks for his position to be closed. */
  async requestClose(trader: Trader, market: TestMarket = this.market): Promise<Sent> {
    return this.send([await build.requestClose(trader.wallet.publicKey, market.key)], [trader.wallet]);
  }

  /** Executes the trader's request to close; nobody signs. */
  async executeCloseRequest(trader: Trader, withInsurance = false, market: TestMarket = this.market): Promise<Sent> {
    return this.send([await build.executeCloseRequest(this.#openToAnyone(trader, withInsurance, market))], []);
  }

  /** Closes a capped position; nobody signs, unless the keeper shall. */
  async closeCapped(
    trader: Trader,
    options: { withInsurance?: boolean; byKeeper?: boolean } = {},
    market: TestMarket = this.market,
  ): Promise<Sent> {
    const input = this.#openToAnyone(trader, options.withInsurance ?? false, market);
    const signers = options.byKeeper === true ? [this.keeper] : [];
    return this.send([await build.closeCapped({ ...input, keeper: signers[0]?.publicKey ?? null })], signers);
  }

  async settlePosition(trader: Trader, market: TestMarket = this.market): Promise<Sent> {
    return this.send([await build.settlePosition(trader.wallet.publicKey, market.key, market.priceAccount)], []);
  }

  async payOwed(trader: Trader, withInsurance = false, market: TestMarket = this.market): Promise<Sent> {
    return this.send([await build.payOwed(trader.wallet.publicKey, market.key, withInsurance)], []);
  }

  #openToAnyone(trader: Trader, withInsurance: boolean, market: TestMarket): build.OpenToAnyone {
    return { owner: trader.wallet.publicKey, market: market.key, priceUpdate: market.priceAccount, withInsurance };
  }

  #signers(trader: Trader, command: build.Command): Keypair[] {
    const keeper = command.keeper.equals(this.keeper.publicKey) ? [this.keeper] : [];
    return command.selfSigned ? [...keeper, trader.wallet] : keeper;
  }

  send(instructions: readonly TransactionInstruction[], signers: readonly Keypair[]): Sent {
    return this.chain.send(instructions, signers);
  }
}

/** The transaction, which must have succeeded; throws with its error and logs otherwise. */
export function must(sent: Sent): Sent {
  if (sent.error !== null) throw new Error(`${sent.error}\n${sent.logs.join('\n')}`);
  return sent;
}
