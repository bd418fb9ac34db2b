/** Instructions of the program, one builder each, with every account filled in. */
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey } from '@solana/web3.js';
import {
  SYSVAR_INSTRUCTIONS_PUBKEY,
  SystemProgram,
  type AccountMeta,
  type TransactionInstruction,
} from '@solana/web3.js';
import type anchor from '@coral-xyz/anchor';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import { addresses } from './addresses.ts';
import { eventAccounts, program } from './client.ts';
import { bn } from './plain.ts';

export * from './governance.ts';
export * from './withdrawals.ts';

type Types = anchor.IdlTypes<QuantdeskPerpDex>;
type Built = Promise<TransactionInstruction>;
/** Side of a position. */
export type Side = 'long' | 'short';

const { exchange, vault, pool, insurance, treasury, outflow, programData } = addresses;
const tokenProgram = TOKEN_PROGRAM_ID;
const systemProgram = SystemProgram.programId;
const noOrder = new Uint8Array(16);

/** The size that means all of a position. */
export const ALL = 2n ** 64n - 1n;

export const initializeExchange = (
  upgradeAuthority: PublicKey,
  usdcMint: PublicKey,
  args: Types['initializeExchangeArgs'],
): Built =>
  program.methods
    .initializeExchange(args)
    .accountsStrict({
      upgradeAuthority,
      programData,
      usdcMint,
      exchange,
      vault,
      pool,
      insurance,
      treasury,
      outflow,
      tokenProgram,
      systemProgram,
      ...eventAccounts,
    })
    .instruction();

export const createMarket = (
  admin: PublicKey,
  payer: PublicKey,
  index: number,
  args: Types['createMarketArgs'],
): Built =>
  program.methods
    .createMarket(args)
    .accountsStrict({
      admin,
      payer,
      exchange,
      pool,
      market: addresses.market(index),
      instructionsSysvar: SYSVAR_INSTRUCTIONS_PUBKEY,
      systemProgram,
      ...eventAccounts,
    })
    .instruction();

export const openUserAccount = (owner: PublicKey, payer: PublicKey): Built =>
  program.methods
    .openUserAccount()
    .accountsStrict({ owner, payer, userAccount: addresses.user(owner), systemProgram, ...eventAccounts })
    .instruction();

export const createPosition = (owner: PublicKey, market: PublicKey, payer: PublicKey): Built =>
  program.methods
    .createPosition()
    .accountsStrict({
      payer,
      userAccount: addresses.user(owner),
      market,
      position: addresses.position(owner, market),
      systemProgram,
      ...eventAccounts,
    })
    .instruction();

/** `expiresAt` in unix seconds, `turnoverCap` in 1e-6 USDC. */
export const setDelegate = (
  owner: PublicKey,
  args: { expiresAt: bigint; turnoverCap: bigint; maxSlippageBps: number },
): Built =>
  program.methods
    .setDelegate({
      expiresAt: bn(args.expiresAt),
      turnoverCap: bn(args.turnoverCap),
      maxSlippageBps: args.maxSlippageBps,
    })
    .accountsStrict({ owner, userAccount: addresses.user(owner), ...eventAccounts })
    .instruction();

export const revokeDelegate = (owner: PublicKey): Built =>
  program.methods
    .revokeDelegate()
    .accountsStrict({ owner, userAccount: addresses.user(owner), ...eventAccounts })
    .instruction();

export const depositCollateral = (owner: PublicKey, source: PublicKey, amount: bigint): Built =>
  program.methods
    .depositCollateral({ amount: bn(amount) })
    .accountsStrict({
      owner,
      exchange,
      outflow,
      userAccount: addresses.user(owner),
      vault,
      source,
      tokenProgram,
      ...eventAccounts,
    })
    .instruction();

export const withdrawCollateral = (owner: PublicKey, destination: PublicKey, amount: bigint): Built =>
  program.methods
    .withdrawCollateral({ amount: bn(amount) })
    .accountsStrict({
      owner,
      exchange,
      outflow,
      userAccount: addresses.user(owner),
      vault,
      destination,
      tokenProgram,
      ...eventAccounts,
    })
    .instruction();

