import { Keypair, PublicKey } from '@solana/web3.js';
import { addresses } from '#support/program/addresses.ts';
import type { AccountName } from '#support/program/client.ts';
import { BASE, TestExchange, type TestMarket, type Trader, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { writeMint, writeTokenAccount } from '#support/program/tokens.ts';

export const TOKEN_2022 = new PublicKey('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb');

/** An account somebody might pass in place of another. */
export interface Spare {
  readonly label: string;
  readonly key: PublicKey;
}

/**
 * An exchange in which everything exists twice, so that each account has another one like it: two markets, two traders with
 * positions in both, two liquidity providers, two proposals, two queued withdrawals, a liquidator, a stranger, another token.
 */
export interface World {
  readonly exchange: TestExchange;
  readonly first: TestMarket;
  readonly second: TestMarket;
  readonly alice: Trader;
  readonly bob: Trader;
  /** Has an account and takes liquidation rewards. */
  readonly carol: Trader;
  /** Signs and pays, and owns nothing here. */
  readonly stranger: Trader;
  /** Pays rent; nobody in particular. */
  readonly payer: Keypair;
  readonly otherMint: PublicKey;
  /** Alice's account of the other token. */
  readonly otherTokens: PublicKey;
  /** A token account of the exchange's authority that is not its vault. */
  readonly falseVault: PublicKey;
}

/** Everybody of whom a signature may come, by label. */
export function signersOf(world: World): readonly (Spare & { readonly keypair: Keypair })[] {
  const { exchange, alice, bob, stranger } = world;
  const entries: [string, Keypair][] = [
    ['alice', alice.wallet],
    ['bob', bob.wallet],
    ['the stranger', stranger.wallet],
    ['the keeper', exchange.keeper],
    ['the admin', exchange.admin],
    ['the risk manager', exchange.riskManager],
    ['the treasury authority', exchange.treasuryAuthority],
  ];
  return entries.map(([label, keypair]) => ({ label, key: keypair.publicKey, keypair }));
}

/** Accounts of a type by label: whose they are. */
export function sparesOf(world: World, type: AccountName): readonly Spare[] {
  const { first, second, alice, bob, carol } = world;
  const people: [string, PublicKey][] = [
    ['alice', alice.wallet.publicKey],
    ['bob', bob.wallet.publicKey],
  ];
  if (type === 'market') {
    return [
      { label: 'the first market', key: first.key },
      { label: 'the second market', key: second.key },
    ];
  }
  if (type === 'position') {
    return people.flatMap(([label, owner]) => [
      { label: `${label} in the first market`, key: addresses.position(owner, first.key) },
      { label: `${label} in the second market`, key: addresses.position(owner, second.key) },
    ]);
  }
  if (type === 'userAccount') {
    const all = [...people, ['carol', carol.wallet.publicKey] as [string, PublicKey]];
    return all.map(([label, owner]) => ({ label, key: addresses.user(owner) }));
  }
  if (type === 'proposal') {
    return [
      { label: 'the first proposal', key: addresses.proposal(0n) },
      { label: 'the second proposal', key: addresses.proposal(1n) },
    ];
  }
  if (type === 'withdrawal') return people.map(([label, owner]) => ({ label, key: addresses.withdrawal(owner) }));
  if (type === 'lpAccount') return people.map(([label, owner]) => ({ label, key: addresses.lp(owner) }));
  return [];
}

/** What both proposals of the full world would change. */
export const TOPUP: build.ProposedChange = { insuranceTopup: { capPerHour: bn(USDC) } };

/** An account of this type that exists; undefined where none does. */
export function oneOf(world: World, type: AccountName): PublicKey | undefined {
  const { exchange, pool, insurance, treasury, outflow } = addresses;
  const singletons: Partial<Record<AccountName, PublicKey>> = { exchange, pool, insurance, treasury, outflow };
  const keys = [singletons[type], ...sparesOf(world, type).map(({ key }) => key)];
  return keys.find((key) => key !== undefined && world.exchange.chain.data(key) !== undefined);
}

const startPrice = 100n * USD_PRICE;

/** A world before anything happened: the program is deployed, nobody has initialised it. */
export function emptyWorld(): World {
  const exchange = new TestExchange();
  const { chain } = exchange;
  const nothing: TestMarket = {
    index: 0,
    key: addresses.market(0),
    priceAccount: Keypair.generate().publicKey,
    feedId: new Uint8Array(32),
  };
  const otherMint = writeMint(chain, 6);
  const alice = exchange.holder();
  return {
    exchange,
    first: nothing,
    second: { ...nothing, index: 1, key: addresses.market(1) },
    alice,
    bob: exchange.holder(),
    carol: exchange.holder(),
    stranger: exchange.holder(),
    payer: chain.wallet(),
    otherMint,
    otherTokens: writeTokenAccount(chain, otherMint, alice.wallet.publicKey, 1_000n * USDC),
    falseVault: writeTokenAccount(chain, exchange.mint, addresses.exchange, 1_000n * USDC),
  };
}

/** The world in which everything exists twice. */
export async function fullWorld(): Promise<World> {
  const world = emptyWorld();
  const { exchange } = world;
  must(await exchange.initialize());
  const first = await exchange.addMarket();
  const second = await exchange.addMarket();
  for (const market of [first, second]) exchange.price(market, startPrice);
  await exchange.provide(1_000_000n * USDC, exchange.holder());
  const [alice, bob, carol] = [await exchange.trader(), await exchange.trader(), await exchange.trader()];
  for (const provider of [alice, bob]) await exchange.provide(10_000n * USDC, provider);
  for (const market of [first, second]) {
    must(await exchange.open(alice, { size: 100n * BASE, leverageE2: 1_800 }, market));
    must(await exchange.open(bob, { side: 'short', size: 50n * BASE, leverageE2: 500 }, market));
  }
  for (const [id, payer] of [world.payer, world.stranger.wallet].entries()) {
    const { admin } = exchange;
    const propose = await build.proposeChange(admin.publicKey, payer.publicKey, BigInt(id), TOPUP);
    must(exchange.send([propose], [admin, payer]));
  }
  for (const [trader, payer] of [[alice, world.payer] as const, [bob, world.stranger.wallet] as const]) {
    const owner = trader.wallet.publicKey;
    const queue = await build.queueWithdrawal(owner, payer.publicKey, USDC);
    must(exchange.send([queue], [trader.wallet, payer]));
    writeTokenAccount(exchange.chain, exchange.mint, owner, 0n, build.withdrawalDestination(owner, exchange.mint));
  }
  const otherTokens = writeTokenAccount(exchange.chain, world.otherMint, alice.wallet.publicKey, 1_000n * USDC);
  return { ...world, first, second, alice, bob, carol, otherTokens };
}
