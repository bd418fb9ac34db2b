import { BN, BorshInstructionCoder, type Idl } from '@coral-xyz/anchor';
import { ComputeBudgetProgram, PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Buffer } from 'buffer';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { idBytes } from '../platform/ids.ts';
import { type Addresses, TOKEN_PROGRAM } from './addresses.ts';

const coder = new BorshInstructionCoder(idl as unknown as Idl);

type InstructionName = (typeof idl.instructions)[number]['name'];
interface AccountItem {
  readonly name: string;
  readonly writable?: boolean;
  readonly signer?: boolean;
  readonly optional?: boolean;
  readonly address?: string;
}

/** Who signs a trade: the keeper alone under the account's delegation, or the trader too. */
export interface TradeSigners {
  readonly keeper: PublicKey;
  readonly ownerSigner: PublicKey | null;
}

export interface OpenPositionInput {
  readonly side: 'long' | 'short';
  readonly size: bigint;
  readonly leverageE2: number;
  readonly worstPrice: bigint;
  readonly orderId: string | null;
  readonly expectedSeq: bigint;
  readonly minPublishTime: number;
}

interface MayNeedInsurance {
  /** Where a loss may exceed the margin or a payout the backing. */
  readonly withInsurance: boolean;
}

export type ClosePositionInput = Omit<OpenPositionInput, 'side' | 'leverageE2'> & MayNeedInsurance;

/** `side` long buys, short sells: what is opposite closes first, the rest opens. */
export type TradeInput = OpenPositionInput & MayNeedInsurance;

/** Instructions of the roles of the exchange, and of whoever sets it up. */
export type RoleInstruction =
  | 'initialize_exchange'
  | 'create_market'
  | 'add_keeper'
  | 'propose_admin'
  | 'accept_admin'
  | 'tighten_market'
  | 'migrate_account'
  | 'pause_operations'
  | 'resume_operations'
  | 'set_market_status'
  | 'propose_change'
  | 'execute_change'
  | 'cancel_change'
  | 'remove_keeper';

const noOrderId = new Uint8Array(16);

/** Builds the program's instructions: accounts in the order, and with the flags, of the interface. */
export class Instructions {
  readonly #addresses: Addresses;

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  /** A use of a role; who builds it names its accounts and its arguments as the interface does. */
  role(
    name: RoleInstruction,
    accounts: Readonly<Record<string, PublicKey | null>>,
    args: object | null,
  ): TransactionInstruction {
    return this.#build(name, accounts, args);
  }

  openUserAccount(owner: PublicKey, payer: PublicKey): TransactionInstruction {
    return this.#build('open_user_account', { owner, payer, user_account: this.#addresses.userAccount(owner) }, null);
  }

  createPosition(owner: PublicKey, symbol: MarketSymbol, payer: PublicKey): TransactionInstruction {
    const { user_account, market, position } = this.#trade(owner, symbol);
    return this.#build('create_position', { payer, user_account, market, position }, null);
  }

  setDelegate(
    owner: PublicKey,
    limits: { readonly expiresAt: bigint; readonly turnoverCap: bigint; readonly maxSlippageBps: number },
  ): TransactionInstruction {
    const args = {
      expires_at: bn(limits.expiresAt),
      turnover_cap: bn(limits.turnoverCap),
      max_slippage_bps: limits.maxSlippageBps,
    };
    return this.#build('set_delegate', { owner, user_account: this.#addresses.userAccount(owner) }, args);
  }

  revokeDelegate(owner: PublicKey): TransactionInstruction {
    return this.#build('revoke_delegate', { owner, user_account: this.#addresses.userAccount(owner) }, null);
  }

  deposit(owner: PublicKey, amount: bigint): TransactionInstruction {
    const accounts = {
      owner,
      user_account: this.#addresses.userAccount(owner),
      source: this.#addresses.usdcAccount(owner),
    };
    return this.#build('deposit_collateral', accounts, { amount: bn(amount) });
  }