/** Who signs a command and on what. */
export interface Command {
  readonly owner: PublicKey;
  readonly market: PublicKey;
  readonly priceUpdate: PublicKey;
  readonly keeper: PublicKey;
  /** True where the owner signs too; false where the keeper acts under the delegation. */
  readonly selfSigned: boolean;
  readonly expectedSeq: bigint;
  /** 16 bytes; none by default. */
  readonly orderId?: Uint8Array;
  /** Unix seconds; 0 by default. */
  readonly minPublishTime?: bigint;
}

const tradeAccounts = (command: Command) => ({
  keeper: command.keeper,
  ownerSigner: command.selfSigned ? command.owner : null,
  exchange,
  market: command.market,
  userAccount: addresses.user(command.owner),
  position: addresses.position(command.owner, command.market),
  priceUpdate: command.priceUpdate,
  ...eventAccounts,
});

const commandArgs = (command: Command) => ({
  orderId: Array.from(command.orderId ?? noOrder),
  expectedSeq: bn(command.expectedSeq),
  minPublishTime: bn(command.minPublishTime ?? 0n),
});

const sideArg = (side: Side) => (side === 'long' ? { long: {} } : { short: {} });

export const openPosition = (
  command: Command,
  args: { side: Side; size: bigint; leverageE2: number; worstPrice: bigint },
): Built =>
  program.methods
    .openPosition({
      ...commandArgs(command),
      side: sideArg(args.side),
      size: bn(args.size),
      leverageE2: args.leverageE2,
      worstPrice: bn(args.worstPrice),
    })
    .accountsStrict(tradeAccounts(command))
    .instruction();

export const closePosition = (
  command: Command,
  args: { size: bigint; worstPrice: bigint; withInsurance?: boolean },
): Built =>
  program.methods
    .closePosition({ ...commandArgs(command), size: bn(args.size), worstPrice: bn(args.worstPrice) })
    .accountsStrict({ ...tradeAccounts(command), insurance: args.withInsurance === true ? insurance : null })
    .instruction();

/** `side` long buys, short sells; `leverageE2` concerns what is opened. */
export const trade = (
  command: Command,
  args: { side: Side; size: bigint; leverageE2: number; worstPrice: bigint; withInsurance?: boolean },
): Built =>
  program.methods
    .trade({
      ...commandArgs(command),
      side: sideArg(args.side),
      size: bn(args.size),
      leverageE2: args.leverageE2,
      worstPrice: bn(args.worstPrice),
    })
    .accountsStrict({ ...tradeAccounts(command), insurance: args.withInsurance === true ? insurance : null })
    .instruction();

export const requestClose = (owner: PublicKey, market: PublicKey): Built =>
  program.methods
    .requestClose()
    .accountsStrict({ owner, position: addresses.position(owner, market), ...eventAccounts })
    .instruction();

/** What anyone may do to a trader's position. */
export interface OpenToAnyone {
  readonly owner: PublicKey;
  readonly market: PublicKey;
  readonly priceUpdate: PublicKey;
  readonly withInsurance: boolean;
}

const openToAnyoneAccounts = (input: OpenToAnyone) => ({
  exchange,
  market: input.market,
  userAccount: addresses.user(input.owner),
  position: addresses.position(input.owner, input.market),
  priceUpdate: input.priceUpdate,
  insurance: input.withInsurance ? insurance : null,
  ...eventAccounts,
});

export const executeCloseRequest = (input: OpenToAnyone): Built =>
  program.methods.executeCloseRequest().accountsStrict(openToAnyoneAccounts(input)).instruction();

/** `keeper` null: nobody of the keepers signs. */
export const closeCapped = (input: OpenToAnyone & { readonly keeper: PublicKey | null }): Built =>
  program.methods
    .closeCapped()
    .accountsStrict({ keeper: input.keeper, ...openToAnyoneAccounts(input) })
    .instruction();

