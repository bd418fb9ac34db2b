import { PublicKey } from '@solana/web3.js';
import { MARKETS, type MarketSymbol } from '#shared/markets.ts';
import { type Quote, quote } from '#shared/money/units.ts';
import { AccountMalformed, type ChainMarket, decodeFields, decodeMarket } from './accounts.ts';
import type { Chain } from './chain.ts';

/** A holder's pending pool request. */
export interface PoolRequest {
  readonly kind: 'mint' | 'redeem';
  /** 1e-6 USDC for a mint, 1e-6 shares for a redemption. */
  readonly amount: bigint;
  /** First publish time (or clock, without open interest) that may execute it, unix seconds. */
  readonly executableFrom: number;
}

/** What the execution of a holder's request needs, all at one slot. */
export interface PoolRequestState {
  /** Null where nothing is pending. */
  readonly request: PoolRequest | null;
  /** All markets there are, in the order of their index. */
  readonly markets: readonly (readonly [MarketSymbol, ChainMarket])[];
  /** Whether the holder's associated USDC account exists. */
  readonly hasTokenAccount: boolean;
}

/** The pool's own money, 1e-6 USDC. */
export interface ChainPool {
  readonly free: Quote;
  /** Each market's backing when it was last settled, by market index. */
  readonly backing: readonly Quote[];
}

/** A holder's account of the pool. */
export interface PoolHolder {
  /** Free shares, 1e-6; those of a pending redemption are in the request. */
  readonly shares: bigint;
  readonly request: (PoolRequest & { /** Unix seconds. */ readonly requestedAt: number }) | null;
}

type Fields = ReturnType<typeof decodeFields>;

/** Null where the wallet never placed a request. @throws ChainUnavailable, AccountMalformed */
export async function readPoolHolder(chain: Chain, owner: PublicKey): Promise<PoolHolder | null> {
  const account = await chain.rpc.getAccount(chain.addresses.lpAccount(owner).toBase58());
  if (account === null) return null;
  const fields = decodeFields('LpAccount', chain.addresses.program.toBase58(), account);
  const request = requestOf(fields);
  return {
    shares: integer(fields, 'shares'),
    request: request === null ? null : { ...request, requestedAt: Number(integer(fields, 'requestedAt')) },
  };
}

/** @throws ChainUnavailable, AccountMalformed */
export async function readPoolRequest(chain: Chain, owner: PublicKey): Promise<PoolRequestState> {
  const { addresses, rpc } = chain;
  const program = addresses.program.toBase58();
  const own = [addresses.lpAccount(owner), addresses.usdcAccount(owner)];
  const markets = MARKETS.map((market) => addresses.market(market.symbol));
  const { accounts } = await rpc.getAccounts([...own, ...markets].map((address) => address.toBase58()));
  const [lpAccount = null, tokens = null, ...rest] = accounts;
  const request = lpAccount === null ? null : requestOf(decodeFields('LpAccount', program, lpAccount));
  return { request, markets: marketsOf(program, rest), hasTokenAccount: tokens !== null };
}

/** The pool and all markets at one slot; null before the exchange was initialised. @throws ChainUnavailable, AccountMalformed */
export async function readPoolAndMarkets(
  chain: Chain,
): Promise<{ readonly pool: ChainPool; readonly markets: PoolRequestState['markets'] } | null> {
  const { addresses, rpc } = chain;
  const program = addresses.program.toBase58();
  const wanted = [addresses.pool, ...MARKETS.map((market) => addresses.market(market.symbol))];
  const [account = null, ...rest] = (await rpc.getAccounts(wanted.map((address) => address.toBase58()))).accounts;
  if (account === null) return null;
  const fields = decodeFields('Pool', program, account);
  const pool = { free: quote(integer(fields, 'free')), backing: fields.backing as readonly Quote[] };
  return { pool, markets: marketsOf(program, rest) };
}

/** A withdrawal that waits for its turn. */
export interface ChainWithdrawal {
  readonly ticket: bigint;
  /** Still to be paid, 1e-6 USDC; 0 where it was cancelled. */
  readonly amount: bigint;
  readonly rentPayer: PublicKey;
}

/** Null where the wallet waits for nothing. @throws ChainUnavailable, AccountMalformed */
export async function readWithdrawal(chain: Chain, owner: PublicKey): Promise<ChainWithdrawal | null> {
  const { addresses, rpc } = chain;
  const account = await rpc.getAccount(addresses.withdrawal(owner).toBase58());
  if (account === null) return null;
  const fields = decodeFields('Withdrawal', addresses.program.toBase58(), account);
  const rentPayer = new PublicKey(String(fields.rentPayer));
  return { ticket: integer(fields, 'ticket'), amount: integer(fields, 'amount'), rentPayer };
}

function requestOf(lpAccount: Fields): PoolRequest | null {
  const kind = lpAccount.requestKind;
  if (kind !== 'mint' && kind !== 'redeem') return null;
  const executableFrom = Number(integer(lpAccount, 'executableFrom'));
  return { kind, amount: integer(lpAccount, 'requestAmount'), executableFrom };
}

const marketsOf = (program: string, accounts: readonly (Parameters<typeof decodeMarket>[1] | null)[]) =>
  MARKETS.flatMap(({ symbol }, i): [MarketSymbol, ChainMarket][] => {
    const account = accounts[i] ?? null;
    return account === null ? [] : [[symbol, decodeMarket(program, account)]];
  });

function integer(fields: Fields, name: string): bigint {
  const value = fields[name];
  if (typeof value === 'bigint') return value;
  throw new AccountMalformed(`${name} is no integer`);
}
