import bs58 from 'bs58';
import { z } from 'zod';
import type { ChainAccount } from '../account.ts';
import { tokenAmount, tokenHolding, tokenMint, tokenPrograms } from '../token.ts';
import { accountEncoding, accountJson, type AccountView, dataSlice } from './account-json.ts';
import { config, configSchema, method, publicKey, type RpcMethods, type RpcNode, withContext } from './method.ts';
import { invalidParams } from './rpc-error.ts';

const accountsPerRequestMax = 100;
const filtersMax = 4;
const memcmpBytesMax = 128;

const viewShape = { encoding: accountEncoding.optional(), dataSlice: dataSlice.optional() };
const viewConfig = configSchema(viewShape);

const memcmp = z.object({
  offset: z.int().min(0),
  bytes: z.string(),
  encoding: z.enum(['base58', 'base64']).optional(),
});
export const accountFilter = z.union([z.object({ dataSize: z.int().min(0) }), z.object({ memcmp })]);
export const accountFilters = z.array(accountFilter).max(filtersMax).nullish();
export type AccountFilters = z.infer<typeof accountFilters>;

/** Makes a test of the filters. Throws `RpcError` when bytes can't be decoded. */
export function filterTest(filters: AccountFilters): (account: ChainAccount) => boolean {
  const tests = (filters ?? []).map((filter) => {
    if ('dataSize' in filter) return ({ data }: ChainAccount) => data.length === filter.dataSize;
    const { offset } = filter.memcmp;
    const wanted = memcmpBytes(filter.memcmp);
    return ({ data }: ChainAccount) => wanted.equals(data.subarray(offset, offset + wanted.length));
  });
  return (account) => tests.every((test) => test(account));
}

function memcmpBytes({ bytes, encoding }: z.infer<typeof memcmp>): Buffer {
  let decoded: Buffer;
  try {
    decoded = encoding === 'base64' ? Buffer.from(bytes, 'base64') : Buffer.from(bs58.decode(bytes));
  } catch {
    throw invalidParams('Invalid param: memcmp bytes are not base58');
  }
  if (decoded.length > memcmpBytesMax)
    throw invalidParams(`Invalid param: memcmp takes at most ${memcmpBytesMax} bytes`);
  return decoded;
}

const reader =
  ({ chain }: RpcNode) =>
  (key: string) =>
    chain.vm.account(key);

function viewed(account: ChainAccount | undefined, view: AccountView | null | undefined, node: RpcNode): unknown {
  return accountJson(account, view ?? {}, reader(node));
}

function keyed(accounts: readonly ChainAccount[], view: AccountView | null | undefined, node: RpcNode): unknown[] {
  return accounts.map((account) => ({ pubkey: account.address, account: viewed(account, view, node) }));
}

const tokenFilter = z.union([z.object({ mint: publicKey }), z.object({ programId: publicKey })]);

function tokenAccounts(
  filter: z.infer<typeof tokenFilter>,
  node: RpcNode,
  matches: (owner: string, delegate?: string) => boolean,
): ChainAccount[] {
  const mint = 'mint' in filter ? filter.mint : undefined;
  const program = 'mint' in filter ? node.chain.vm.account(filter.mint)?.owner : filter.programId;
  if (program === undefined || !tokenPrograms.has(program)) {
    throw invalidParams(
      mint === undefined ? 'Invalid param: unrecognized Token program id' : 'Invalid param: could not find mint',
    );
  }
  return node.chain.vm.programAccounts(program).filter((account) => {
    const holding = tokenHolding(account);
    if (holding === undefined || (mint !== undefined && holding.mint !== mint)) return false;
    return matches(holding.owner, holding.delegate?.address);
  });
}

/** Methods that read accounts. */
export const accountMethods: RpcMethods = {
  getBalance: method(z.tuple([publicKey, config]), ([key, context], node) => {
    return withContext(context, node, Number(node.chain.vm.account(key)?.lamports ?? 0n));
  }),

  getAccountInfo: method(z.tuple([publicKey, viewConfig]), ([key, view], node) => {
    return withContext(view, node, viewed(node.chain.vm.account(key), view, node));
  }),

  getMultipleAccounts: method(
    z.tuple([z.array(publicKey).max(accountsPerRequestMax), viewConfig]),
    ([keys, view], node) => {
      return withContext(
        view,
        node,
        keys.map((key) => viewed(node.chain.vm.account(key), view, node)),
      );
    },
  ),

  getProgramAccounts: method(
    z.tuple([publicKey, configSchema({ ...viewShape, filters: accountFilters, withContext: z.boolean().optional() })]),
    ([program, view], node) => {
      const found = node.chain.vm.programAccounts(program).filter(filterTest(view?.filters));
      const accounts = keyed(found, view, node);
      return view?.withContext ? withContext(view, node, accounts) : accounts;
    },
  ),

  getMinimumBalanceForRentExemption: method(z.tuple([z.int().min(0).max(10_485_760), config]), ([bytes], node) => {
    return Number(node.chain.vm.rentExemptLamports(bytes));
  }),

  getTokenAccountBalance: method(z.tuple([publicKey, config]), ([key, context], node) => {
    const holding = tokenHolding(node.chain.vm.account(key));
    if (holding === undefined) throw invalidParams('Invalid param: could not find account');
    const decimals = tokenMint(node.chain.vm.account(holding.mint))?.decimals ?? 0;
    return withContext(context, node, tokenAmount(holding.amount, decimals));
  }),

  getTokenSupply: method(z.tuple([publicKey, config]), ([key, context], node) => {
    const mint = tokenMint(node.chain.vm.account(key));
    if (mint === undefined) throw invalidParams('Invalid param: could not find mint');
    return withContext(context, node, tokenAmount(mint.supply, mint.decimals));
  }),

  getTokenAccountsByOwner: method(z.tuple([publicKey, tokenFilter, viewConfig]), ([wanted, filter, view], node) => {
    const found = tokenAccounts(filter, node, (owner) => owner === wanted);
    return withContext(view, node, keyed(found, view, node));
  }),

  getTokenAccountsByDelegate: method(z.tuple([publicKey, tokenFilter, viewConfig]), ([wanted, filter, view], node) => {
    const found = tokenAccounts(filter, node, (_, delegate) => delegate === wanted);
    return withContext(view, node, keyed(found, view, node));
  }),
};
