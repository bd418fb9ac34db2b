/** The world of a sequence: one exchange on its own chain, the people in it, and where everything lies. */
import { createHash } from 'node:crypto';
import { MINT_SIZE, MintLayout, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { PublicKey, SYSVAR_INSTRUCTIONS_PUBKEY, SystemProgram } from '@solana/web3.js';
import type { PriceUpdate } from '#shared/perps/price-update.ts';
import { encodePriceUpdate } from '#shared/perps/price-update.ts';
import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import { RECEIVER } from '#support/program/prices.ts';
import { tokenAccountData } from '#support/program/tokens.ts';
import type { AgedAccount } from './action.ts';
import { Accounts } from './accounts.ts';
import type { Key } from './codec.ts';
import { type MarketParameters, marketParameters } from './parameters.ts';
import { FuzzVm, programDataKey } from './vm.ts';

/** Traders of a world, and liquidity providers after them; everyone may do everything. */
export const traderCount = 22;
export const providerCount = 4;
export const peopleCount = traderCount + providerCount;
/** Unix seconds at which every sequence starts. */
export const start = 1_750_000_000n;
/** 1e-6 USDC each person starts with outside the exchange. */
const walletUsdc = 10n ** 15n;
/** Where an account keeps its layout's version, and the present one. */
const versionOffset = 8;
const present = 2;
const lamports = 10n ** 15n;
const ataProgram = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL');

/** A key that a name repeats. Nobody signs here, so nobody needs its secret. */
export const keyOf = (name: string): Key =>
  new PublicKey(createHash('sha256').update(`quantdesk ${name}`).digest()).toBase58();

/** The associated token account of an owner. */
export function associatedTokens(owner: Key, mint: Key): Key {
  const seeds = [new PublicKey(owner).toBytes(), TOKEN_PROGRAM_ID.toBytes(), new PublicKey(mint).toBytes()];
  return PublicKey.findProgramAddressSync(seeds, ataProgram)[0].toBase58();
}

/** Somebody with a wallet, and the addresses of what is his. */
export interface Person {
  readonly owner: Key;
  readonly tokens: Key;
  readonly userAccount: Key;
  readonly lpAccount: Key;
  readonly withdrawal: Key;
}

/** A market's addresses and how it was made. */
export interface WorldMarket {
  readonly index: number;
  readonly key: Key;
  readonly priceAccount: Key;
  /** 32 bytes in hex. */
  readonly feedId: string;
  readonly parameters: MarketParameters;
}

/** Keys of the roles; several of some, since roles change hands. */
export const roles = {
  upgradeAuthority: keyOf('upgrade authority'),
  admin: keyOf('admin'),
  otherAdmin: keyOf('other admin'),
  riskManager: keyOf('risk manager'),
  treasuryAuthority: keyOf('treasury authority'),
  keepers: [keyOf('keeper 0'), keyOf('keeper 1'), keyOf('keeper 2'), keyOf('keeper 3')],
  stranger: keyOf('stranger'),
  payer: keyOf('payer'),
} as const;

const mint = keyOf('usdc');
/** Accounts that every instruction means by these names. */
export const singletons: Readonly<Record<string, Key>> = {
  exchange: addresses.exchange.toBase58(),
  vault: addresses.vault.toBase58(),
  pool: addresses.pool.toBase58(),
  insurance: addresses.insurance.toBase58(),
  treasury: addresses.treasury.toBase58(),
  outflow: addresses.outflow.toBase58(),
  eventAuthority: addresses.eventAuthority.toBase58(),
  program: PROGRAM_ID.toBase58(),
  programData: programDataKey,
  usdcMint: mint,
  tokenProgram: TOKEN_PROGRAM_ID.toBase58(),
  systemProgram: SystemProgram.programId.toBase58(),
  associatedTokenProgram: ataProgram.toBase58(),
  instructionsSysvar: SYSVAR_INSTRUCTIONS_PUBKEY.toBase58(),
  payer: roles.payer,
};

export const singleton = (name: string): Key => {
  const key = singletons[name];
  if (key === undefined) throw new Error(`no singleton ${name}`);
  return key;
};

const noAuthority = PublicKey.default;
const people = new Map<number, Person>();

function personOf(index: number): Person {
  const known = people.get(index);
  if (known !== undefined) return known;
  const owner = keyOf(`person ${index}`);
  const wallet = new PublicKey(owner);
  const person = {
    owner,
    tokens: associatedTokens(owner, mint),
    userAccount: addresses.user(wallet).toBase58(),
    lpAccount: addresses.lp(wallet).toBase58(),
    withdrawal: addresses.withdrawal(wallet).toBase58(),
  };
  people.set(index, person);
  return person;
}

const positions = new Map<string, Key>();

/** Address of a person's position. */
export function positionKey(owner: Key, market: Key): Key {
  const name = owner + market;
  const known = positions.get(name) ?? addresses.position(new PublicKey(owner), new PublicKey(market)).toBase58();
  positions.set(name, known);
  return known;
}

export class World {
  readonly vm: FuzzVm;
  readonly accounts: Accounts;
  readonly people: readonly Person[] = Array.from({ length: peopleCount }, (_, i) => personOf(i));
  /** Markets that exist or may be created, by index. */
  readonly markets: readonly WorldMarket[];
  /** The price each market's account holds now. */
  readonly published: (PriceUpdate | undefined)[] = [];
  /** Tokens that came straight to the vault, 1e-6 USDC: nobody's. */
  gifts = 0n;

  /** A chain with the program and people with USDC; the exchange is not initialised. `seed` chooses the parameters; a still world has no rates. */
  constructor(seed: number, still: boolean) {
    this.vm = new FuzzVm();
    this.vm.install(roles.upgradeAuthority);
    this.vm.setNow(start);
    this.accounts = new Accounts(this.vm);
    this.markets = marketParameters(seed, still).map((parameters, index) => ({
      index,
      key: addresses.market(index).toBase58(),
      priceAccount: keyOf(`price ${index}`),
      feedId: Buffer.alloc(32, index + 1).toString('hex'),
      parameters,
    }));
    this.#fund([roles.payer, roles.upgradeAuthority, roles.admin, roles.otherAdmin, ...roles.keepers]);
    this.#fund([roles.stranger, roles.riskManager, roles.treasuryAuthority, ...this.people.map(({ owner }) => owner)]);
    this.#writeMint();
    for (const { owner, tokens } of this.people) this.writeTokens(tokens, owner, walletUsdc);
    this.writeTokens(this.treasuryTokens, roles.treasuryAuthority, 0n);
  }

  get treasuryTokens(): Key {
    return associatedTokens(roles.treasuryAuthority, mint);
  }

  person(index: number): Person {
    const person = this.people[index];
    if (person === undefined) throw new Error(`no person ${index}`);
    return person;
  }

  market(index: number): WorldMarket {
    const market = this.markets[index];
    if (market === undefined) throw new Error(`no market ${index}`);
    return market;
  }

  /** Markets that were created. */
  get openMarkets(): readonly WorldMarket[] {
    return this.markets.filter(({ key }) => this.accounts.find('market', key) !== undefined);
  }

  position(who: number, market: number): Key {
    return positionKey(this.person(who).owner, this.market(market).key);
  }

  #fund(keys: readonly Key[]): void {
    for (const key of keys) this.vm.setAccount(key, SystemProgram.programId.toBase58(), new Uint8Array(0), lamports);
  }

  #writeMint(): void {
    const data = Buffer.alloc(MINT_SIZE);
    MintLayout.encode(
      {
        mintAuthorityOption: 0,
        mintAuthority: noAuthority,
        supply: 2n ** 63n,
        decimals: 6,
        isInitialized: true,
        freezeAuthorityOption: 0,
        freezeAuthority: noAuthority,
      },
      data,
    );
    this.vm.setAccount(mint, TOKEN_PROGRAM_ID.toBase58(), data);
  }

  /** Writes a token account; `frozen` ones take nothing. */
  writeTokens(key: Key, owner: Key, amount: bigint, frozen = false): void {
    const data = tokenAccountData(new PublicKey(mint), new PublicKey(owner), amount, frozen);
    this.vm.setAccount(key, TOKEN_PROGRAM_ID.toBase58(), data);
    this.accounts.refresh([key]);
  }

  /** Somebody sends tokens straight to the vault. */
  gift(amount: bigint): void {
    const vault = singleton('vault');
    this.writeTokens(vault, singleton('exchange'), this.accounts.tokens(vault) + amount);
    this.gifts += amount;
  }

  /** Address of an account that can be of an older layout. */
  agedKey({ account, who = 0, market = 0 }: { account: AgedAccount; who?: number; market?: number }): Key {
    if (account === 'userAccount' || account === 'lpAccount') return this.person(who)[account];
    if (account === 'position') return this.position(who, market);
    return account === 'market' ? this.market(market).key : singleton(account);
  }

  /** Gives an account the version of the layout before this one; what is new lies in bytes that it kept. */
  age(which: { account: AgedAccount; who?: number; market?: number }): void {
    const key = this.agedKey(which);
    const found = this.vm.account(key);
    if (found === undefined || found.data[versionOffset] !== present) return;
    const data = Uint8Array.from(found.data);
    data[versionOffset] = present - 1;
    this.vm.setAccount(key, found.owner, data);
    this.accounts.refresh([key]);
  }

  /** Publishes a price in the market's account. */
  publish(index: number, update: PriceUpdate): void {
    this.published[index] = update;
    this.vm.setAccount(this.market(index).priceAccount, RECEIVER.toBase58(), encodePriceUpdate(update));
  }
}
