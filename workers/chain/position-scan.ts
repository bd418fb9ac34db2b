import { PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';
import * as z from 'zod';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import type { MarketSymbol } from '#shared/markets.ts';
import { type ChainPosition, decodePosition } from './accounts.ts';
import type { Chain } from './chain.ts';
import { bytesOfBase64, type RpcAccount } from './rpc.ts';

/** Where the program's Position account has its owner and its market: behind the discriminator, a version and a bump. */
const ownerOffset = 10;
const marketOffset = 42;

const discriminator = bs58.encode(
  Uint8Array.from(idl.accounts.find(({ name }) => name === 'Position')?.discriminator ?? []),
);

const keyedAccountsSchema = z.array(
  z.object({
    account: z.object({ owner: z.string(), lamports: z.number(), data: z.tuple([z.string(), z.literal('base64')]) }),
  }),
);

/**
 * The Position accounts of a market, flat ones too, as they stand on chain; of owners whose address begins with one byte, or of all (null).
 * Not decoded: there may be many. @throws ChainUnavailable, also where the answer is too large
 */
export async function scanPositions(
  chain: Chain,
  symbol: MarketSymbol,
  ownerByte: number | null,
): Promise<RpcAccount[]> {
  const market = chain.addresses.market(symbol).toBase58();
  const filters = [
    { memcmp: { offset: 0, bytes: discriminator } },
    { memcmp: { offset: marketOffset, bytes: market } },
    ...(ownerByte === null ? [] : [{ memcmp: { offset: ownerOffset, bytes: bs58.encode(Uint8Array.of(ownerByte)) } }]),
  ];
  const options = { encoding: 'base64', commitment: 'confirmed', filters };
  const found = await chain.rpc.call(
    'getProgramAccounts',
    [chain.addresses.program.toBase58(), options],
    keyedAccountsSchema,
  );
  return found.map(({ account: { data, ...rest } }) => ({ ...rest, data: bytesOfBase64(data[0]) }));
}

/** One trader's position; null where he never traded in the market. @throws ChainUnavailable, AccountMalformed */
export async function readPosition(chain: Chain, symbol: MarketSymbol, owner: string): Promise<ChainPosition | null> {
  const address = chain.addresses.position(new PublicKey(owner), symbol).toBase58();
  const account = await chain.rpc.getAccount(address);
  return account === null ? null : decodePosition(chain.addresses.program.toBase58(), account);
}
