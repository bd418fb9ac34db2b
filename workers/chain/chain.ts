import { type Keypair, PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { MARKETS, type MarketSymbol } from '#shared/markets.ts';
import { sleep, systemClock } from '../platform/clock.ts';
import {
  type ChainAccount,
  type ChainMarket,
  type ChainPosition,
  decodeMarket,
  decodePosition,
  decodeUserAccount,
} from './accounts.ts';
import { Addresses } from './addresses.ts';
import { computeBudget, Instructions } from './instructions.ts';
import { type ChainKeys, feePayerFor, type KeySettings, loadKeys } from './keys.ts';
import { FollowingPoster, type OraclePoster } from './oracle.ts';
import { readTransactionError, type TransactionFailure } from './program-errors.ts';
import { type Commitment, type LatestBlockhash, SolanaRpc } from './rpc.ts';
import {
  buildTransaction,
  type Confirmation,
  confirmTransaction,
  type SignedTransaction,
  signTransaction,
  wireOf,
} from './transactions.ts';

export interface ChainSettings extends KeySettings {
  readonly NETWORK: 'local' | 'devnet' | 'mainnet';
  readonly RPC_URL: string;
  readonly PROGRAM_ID: string;
  readonly USDC_MINT: string;
  readonly CONFIRM_POLL_MS: number;
}

/** Everything of one trader at one slot. */
export interface TraderAccounts {
  readonly slot: number;
  readonly account: ChainAccount | null;
  /** By symbol; a market in which he never traded is absent. */
  readonly positions: ReadonlyMap<MarketSymbol, ChainPosition>;
}

/** Ceiling of a trade's compute units: the design's bound with room for the creation of a position. */
export const tradeComputeUnitsMax = 200_000;
/** Highest price for a compute unit the exchange pays, micro-lamports. */
export const priorityFeeMax = 200_000;
const priorityFeeCacheMs = 10_000;
/** Stands in a simulated transaction, in which the node puts a blockhash of its own: reading one first would only cost its time. */
const replacedBlockhash = PublicKey.default.toBase58();

/** The exchange's side of Solana: its keys, its program, its RPC. One per isolate. */
export class Chain {
  readonly rpc: SolanaRpc;
  readonly addresses: Addresses;
  readonly instructions: Instructions;
  readonly oracle: OraclePoster;
  readonly keys: ChainKeys;
  readonly network: ChainSettings['NETWORK'];
  readonly #settings: ChainSettings;
  readonly #pollMs: number;
  #priorityFee: { readonly value: number; readonly readAtMs: number } | null = null;

  constructor(settings: ChainSettings, rpc: SolanaRpc = new SolanaRpc(settings.RPC_URL)) {
    this.#settings = settings;
    this.network = settings.NETWORK;
    this.rpc = rpc;
    this.addresses = new Addresses(settings.PROGRAM_ID, settings.USDC_MINT);
    this.instructions = new Instructions(this.addresses);
    this.keys = loadKeys(settings);
    this.#pollMs = settings.CONFIRM_POLL_MS;
    this.oracle = new FollowingPoster(this.rpc, { pollMs: this.#pollMs, sleep, nowMs: systemClock.nowMs });
  }

  /** The same chain for callers in a hurry: every RPC call ends within `deadlineMs`. Keep it: it loads the keys again. */
  within(deadlineMs: number): Chain {
    return new Chain(this.#settings, this.rpc.within(deadlineMs));
  }

  /** The keeper that signs trades. */
  get keeper(): PublicKey {
    return this.keys.keeper.publicKey;
  }

  feePayer(owner: PublicKey): Keypair {
    return feePayerFor(this.keys, owner);
  }

  /** The account and all positions of a trader, read at one slot. @throws ChainUnavailable, AccountMalformed */
  async readTrader(wallet: string, commitment: Commitment = 'confirmed'): Promise<TraderAccounts> {
    const owner = new PublicKey(wallet);
    const addresses = [
      this.addresses.userAccount(owner),
      ...MARKETS.map((market) => this.addresses.position(owner, market.symbol)),
    ];
    const { slot, accounts } = await this.rpc.getAccounts(
      addresses.map((address) => address.toBase58()),
      commitment,
    );
    const program = this.addresses.program.toBase58();
    const [account = null, ...positions] = accounts;
    const entries = MARKETS.flatMap(({ symbol }, i): [MarketSymbol, ChainPosition][] => {
      const position = positions[i] ?? null;
      return position === null ? [] : [[symbol, decodePosition(program, position)]];
    });
    return {
      slot,
      account: account === null ? null : decodeUserAccount(program, account),
      positions: new Map(entries),
    };
  }

  /** Null where the market does not exist on chain. @throws ChainUnavailable, AccountMalformed */
  async readMarket(symbol: MarketSymbol): Promise<ChainMarket | null> {
    const account = await this.rpc.getAccount(this.addresses.market(symbol).toBase58());
    return account === null ? null : decodeMarket(this.addresses.program.toBase58(), account);
  }

  /** What to pay per compute unit: nothing on the local network, else the median of late, bounded. Never throws. */
  async priorityFee(): Promise<number> {
    if (this.network === 'local') return 0;
    const now = systemClock.nowMs();
    if (this.#priorityFee !== null && now - this.#priorityFee.readAtMs < priorityFeeCacheMs)
      return this.#priorityFee.value;
    const markets = MARKETS.map((market) => this.addresses.market(market.symbol).toBase58());
    const fallback = this.#priorityFee?.value ?? 0;
    const value = await this.rpc.getRecentPrioritizationFee(markets).catch(() => fallback);
    this.#priorityFee = { value: Math.min(value, priorityFeeMax), readAtMs: now };
    return this.#priorityFee.value;
  }

  /** Signs with the fee payer of `owner` and the keeper, under the blockhash given or else a fresh one. */
  async sign(
    owner: PublicKey,
    instructions: TransactionInstruction[],
    computeUnitsMax: number,
    blockhash: LatestBlockhash | null = null,
  ): Promise<SignedTransaction> {
    const [latest, fee] = await Promise.all([blockhash ?? this.rpc.getLatestBlockhash(), this.priorityFee()]);
    const all = [...computeBudget(computeUnitsMax, fee), ...instructions];
    return signTransaction(all, this.feePayer(owner), [this.keys.keeper], latest);
  }

  /** Signs with the fee payer of `owner` alone: for instructions that anyone may send. The blockhash as for `sign`. */
  async signAsAnyone(
    owner: PublicKey,
    instructions: TransactionInstruction[],
    computeUnitsMax: number,
    blockhash: LatestBlockhash | null = null,
  ): Promise<SignedTransaction> {
    const [latest, fee] = await Promise.all([blockhash ?? this.rpc.getLatestBlockhash(), this.priorityFee()]);
    return signTransaction([...computeBudget(computeUnitsMax, fee), ...instructions], this.feePayer(owner), [], latest);
  }

  /** Runs instructions unsigned, as the exchange would send them. Null failure: it would land now. */
  async simulate(
    owner: PublicKey,
    instructions: TransactionInstruction[],
    computeUnitsMax: number,
  ): Promise<{ failure: TransactionFailure | null; units: number }> {
    const feePayer = this.feePayer(owner).publicKey;
    const all = [...computeBudget(computeUnitsMax, 0), ...instructions];
    const transaction = buildTransaction(all, feePayer, replacedBlockhash);
    const result = await this.rpc.simulateTransaction(wireOf(transaction), false);
    return {
      failure: readTransactionError(result.err, result.logs ?? []),
      units: result.unitsConsumed ?? computeUnitsMax,
    };
  }

  /** Waits for what was sent. */
  confirm(
    transaction: Pick<SignedTransaction, 'signature' | 'lastValidBlockHeight'>,
    timeoutMs: number,
  ): Promise<Confirmation> {
    return confirmTransaction(this.rpc, transaction, {
      pollMs: this.#pollMs,
      timeoutMs,
      sleep,
      nowMs: systemClock.nowMs,
    });
  }
}

const chains = new WeakMap<object, Chain>();

/** The chain of these settings, built once per isolate. */
export function chainOf(settings: ChainSettings): Chain {
  const known = chains.get(settings);
  if (known !== undefined) return known;
  const chain = new Chain(settings);
  chains.set(settings, chain);
  return chain;
}
