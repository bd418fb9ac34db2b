import { BorshAccountsCoder, type Idl } from '@coral-xyz/anchor';
import { Buffer } from 'buffer';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import type {
  AccountState,
  MarketConfig,
  MarketState,
  OracleConfig,
  OraclePrice,
  PositionState,
  SideTotals,
} from '#shared/perps/types.ts';
import { plainValue } from './plain-value.ts';
import type { RpcAccount } from './rpc.ts';

/** The account is not what the program's interface says. */
export class AccountMalformed extends Error {
  override readonly name = 'AccountMalformed';
}

/** A trader's account with what the workers need beside its money. */
export interface ChainAccount extends AccountState {
  readonly owner: string;
  readonly delegate: {
    readonly enabled: boolean;
    /** Unix seconds. */
    readonly expiresAt: bigint;
    readonly turnoverCap: bigint;
    readonly maxSlippageBps: number;
  };
}

/** A position with what the workers need beside its money. */
export interface ChainPosition extends PositionState {
  readonly owner: string;
  readonly marketIndex: number;
  /** Number of the newest event of its stream. */
  readonly eventSeq: bigint;
  /** Command number of its opening from flat: with the address it names the position. */
  readonly openedSeq: bigint;
  /** Unix seconds. */
  readonly openedAt: bigint;
  readonly lastOrderId: readonly number[];
  /** When its trader asked for it to be closed, unix seconds; 0 where no request is pending. */
  readonly closeRequestedAt: bigint;
  /** Realised so far over the life of the account in this market, quote 1e-6. */
  readonly realizedPnl: bigint;
}

/** A market with what the workers need beside its money. */
export interface ChainMarket extends MarketState {
  readonly index: number;
  readonly eventSeq: bigint;
}

const coder = new BorshAccountsCoder(idl as unknown as Idl);

type Plain = { readonly [field: string]: unknown };

type AccountKind =
  | 'UserAccount'
  | 'Position'
  | 'Market'
  | 'LpAccount'
  | 'Pool'
  | 'Withdrawal'
  | 'Exchange'
  | 'Proposal'
  | 'Outflow'
  | 'Insurance';

/** An account's fields as the program's interface names them, in camelCase. @throws AccountMalformed */
export function decodeFields(kind: AccountKind, program: string, account: RpcAccount): Plain {
  if (account.owner !== program) throw new AccountMalformed(`${kind} belongs to ${account.owner}`);
  try {
    return plainValue(coder.decode(kind, Buffer.from(account.data))) as Plain;
  } catch (error) {
    throw new AccountMalformed(`not a ${kind}`, { cause: error });
  }
}

/** @throws AccountMalformed */
export function decodeUserAccount(program: string, account: RpcAccount): ChainAccount {
  const { owner, collateral, seq, delegate } = decodeFields('UserAccount', program, account);
  return { owner, collateral, seq, delegate } as ChainAccount;
}

/** @throws AccountMalformed */
export function decodePosition(program: string, account: RpcAccount): ChainPosition {
  const { state, ...rest } = decodeFields('Position', program, account);
  return { ...(state as Plain), ...rest } as unknown as ChainPosition;
}

/** @throws AccountMalformed */
export function decodeMarket(program: string, account: RpcAccount): ChainMarket {
  const raw = decodeFields('Market', program, account);
  const price = raw.price as OraclePrice;
  return {
    ...raw,
    oracle: oracleConfig(raw.oracle as Plain),
    config: bigintFields(raw.config as Plain) as unknown as MarketConfig,
    price: price.publishTime === 0n ? null : price,
    long: raw.long as SideTotals,
    short: raw.short as SideTotals,
  } as unknown as ChainMarket;
}

function oracleConfig(raw: Plain): OracleConfig {
  const { minSignatures, feedId, receiverProgram, priceAccount, ...numbers } = raw;
  const hex = (feedId as readonly number[]).map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    minSignatures,
    feedId: hex,
    receiverProgram,
    priceAccount,
    ...bigintFields(numbers),
  } as unknown as OracleConfig;
}

/** Parameters of up to 32 bits arrive as numbers; the mathematics takes bigint throughout. */
const bigintFields = (fields: Plain): Plain =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value]),
  );
