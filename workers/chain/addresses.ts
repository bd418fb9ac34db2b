import { PublicKey } from '@solana/web3.js';
import { marketOf, type MarketSymbol } from '#shared/markets.ts';

/** Derived addresses kept; deriving one takes up to a millisecond. */
const cachedAddressesMax = 10_000;

export const ASSOCIATED_TOKEN_PROGRAM = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL');
export const UPGRADEABLE_LOADER = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');
export const TOKEN_PROGRAM = new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA');

/** The addresses of the exchange's accounts; seeds as in the program's `constants::seeds`. */
export class Addresses {
  readonly program: PublicKey;
  readonly usdcMint: PublicKey;
  readonly #cache = new Map<string, PublicKey>();

  constructor(programId: string, usdcMint: string) {
    this.program = new PublicKey(programId);
    this.usdcMint = new PublicKey(usdcMint);
  }

  get exchange(): PublicKey {
    return this.#derive('exchange');
  }

  get vault(): PublicKey {
    return this.#derive('vault');
  }

  get pool(): PublicKey {
    return this.#derive('pool');
  }

  get insurance(): PublicKey {
    return this.#derive('insurance');
  }

  get treasury(): PublicKey {
    return this.#derive('treasury');
  }

  /** What counts deposits and withdrawals against the limit of what may leave the vault. */
  get outflow(): PublicKey {
    return this.#derive('outflow');
  }

  /** Signs the program's event self-calls. */
  get eventAuthority(): PublicKey {
    return this.#derive('__event_authority');
  }

  market(symbol: MarketSymbol): PublicKey {
    return this.marketAt(marketOf(symbol).index);
  }

  /** The market of an index, whether the exchange knows its symbol or not. */
  marketAt(index: number): PublicKey {
    return this.#derive('market', Uint8Array.of(index));
  }

  userAccount(owner: PublicKey): PublicKey {
    return this.#derive('user', owner.toBytes());
  }

  position(owner: PublicKey, symbol: MarketSymbol): PublicKey {
    return this.positionIn(owner, this.market(symbol));
  }

  positionIn(owner: PublicKey, market: PublicKey): PublicKey {
    return this.#derive('position', owner.toBytes(), market.toBytes());
  }

  /** A withdrawal that waits for its turn; at most one per wallet. */
  withdrawal(owner: PublicKey): PublicKey {
    return this.#derive('withdrawal', owner.toBytes());
  }

  /** A change that waits, by its number. */
  proposal(id: number | bigint): PublicKey {
    const number = new DataView(new ArrayBuffer(8));
    number.setBigUint64(0, BigInt(id), true);
    return this.#derive('proposal', new Uint8Array(number.buffer));
  }

  lpAccount(owner: PublicKey): PublicKey {
    return this.#derive('lp', owner.toBytes());
  }

  /** The loader's account of the program: its bytes, and who may replace them. */
  get programData(): PublicKey {
    return this.#cached('program data', [this.program.toBytes()], UPGRADEABLE_LOADER);
  }

  /** The wallet's own USDC account. */
  usdcAccount(owner: PublicKey): PublicKey {
    const seeds = [owner.toBytes(), TOKEN_PROGRAM.toBytes(), this.usdcMint.toBytes()];
    return this.#cached(`ata ${owner.toBase58()}`, seeds, ASSOCIATED_TOKEN_PROGRAM);
  }

  #derive(name: string, ...rest: Uint8Array[]): PublicKey {
    const seeds = [new TextEncoder().encode(name), ...rest];
    return this.#cached(`${name} ${rest.map((seed) => seed.join('.')).join(' ')}`, seeds, this.program);
  }

  #cached(key: string, seeds: Uint8Array[], program: PublicKey): PublicKey {
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const [address] = PublicKey.findProgramAddressSync(seeds, program);
    const oldest = this.#cache.size >= cachedAddressesMax ? this.#cache.keys().next().value : undefined;
    if (oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(key, address);
    return address;
  }
}
