import { createHash } from 'node:crypto';
import { PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';
import * as z from 'zod';
import { MARKETS } from '#shared/markets.ts';
import type { GovernedKind } from '#shared/protocol/governance.ts';
import { decodeFields } from '../../workers/chain/accounts.ts';
import type { Addresses } from '../../workers/chain/addresses.ts';
import { type ChainProposal, readProposalsBefore, standingIn } from '../../workers/chain/governance.ts';
import type { GovernedChange } from '../../workers/chain/governed-change.ts';
import type { RpcAccount, SolanaRpc } from '../../workers/chain/rpc.ts';
import type { WantedNetwork } from './network-file.ts';

/** Layout of ProgramData: u32 state, u64 slot, option and key of the upgrade authority, then the ELF. */
const authorityOptionOffset = 12;
const authorityOffset = 13;
const elfOffset = 45;
/** Layout of an SPL token account and of a mint. */
const tokenAmountOffset = 64;
const mintDecimalsOffset = 44;
/** Where the clock has its unix seconds. */
const clockSecondsOffset = 32;
const clockSysvar = 'SysvarC1ock11111111111111111111111111111111';
/** Where an account keeps the version of its layout, and the version `migrate_account` reads. */
const versionOffset = 8;
const oldVersion = bs58.encode(Uint8Array.of(1));
const marketsMax = 16;

/** A program as the upgradeable loader holds it. */
export interface DeployedProgram {
  /** Of the ELF without the zeros behind it, hex. */
  readonly sha256: string;
  /** Null: final, nobody can replace it. */
  readonly upgradeAuthority: string | null;
}

/** The exchange's own account. */
export interface ExchangeState {
  readonly admin: string;
  /** Null: nobody waits for the role. */
  readonly pendingAdmin: string | null;
  /** Unix seconds. */
  readonly pendingAdminFrom: number;
  readonly usdcMint: string;
  readonly keepers: readonly { readonly key: string; /** Unix seconds. */ readonly activeFrom: number }[];
  readonly marketCount: number;
  readonly proposalCount: number;
  readonly timeLockSeconds: number;
  readonly standing: Readonly<Record<Exclude<GovernedKind, 'market_config' | 'market_oracle'>, GovernedChange>>;
}

/** A market as it stands. */
export interface MarketState {
  readonly index: number;
  /** As the chain spells it. */
  readonly symbol: string;
  readonly config: GovernedChange;
  readonly oracle: GovernedChange;
  /** The pool's money in it, 1e-6 USDC. */
  readonly backing: bigint;
}

/** What the plan compares with the file, all but the program read at one slot. */
export interface NetworkState {
  readonly slot: number;
  /** The chain's clock, unix seconds. */
  readonly now: number;
  readonly program: DeployedProgram | null;
  /** Accounts of the layout before the present one. */
  readonly oldAccounts: readonly string[];
  /** Null where there is no mint. */
  readonly mintDecimals: number | null;
  readonly exchange: ExchangeState | null;
  readonly markets: readonly MarketState[];
  readonly pool: { readonly supply: bigint; readonly free: bigint } | null;
  /** 1e-6 USDC. */
  readonly insuranceBalance: bigint;
  readonly proposals: readonly ChainProposal[];
  /** Wallets that have a trading account. */
  readonly traders: ReadonlySet<string>;
  /** What the seeder asked of the pool; null where nothing is pending. */
  readonly seedRequest: { /** Unix seconds. */ readonly executableFrom: number } | null;
  /** USDC that wallets hold, 1e-6. */
  readonly tokens: ReadonlyMap<string, bigint>;
  readonly lamports: ReadonlyMap<string, bigint>;
}

/** What is read once and again when it was changed: large, and of no concern to other steps. */
export type SlowState = Pick<NetworkState, 'program' | 'oldAccounts'>;

interface Access {
  readonly rpc: SolanaRpc;
  readonly addresses: Addresses;
}

/** SHA-256 of an ELF, whose bytes may be followed by zeros. */
export function elfHash(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return createHash('sha256').update(bytes.subarray(0, end)).digest('hex');
}

const programDataSchema = z.object({ value: z.object({ data: z.tuple([z.string(), z.string()]) }).nullable() });

/** The program as it is deployed; null where it is not. @throws ChainUnavailable */
export async function readProgram({ rpc, addresses }: Access, wanted: WantedNetwork): Promise<DeployedProgram | null> {
  const options = { encoding: 'base64', commitment: wanted.commitment };
  const { value } = await rpc.call('getAccountInfo', [addresses.programData.toBase58(), options], programDataSchema);
  const data = Buffer.from(value?.data[0] ?? '', 'base64');
  if (data.length <= elfOffset) return null;
  const hasAuthority = data[authorityOptionOffset] === 1;
  const authority = data.subarray(authorityOffset, elfOffset);
  return {
    sha256: elfHash(data.subarray(elfOffset)),
    upgradeAuthority: hasAuthority ? new PublicKey(authority).toBase58() : null,
  };
}

/** @throws ChainUnavailable */
export async function readSlowState(access: Access, wanted: WantedNetwork): Promise<SlowState> {
  const filters = [{ memcmp: { offset: versionOffset, bytes: oldVersion } }];
  const options = { filters, dataSlice: { offset: 0, length: 0 }, encoding: 'base64', commitment: wanted.commitment };
  const listed = z.array(z.object({ pubkey: z.string() }));
  const program = await readProgram(access, wanted);
  const old = await access.rpc.call('getProgramAccounts', [wanted.program.id, options], listed);
  return { program, oldAccounts: old.map(({ pubkey }) => pubkey) };
}

/** @throws ChainUnavailable, AccountMalformed */
export async function readNetworkState(access: Access, wanted: WantedNetwork, slow: SlowState): Promise<NetworkState> {
  const { rpc, addresses } = access;
  const program = addresses.program.toBase58();
  const wallets = [wanted.pool?.seeded_by, wanted.insurance?.fundedBy].filter((wallet) => wallet !== undefined);
  const names = {
    exchange: addresses.exchange,
    pool: addresses.pool,
    insurance: addresses.insurance,
    outflow: addresses.outflow,
    mint: addresses.usdcMint,
    clock: new PublicKey(clockSysvar),
    ...Object.fromEntries(Array.from({ length: marketsMax }, (_, i) => [`market ${i}`, addresses.marketAt(i)])),
    ...Object.fromEntries(wanted.keepers.map((key) => [`trader ${key}`, addresses.userAccount(new PublicKey(key))])),
    ...Object.fromEntries(wallets.map((key) => [`tokens ${key}`, addresses.usdcAccount(new PublicKey(key))])),
    ...Object.fromEntries(wallets.map((key) => [`holder ${key}`, addresses.lpAccount(new PublicKey(key))])),
    ...Object.fromEntries((wanted.airdrop?.accounts ?? []).map((key) => [`lamports ${key}`, new PublicKey(key)])),
  };
  const read = await rpc.getAccounts(
    Object.values(names).map((key) => key.toBase58()),
    wanted.commitment,
  );
  const found = new Map(Object.keys(names).map((name, i) => [name, read.accounts[i] ?? null]));
  const at = (name: string): RpcAccount | null => found.get(name) ?? null;
  const fields = (kind: Parameters<typeof decodeFields>[0], name: string) => {
    const account = at(name);
    return account === null ? null : decodeFields(kind, program, account);
  };
  const [exchange, pool, insurance, outflow] = [
    fields('Exchange', 'exchange'),
    fields('Pool', 'pool'),
    fields('Insurance', 'insurance'),
    fields('Outflow', 'outflow'),
  ];
  const holder = wanted.pool === undefined ? null : fields('LpAccount', `holder ${wanted.pool.seeded_by}`);
  const isSet = exchange !== null && outflow !== null && insurance !== null;
  return {
    ...slow,
    slot: read.slot,
    now: clockOf(at('clock')),
    mintDecimals: at('mint')?.data[mintDecimalsOffset] ?? null,
    exchange: isSet ? exchangeOf(exchange, outflow, insurance) : null,
    markets: Array.from({ length: marketsMax }, (_, i) => fields('Market', `market ${i}`)).flatMap((market, i) =>
      market === null ? [] : [marketOf(market, i)],
    ),
    pool: pool === null ? null : { supply: pool.supply as bigint, free: pool.free as bigint },
    insuranceBalance: (insurance?.balance as bigint | undefined) ?? 0n,
    proposals: exchange === null ? [] : await readProposalsBefore(access, Number(exchange.proposalCount)),
    traders: new Set(wanted.keepers.filter((key) => at(`trader ${key}`) !== null)),
    seedRequest:
      holder === null || holder.requestKind === 'none' ? null : { executableFrom: Number(holder.executableFrom) },
    tokens: new Map(wallets.map((key) => [key, tokensOf(at(`tokens ${key}`))])),
    lamports: new Map(
      (wanted.airdrop?.accounts ?? []).map((key) => [key, BigInt(at(`lamports ${key}`)?.lamports ?? 0)]),
    ),
  };
}

type Fields = ReturnType<typeof decodeFields>;

function exchangeOf(exchange: Fields, outflow: Fields, insurance: Fields): ExchangeState {
  const pending = String(exchange.pendingAdmin);
  const none = PublicKey.default.toBase58();
  const keepers = exchange.keepers as readonly { readonly key: string; readonly activeFrom: bigint }[];
  return {
    admin: String(exchange.admin),
    pendingAdmin: pending === none ? null : pending,
    pendingAdminFrom: Number(exchange.pendingAdminFrom),
    usdcMint: String(exchange.usdcMint),
    keepers: keepers
      .filter(({ key }) => key !== none)
      .map(({ key, activeFrom }) => ({ key, activeFrom: Number(activeFrom) })),
    marketCount: Number(exchange.marketCount),
    proposalCount: Number(exchange.proposalCount),
    timeLockSeconds: Number(exchange.timeLockSeconds),
    standing: {
      exchange_limits: standingIn('exchange_limits', null, exchange),
      roles: standingIn('roles', null, exchange),
      outflow_limits: standingIn('outflow_limits', null, outflow),
      insurance_topup: standingIn('insurance_topup', null, insurance),
    },
  };
}

function marketOf(fields: Fields, index: number): MarketState {
  const symbol = MARKETS.find((market) => market.index === index)?.symbol ?? null;
  return {
    index,
    symbol: Buffer.from(fields.symbol as readonly number[])
      .toString('ascii')
      .replace(/\0+$/, ''),
    config: standingIn('market_config', symbol, fields),
    oracle: standingIn('market_oracle', symbol, fields),
    backing: fields.backing as bigint,
  };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function clockOf(account: RpcAccount | null): number {
  if (account === null) throw new Error('the node has no clock');
  return Number(viewOf(account.data).getBigInt64(clockSecondsOffset, true));
}

const tokensOf = (account: RpcAccount | null): bigint =>
  account === null ? 0n : viewOf(account.data).getBigUint64(tokenAmountOffset, true);
