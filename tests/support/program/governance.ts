/** Instructions of the roles: one builder each, with every account filled in. */
import {
  SYSVAR_INSTRUCTIONS_PUBKEY as instructionsSysvar,
  type PublicKey,
  SystemProgram,
  type TransactionInstruction,
} from '@solana/web3.js';
import type anchor from '@coral-xyz/anchor';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import { addresses } from './addresses.ts';
import { eventAccounts, program } from './client.ts';

type Types = anchor.IdlTypes<QuantdeskPerpDex>;
type Built = Promise<TransactionInstruction>;
/** A change of parameters or roles, as the client spells it: `{ insuranceTopup: { capPerHour } }`. */
export type ProposedChange = Types['proposedChange'];
export type MarketLimits = Types['marketLimits'];
export type MarketStatus = Types['marketStatus'];

const { exchange, pool, insurance, outflow } = addresses;
const systemProgram = SystemProgram.programId;
const manage = (authority: PublicKey) => ({ authority, exchange, instructionsSysvar, ...eventAccounts });

/** Bits of the operations that can be paused. */
export const PAUSE = { open: 1, removeMargin: 2, deposit: 4, pool: 8, delegation: 16, all: 31 } as const;

/** `newAdmin` null cancels. */
export const proposeAdmin = (authority: PublicKey, newAdmin: PublicKey | null): Built =>
  program.methods.proposeAdmin({ newAdmin }).accountsStrict(manage(authority)).instruction();

export const acceptAdmin = (authority: PublicKey): Built =>
  program.methods.acceptAdmin().accountsStrict(manage(authority)).instruction();

export const pauseOperations = (authority: PublicKey, operations: number): Built =>
  program.methods.pauseOperations({ operations }).accountsStrict(manage(authority)).instruction();

export const resumeOperations = (authority: PublicKey, operations: number): Built =>
  program.methods.resumeOperations({ operations }).accountsStrict(manage(authority)).instruction();

export const addKeeper = (authority: PublicKey, keeper: PublicKey): Built =>
  program.methods.addKeeper({ keeper }).accountsStrict(manage(authority)).instruction();

export const removeKeeper = (authority: PublicKey, keeper: PublicKey): Built =>
  program.methods.removeKeeper({ keeper }).accountsStrict(manage(authority)).instruction();

export const setMarketStatus = (authority: PublicKey, market: PublicKey, status: MarketStatus): Built =>
  program.methods
    .setMarketStatus({ status })
    .accountsStrict({ ...manage(authority), market })
    .instruction();

export const tightenMarket = (authority: PublicKey, market: PublicKey, limits: MarketLimits): Built =>
  program.methods
    .tightenMarket(limits)
    .accountsStrict({ ...manage(authority), market })
    .instruction();

const marketIndexOf = (change: ProposedChange): number | undefined =>
  change.marketConfig?.marketIndex ?? change.marketOracle?.marketIndex;

/** The accounts that hold what a change replaces. */
const holders = (change: ProposedChange) => {
  const index = marketIndexOf(change);
  return {
    market: index === undefined ? null : addresses.market(index),
    outflow: change.outflowLimits === undefined ? null : outflow,
    insurance: change.insuranceTopup === undefined ? null : insurance,
  };
};

/** `id` is `exchange.proposal_count`. */
export const proposeChange = (admin: PublicKey, payer: PublicKey, id: bigint, change: ProposedChange): Built =>
  program.methods
    .proposeChange({ change })
    .accountsStrict({
      admin,
      payer,
      exchange,
      proposal: addresses.proposal(id),
      ...holders(change),
      instructionsSysvar,
      systemProgram,
      ...eventAccounts,
    })
    .instruction();

export const cancelChange = (authority: PublicKey, id: bigint, rentPayer: PublicKey): Built =>
  program.methods
    .cancelChange()
    .accountsStrict({ ...manage(authority), proposal: addresses.proposal(id), rentPayer })
    .instruction();

/** `change` is what the proposal holds. */
export const executeChange = (id: bigint, rentPayer: PublicKey, change: ProposedChange): Built =>
  program.methods
    .executeChange()
    .accountsStrict({
      exchange,
      proposal: addresses.proposal(id),
      rentPayer,
      ...holders(change),
      pool: change.marketConfig === undefined ? null : pool,
      ...eventAccounts,
    })
    .instruction();
