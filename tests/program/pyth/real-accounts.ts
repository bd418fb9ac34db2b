import { readFileSync } from 'node:fs';
import { PublicKey } from '@solana/web3.js';
import type { PriceUpdate } from '#shared/perps/price-update.ts';

/** Program whose accounts hold the newest price of a feed; each is derived from a shard and the feed. */
const PUSH_ORACLE = new PublicKey('pythWSnswVUd12oZpeFP8e9CVaEqJg25g1Vtc2biRsT');

/** A price account of the real network. */
export interface RealAccount {
  readonly name: string;
  readonly address: PublicKey;
  readonly owner: PublicKey;
  readonly data: Uint8Array;
  /** What its bytes say, read by whoever took them from the chain. */
  readonly holds: Omit<PriceUpdate, 'writeAuthority' | 'verification'>;
}

interface Stored {
  readonly address: string;
  readonly owner: string;
  /** Base64 of an account's data. */
  readonly data?: string;
  /** Hex of a Hermes price message, where there is no account. */
  readonly message?: string;
  readonly holds: Readonly<Record<string, string | number>>;
}

/** The account that holds a feed's newest price on shard 0. */
export function pushOracleAddress(feedId: string): PublicKey {
  const shard = new Uint8Array(2);
  return PublicKey.findProgramAddressSync([shard, Buffer.from(feedId, 'hex')], PUSH_ORACLE)[0];
}

function holdsOf(holds: Stored['holds']): RealAccount['holds'] {
  const integer = (name: string): bigint => BigInt(holds[name] ?? 'missing');
  return {
    feedId: String(holds.feedId),
    price: integer('price'),
    conf: integer('conf'),
    exponent: Number(holds.exponent),
    publishTime: integer('publishTime'),
    prevPublishTime: integer('prevPublishTime'),
    emaPrice: integer('emaPrice'),
    emaConf: integer('emaConf'),
    postedSlot: integer('postedSlot'),
  };
}

/** Lengths in a Hermes price message after its type byte and feed id: the numbers of the account, in the other byte order. */
const messageNumbers = [8, 8, 4, 8, 8, 8, 8];

/**
 * A Hermes price message (big-endian, type 0) as the receiver stores it: discriminator, write authority (the account's own
 * address), full verification, the message little-endian, the slot, and one byte that a full verification leaves unused.
 * Written without the encoder under test.
 */
function accountOf(address: PublicKey, message: Buffer): Uint8Array {
  const feed = message.subarray(1, 33);
  let at = 33;
  const numbers = messageNumbers.map((length) => {
    at += length;
    return Buffer.from(message.subarray(at - length, at)).reverse();
  });
  const head = Buffer.from('22f123639d7ef4cd', 'hex');
  return Buffer.concat([head, address.toBytes(), Uint8Array.of(1), feed, ...numbers, new Uint8Array(8 + 1)]);
}

function read(name: string): RealAccount {
  const stored = JSON.parse(readFileSync(new URL(`./accounts/${name}.json`, import.meta.url), 'utf8')) as Stored;
  const address = new PublicKey(stored.address);
  const data =
    stored.data === undefined
      ? accountOf(address, Buffer.from(stored.message ?? '', 'hex'))
      : Uint8Array.from(Buffer.from(stored.data, 'base64'));
  return { name, address, owner: new PublicKey(stored.owner), data, holds: holdsOf(stored.holds) };
}

/** Accounts as they lay on chain, byte for byte. */
export const REAL_ACCOUNTS: readonly RealAccount[] = ['sol-usd-mainnet', 'sol-usd-devnet', 'aapl-usd-devnet'].map(read);
/** A real price message in an account laid out as those are. */
export const BTC_MESSAGE: RealAccount = read('btc-usd-message');