export const settlePosition = (owner: PublicKey, market: PublicKey, priceUpdate: PublicKey): Built =>
  program.methods
    .settlePosition()
    .accountsStrict({ market, position: addresses.position(owner, market), priceUpdate, ...eventAccounts })
    .instruction();

export const payOwed = (owner: PublicKey, market: PublicKey, withInsurance: boolean): Built =>
  program.methods
    .payOwed()
    .accountsStrict({
      market,
      userAccount: addresses.user(owner),
      position: addresses.position(owner, market),
      insurance: withInsurance ? insurance : null,
      ...eventAccounts,
    })
    .instruction();

export const removeMargin = (command: Command, amount: bigint): Built =>
  program.methods
    .removeMargin({ ...commandArgs(command), amount: bn(amount) })
    .accountsStrict(tradeAccounts(command))
    .instruction();

/** `keeper` null: the owner alone. */
export const addMargin = (
  command: Omit<Command, 'keeper' | 'priceUpdate'> & { keeper: PublicKey | null },
  amount: bigint,
): Built =>
  program.methods
    .addMargin({
      amount: bn(amount),
      orderId: Array.from(command.orderId ?? noOrder),
      expectedSeq: bn(command.expectedSeq),
    })
    .accountsStrict({
      keeper: command.keeper,
      ownerSigner: command.selfSigned ? command.owner : null,
      exchange,
      market: command.market,
      userAccount: addresses.user(command.owner),
      position: addresses.position(command.owner, command.market),
      ...eventAccounts,
    })
    .instruction();

export interface Liquidation extends OpenToAnyone {
  /** Null: nobody of the keepers signs. */
  readonly keeper: PublicKey | null;
  /** Whose account takes the reward; null leaves it with insurance. */
  readonly liquidator: PublicKey | null;
}

export const liquidatePosition = (input: Liquidation): Built =>
  program.methods
    .liquidatePosition()
    .accountsStrict({
      keeper: input.keeper,
      ...openToAnyoneAccounts(input),
      liquidatorAccount: input.liquidator === null ? null : addresses.user(input.liquidator),
    })
    .instruction();

export const refreshMarket = (market: PublicKey, priceUpdate: PublicKey): Built =>
  program.methods
    .refreshMarket()
    .accountsStrict({ market, priceUpdate, ...eventAccounts })
    .instruction();

export const settleMarket = (market: PublicKey, priceUpdate: PublicKey): Built =>
  program.methods
    .settleMarket()
    .accountsStrict({ market, pool, insurance, treasury, priceUpdate, ...eventAccounts })
    .instruction();

export const donate = (donor: PublicKey, source: PublicKey, amount: bigint): Built =>
  program.methods
    .donate({ amount: bn(amount) })
    .accountsStrict({ donor, exchange, pool, vault, source, tokenProgram, ...eventAccounts })
    .instruction();

export const requestMint = (owner: PublicKey, source: PublicKey, amount: bigint): Built =>
  program.methods
    .requestMint({ amount: bn(amount) })
    .accountsStrict({
      owner,
      payer: owner,
      exchange,
      pool,
      lpAccount: addresses.lp(owner),
      vault,
      source,
      tokenProgram,
      systemProgram,
      ...eventAccounts,
    })
    .instruction();

export const requestRedeem = (owner: PublicKey, shares: bigint): Built =>
  program.methods
    .requestRedeem({ shares: bn(shares) })
    .accountsStrict({ owner, exchange, pool, lpAccount: addresses.lp(owner), ...eventAccounts })
    .instruction();

/** `destination` null: nothing is paid out. `markets` are all markets of the exchange by index. */
export const executePoolRequest = (
  owner: PublicKey,
  destination: PublicKey | null,
  markets: readonly PublicKey[],
  keeper: PublicKey | null,
): Built =>
  program.methods
    .executePoolRequest()
    .accountsStrict({
      keeper,
      exchange,
      outflow,
      pool,
      lpAccount: addresses.lp(owner),
      vault,
      destination,
      tokenProgram,
      ...eventAccounts,
    })
    .remainingAccounts(markets.map((pubkey): AccountMeta => ({ pubkey, isSigner: false, isWritable: true })))
    .instruction();
