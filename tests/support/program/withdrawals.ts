/** Instructions of the withdrawal queue, the treasury, insurance and layouts: one builder each, with every account filled in. */
import { TOKEN_PROGRAM_ID as tokenProgram, getAssociatedTokenAddressSync } from '@solana/spl-token';
import {
  SYSVAR_INSTRUCTIONS_PUBKEY as instructionsSysvar,
  type PublicKey,
  SystemProgram,
  type TransactionInstruction,
} from '@solana/web3.js';
import { addresses } from './addresses.ts';
import { eventAccounts, program } from './client.ts';
import { bn } from './plain.ts';

type Built = Promise<TransactionInstruction>;
const { exchange, vault, insurance, treasury, outflow } = addresses;
const systemProgram = SystemProgram.programId;

/** Where a queued withdrawal is paid. */
export const withdrawalDestination = (owner: PublicKey, mint: PublicKey): PublicKey =>
  getAssociatedTokenAddressSync(mint, owner);

export const queueWithdrawal = (owner: PublicKey, payer: PublicKey, amount: bigint): Built =>
  program.methods
    .queueWithdrawal({ amount: bn(amount) })
    .accountsStrict({
      owner,
      payer,
      outflow,
      userAccount: addresses.user(owner),
      withdrawal: addresses.withdrawal(owner),
      systemProgram,
      ...eventAccounts,
    })
    .instruction();

export const cancelWithdrawal = (owner: PublicKey): Built =>
  program.methods
    .cancelWithdrawal()
    .accountsStrict({
      owner,
      outflow,
      userAccount: addresses.user(owner),
      withdrawal: addresses.withdrawal(owner),
      ...eventAccounts,
    })
    .instruction();

export const executeWithdrawal = (owner: PublicKey, mint: PublicKey, rentPayer: PublicKey): Built =>
  program.methods
    .executeWithdrawal()
    .accountsStrict({
      exchange,
      outflow,
      withdrawal: addresses.withdrawal(owner),
      userAccount: addresses.user(owner),
      vault,
      destination: withdrawalDestination(owner, mint),
      rentPayer,
      tokenProgram,
      ...eventAccounts,
    })
    .instruction();

export const withdrawTreasury = (treasuryAuthority: PublicKey, destination: PublicKey, amount: bigint): Built =>
  program.methods
    .withdrawTreasury({ amount: bn(amount) })
    .accountsStrict({
      treasuryAuthority,
      exchange,
      outflow,
      treasury,
      vault,
      destination,
      instructionsSysvar,
      tokenProgram,
      ...eventAccounts,
    })
    .instruction();

export const fundInsurance = (donor: PublicKey, source: PublicKey, amount: bigint): Built =>
  program.methods
    .fundInsurance({ amount: bn(amount) })
    .accountsStrict({ donor, exchange, insurance, vault, source, tokenProgram, ...eventAccounts })
    .instruction();

export const migrateAccount = (account: PublicKey): Built =>
  program.methods
    .migrateAccount()
    .accountsStrict({ account, ...eventAccounts })
    .instruction();