  withdraw(owner: PublicKey, amount: bigint): TransactionInstruction {
    const destination = this.#addresses.usdcAccount(owner);
    const accounts = { owner, user_account: this.#addresses.userAccount(owner), destination };
    return this.#build('withdraw_collateral', accounts, { amount: bn(amount) });
  }

  /** Takes collateral out of the account and a place in the queue of those who wait for room to leave. */
  queueWithdrawal(owner: PublicKey, payer: PublicKey, amount: bigint): TransactionInstruction {
    const user_account = this.#addresses.userAccount(owner);
    const accounts = { owner, payer, user_account, withdrawal: this.#addresses.withdrawal(owner) };
    return this.#build('queue_withdrawal', accounts, { amount: bn(amount) });
  }

  /** What waits becomes collateral again. */
  cancelWithdrawal(owner: PublicKey): TransactionInstruction {
    const user_account = this.#addresses.userAccount(owner);
    const accounts = { owner, user_account, withdrawal: this.#addresses.withdrawal(owner) };
    return this.#build('cancel_withdrawal', accounts, null);
  }

  /** Serves the first of the queue, by anyone; `rentPayer` as its entry names it. */
  executeWithdrawal(owner: PublicKey, rentPayer: PublicKey): TransactionInstruction {
    const accounts = {
      withdrawal: this.#addresses.withdrawal(owner),
      user_account: this.#addresses.userAccount(owner),
      destination: this.#addresses.usdcAccount(owner),
      rent_payer: rentPayer,
    };
    return this.#build('execute_withdrawal', accounts, null);
  }

  openPosition(
    owner: PublicKey,
    symbol: MarketSymbol,
    signers: TradeSigners,
    input: OpenPositionInput,
  ): TransactionInstruction {
    const accounts = { ...this.#trade(owner, symbol), ...signerAccounts(signers) };
    return this.#build('open_position', accounts, openingArgs(input));
  }

  /** Net: reduces or closes an opposite position, and opens what goes beyond it. */
  trade(owner: PublicKey, symbol: MarketSymbol, signers: TradeSigners, input: TradeInput): TransactionInstruction {
    const insurance = input.withInsurance ? this.#addresses.insurance : null;
    const accounts = { ...this.#trade(owner, symbol), ...signerAccounts(signers), insurance };
    return this.#build('trade', accounts, openingArgs(input));
  }

  closePosition(
    owner: PublicKey,
    symbol: MarketSymbol,
    signers: TradeSigners,
    input: ClosePositionInput,
  ): TransactionInstruction {
    const args = {
      size: bn(input.size),
      worst_price: bn(input.worstPrice),
      ...commandArgs(input),
      min_publish_time: bn(input.minPublishTime),
    };
    const insurance = input.withInsurance ? this.#addresses.insurance : null;
    return this.#build(
      'close_position',
      { ...this.#trade(owner, symbol), ...signerAccounts(signers), insurance },
      args,
    );
  }

  addMargin(
    owner: PublicKey,
    symbol: MarketSymbol,
    signers: { readonly keeper: PublicKey | null; readonly ownerSigner: PublicKey | null },
    input: { readonly amount: bigint; readonly orderId: string | null; readonly expectedSeq: bigint },
  ): TransactionInstruction {
    const args = { amount: bn(input.amount), ...commandArgs(input) };
    return this.#build('add_margin', { ...this.#trade(owner, symbol), ...signerAccounts(signers) }, args);
  }

  removeMargin(
    owner: PublicKey,
    symbol: MarketSymbol,
    signers: TradeSigners,
    input: {
      readonly amount: bigint;
      readonly orderId: string | null;
      readonly expectedSeq: bigint;
      readonly minPublishTime: number;
    },
  ): TransactionInstruction {
    const args = { amount: bn(input.amount), ...commandArgs(input), min_publish_time: bn(input.minPublishTime) };
    return this.#build('remove_margin', { ...this.#trade(owner, symbol), ...signerAccounts(signers) }, args);
  }

  /** By a keeper, or by anyone at a fresh price, with insurance so that bad debt and the reward's top-up are covered; the reward goes to `liquidator`'s account, if any. */
  liquidatePosition(
    owner: PublicKey,
    symbol: MarketSymbol,
    keeper: PublicKey | null,
    liquidator: PublicKey | null,
  ): TransactionInstruction {
    const accounts = {
      ...this.#trade(owner, symbol),
      keeper,
      insurance: this.#addresses.insurance,
      liquidator_account: liquidator === null ? null : this.#addresses.userAccount(liquidator),
    };
    return this.#build('liquidate_position', accounts, null);
  }

  /** The trader's way out without a keeper: anyone may execute it at a price of 6 to 15 seconds later. */
  requestClose(owner: PublicKey, symbol: MarketSymbol): TransactionInstruction {
    return this.#build('request_close', { owner, position: this.#addresses.position(owner, symbol) }, null);
  }

  /** By anyone, inside the window of the request. */
  executeCloseRequest(owner: PublicKey, symbol: MarketSymbol): TransactionInstruction {
    const accounts = { ...this.#trade(owner, symbol), insurance: this.#addresses.insurance };
    return this.#build('execute_close_request', accounts, null);
  }

  /** Closes a position that can win nothing more; by a keeper at any acceptable price. */
  closeCapped(owner: PublicKey, symbol: MarketSymbol, keeper: PublicKey): TransactionInstruction {
    const accounts = { ...this.#trade(owner, symbol), keeper, insurance: this.#addresses.insurance };
    return this.#build('close_capped', accounts, null);
  }

  /** Realises funding and borrow of an open position; by anyone. */
  settlePosition(owner: PublicKey, symbol: MarketSymbol): TransactionInstruction {
    return this.#build('settle_position', this.#trade(owner, symbol), null);
  }

  /** Pays what a liquidation could not, as far as there is money for it; by anyone. */
  payOwed(owner: PublicKey, symbol: MarketSymbol): TransactionInstruction {
    return this.#build('pay_owed', { ...this.#trade(owner, symbol), insurance: this.#addresses.insurance }, null);
  }

  refreshMarket(symbol: MarketSymbol): TransactionInstruction {
    return this.#build('refresh_market', this.#priced(symbol), null);
  }

  settleMarket(symbol: MarketSymbol): TransactionInstruction {
    return this.#build('settle_market', this.#priced(symbol), null);
  }

  requestMint(owner: PublicKey, payer: PublicKey, amount: bigint): TransactionInstruction {
    const accounts = {
      owner,
      payer,
      lp_account: this.#addresses.lpAccount(owner),
      source: this.#addresses.usdcAccount(owner),
    };
    return this.#build('request_mint', accounts, { amount: bn(amount) });
  }

  /** Raises what covers bad debt, out of the donor's own USDC account. */
  fundInsurance(donor: PublicKey, amount: bigint): TransactionInstruction {
    const accounts = { donor, source: this.#addresses.usdcAccount(donor) };
    return this.#build('fund_insurance', accounts, { amount: bn(amount) });
  }

  requestRedeem(owner: PublicKey, shares: bigint): TransactionInstruction {
    return this.#build(
      'request_redeem',
      { owner, lp_account: this.#addresses.lpAccount(owner) },
      { shares: bn(shares) },
    );
  }

  /**
   * Executes or releases the holder's pool request. `destination` takes a payout or a lapsed deposit; `markets` are all there are, in the
   * order of their index.
   */
  executePoolRequest(
    owner: PublicKey,
    destination: PublicKey | null,
    markets: readonly MarketSymbol[],
    keeper: PublicKey | null,
  ): TransactionInstruction {
    const accounts = { keeper, lp_account: this.#addresses.lpAccount(owner), destination };
    const instruction = this.#build('execute_pool_request', accounts, null);
    for (const symbol of markets) {
      instruction.keys.push({ pubkey: this.#addresses.market(symbol), isSigner: false, isWritable: true });
    }
    return instruction;
  }

  #priced(symbol: MarketSymbol): Record<string, PublicKey> {
    const { priceAccount } = marketOf(symbol);
    return { market: this.#addresses.market(symbol), price_update: new PublicKey(priceAccount) };
  }

  #trade(owner: PublicKey, symbol: MarketSymbol) {
    return {
      market: this.#addresses.market(symbol),
      user_account: this.#addresses.userAccount(owner),
      position: this.#addresses.position(owner, symbol),
      price_update: new PublicKey(marketOf(symbol).priceAccount),
    };
  }

  #build(
    name: InstructionName,
    accounts: Record<string, PublicKey | null>,
    args: object | null,
  ): TransactionInstruction {
    const definition = idl.instructions.find((instruction) => instruction.name === name);
    if (definition === undefined) throw new Error(`the program has no instruction ${name}`);
    const keys = (definition.accounts as readonly AccountItem[]).map((item) => this.#meta(name, item, accounts));
    const data: Buffer = coder.encode(name, args === null ? {} : { args });
    return new TransactionInstruction({ programId: this.#addresses.program, keys, data });
  }

  #meta(instruction: string, item: AccountItem, accounts: Record<string, PublicKey | null>) {
    const given = accounts[item.name];
    // Anchor's form of an optional account that is not given: the program's own address.
    if (item.optional === true && (given === null || given === undefined)) {
      return { pubkey: this.#addresses.program, isSigner: false, isWritable: false };
    }
    const pubkey = given ?? this.#wellKnown(item);
    if (pubkey === null) throw new Error(`${instruction} needs the account ${item.name}`);
    return { pubkey, isSigner: item.signer === true, isWritable: item.writable === true };
  }

  #wellKnown(item: AccountItem): PublicKey | null {
    if (item.address !== undefined) return new PublicKey(item.address);
    switch (item.name) {
      case 'exchange':
        return this.#addresses.exchange;
      case 'vault':
        return this.#addresses.vault;
      case 'pool':
        return this.#addresses.pool;
      case 'insurance':
        return this.#addresses.insurance;
      case 'treasury':
        return this.#addresses.treasury;
      case 'outflow':
        return this.#addresses.outflow;
      case 'event_authority':
        return this.#addresses.eventAuthority;
      case 'program':
        return this.#addresses.program;
      case 'token_program':
        return TOKEN_PROGRAM;
      default:
        return null;
    }
  }
}

/** What to pay for: a ceiling of compute units and a price for each, in micro-lamports. */
export const computeBudget = (unitLimit: number, microLamportsPerUnit: number): TransactionInstruction[] => [
  ComputeBudgetProgram.setComputeUnitLimit({ units: unitLimit }),
  ...(microLamportsPerUnit > 0
    ? [ComputeBudgetProgram.setComputeUnitPrice({ microLamports: microLamportsPerUnit })]
    : []),
];

const bn = (value: bigint | number): BN => new BN(value.toString());

const signerAccounts = (signers: { keeper: PublicKey | null; ownerSigner: PublicKey | null }) => ({
  keeper: signers.keeper,
  owner_signer: signers.ownerSigner,
});

const openingArgs = (input: OpenPositionInput) => ({
  side: input.side === 'long' ? { Long: {} } : { Short: {} },
  size: bn(input.size),
  leverage_e2: input.leverageE2,
  worst_price: bn(input.worstPrice),
  ...commandArgs(input),
  min_publish_time: bn(input.minPublishTime),
});

const commandArgs = (input: { readonly orderId: string | null; readonly expectedSeq: bigint }) => ({
  order_id: Array.from(input.orderId === null ? noOrderId : idBytes(input.orderId)),
  expected_seq: bn(input.expectedSeq),
});
