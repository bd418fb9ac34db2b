import bs58 from 'bs58';
import type { ChainAccount } from './account.ts';
import { feeOf } from './fees.ts';
import type { ChainTransaction } from './message.ts';
import { tokenAmount, type TokenAmount, tokenHolding, tokenMint } from './token.ts';
import type { TransactionError } from './transaction-error.ts';
import type { CalledInstruction, Execution } from './vm.ts';

interface TokenBalance {
  readonly accountIndex: number;
  readonly mint: string;
  readonly owner: string;
  readonly programId: string;
  readonly uiTokenAmount: TokenAmount;
}

export interface InnerInstructionsJson {
  readonly index: number;
  readonly instructions: readonly {
    readonly programIdIndex: number;
    readonly accounts: readonly number[];
    readonly data: string;
    readonly stackHeight: number;
  }[];
}

/** `meta` of getTransaction. Balances in lamports. */
export interface TransactionMeta {
  readonly err: TransactionError | null;
  readonly status: { readonly Ok: null } | { readonly Err: TransactionError };
  readonly fee: number;
  readonly preBalances: readonly number[];
  readonly postBalances: readonly number[];
  readonly innerInstructions: readonly InnerInstructionsJson[];
  readonly logMessages: readonly string[];
  readonly preTokenBalances: readonly TokenBalance[];
  readonly postTokenBalances: readonly TokenBalance[];
  readonly rewards: readonly never[];
  readonly loadedAddresses: ChainTransaction['loaded'];
  readonly computeUnitsConsumed: number;
  readonly returnData?: { readonly programId: string; readonly data: readonly [string, 'base64'] };
}

/** The transaction's accounts, in the order of its keys; undefined where there is none. */
export type AccountStates = readonly (ChainAccount | undefined)[];

type MintReader = (mint: string) => ChainAccount | undefined;

/** Builds `meta` from what running the transaction gave and its accounts before and after. */
export function transactionMeta(
  transaction: ChainTransaction,
  execution: Execution,
  states: { readonly before: AccountStates; readonly after: AccountStates; readonly mint: MintReader },
): TransactionMeta {
  const { error, returnData } = execution;
  const meta: TransactionMeta = {
    err: error,
    status: error === null ? { Ok: null } : { Err: error },
    fee: Number(feeOf(transaction.decoded.message)),
    preBalances: states.before.map(balance),
    postBalances: states.after.map(balance),
    innerInstructions: innerInstructionsJson(execution.inner),
    logMessages: execution.logs,
    preTokenBalances: tokenBalances(states.before, states.mint),
    postTokenBalances: tokenBalances(states.after, states.mint),
    rewards: [],
    loadedAddresses: transaction.loaded,
    computeUnitsConsumed: execution.unitsConsumed,
  };
  return returnData === null ? meta : { ...meta, returnData: returnDataJson(returnData) };
}

export function returnDataJson(
  returned: NonNullable<Execution['returnData']>,
): NonNullable<TransactionMeta['returnData']> {
  const data = Buffer.from(returned.data).toString('base64');
  return { programId: bs58.encode(returned.programId), data: [data, 'base64'] };
}

const balance = (account: ChainAccount | undefined): number => Number(account?.lamports ?? 0n);

/** Only the instructions that called something are listed, as the RPC does. */
function innerInstructionsJson(inner: Execution['inner']): InnerInstructionsJson[] {
  const callJson = ({ programIdIndex, accounts, data, stackHeight }: CalledInstruction) => {
    return { programIdIndex, accounts, data: bs58.encode(data), stackHeight };
  };
  return inner
    .map((calls, index) => ({ index, instructions: calls.map(callJson) }))
    .filter(({ instructions }) => instructions.length > 0);
}

function tokenBalances(accounts: AccountStates, mint: MintReader): TokenBalance[] {
  return accounts.flatMap((account, accountIndex) => {
    const holding = tokenHolding(account);
    if (holding === undefined) return [];
    const decimals = tokenMint(mint(holding.mint))?.decimals ?? 0;
    const { owner, program: programId } = holding;
    return [
      { accountIndex, mint: holding.mint, owner, programId, uiTokenAmount: tokenAmount(holding.amount, decimals) },
    ];
  });
}
