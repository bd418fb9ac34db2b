import bs58 from 'bs58';
import { z } from 'zod';
import { blockhashAgeSlotsMax } from '../blockhashes.ts';
import { AnswerLost } from '../faults.ts';
import { airdropLamportsMax, airdropTransaction } from '../faucet.ts';
import { type ChainTransaction, MalformedTransaction } from '../message.ts';
import { describeTransactionError, type TransactionError } from '../transaction-error.ts';
import { returnDataJson } from '../transaction-meta.ts';
import type { Execution, Simulation } from '../vm.ts';
import { accountEncoding, accountJson } from './account-json.ts';
import {
  commitment,
  config,
  configSchema,
  method,
  publicKey,
  requireContextSlot,
  type RpcMethods,
  type RpcNode,
  withContext,
} from './method.ts';
import { invalidParams, RpcError, rpcErrorCodes } from './rpc-error.ts';

/** Longest base64 of a transaction. */
const encodedCharactersMax = 1_644;
const simulatedAccountsMax = 64;

const encoding = z.enum(['base58', 'base64']);
const encodedTransaction = z.string().min(1).max(encodedCharactersMax);

function decode(text: string, form: z.infer<typeof encoding> | undefined, node: RpcNode): ChainTransaction {
  try {
    return node.chain.decode(form === 'base64' ? Buffer.from(text, 'base64') : bs58.decode(text));
  } catch (error) {
    const why = error instanceof MalformedTransaction ? error.message : `invalid ${form ?? 'base58'} encoding`;
    throw invalidParams(`failed to deserialize solana_transaction::versioned::VersionedTransaction: ${why}`);
  }
}

const badSignature = () =>
  new RpcError(rpcErrorCodes.signatureVerification, 'Transaction signature verification failure');

function preflightFailure(error: TransactionError, run: Partial<Execution>): RpcError {
  const message = `Transaction simulation failed: ${describeTransactionError(error)}`;
  return new RpcError(rpcErrorCodes.preflightFailure, message, {
    accounts: null,
    err: error,
    innerInstructions: null,
    logs: run.logs ?? [],
    returnData: run.returnData ? returnDataJson(run.returnData) : null,
    unitsConsumed: run.unitsConsumed ?? 0,
  });
}

/** Counts a fault down; true while it applies. */
function takeFault(node: RpcNode, fault: 'dropTransactions' | 'loseAnswers'): boolean {
  if (node.faults[fault] === 0) return false;
  node.faults[fault]--;
  return true;
}

/** Called instructions as the simulation answers them: by address instead of by index. */
function innerJson(transaction: ChainTransaction, inner: Execution['inner']): unknown {
  const key = (index: number) => transaction.keys[index] ?? '';
  const calls = inner.map((called, index) => ({
    index,
    instructions: called.map(({ programIdIndex, accounts, data, stackHeight }) => {
      return { programId: key(programIdIndex), accounts: accounts.map(key), data: bs58.encode(data), stackHeight };
    }),
  }));
  return calls.filter(({ instructions }) => instructions.length > 0);
}

const simulationConfig = configSchema({
  encoding: encoding.optional(),
  sigVerify: z.boolean().optional(),
  replaceRecentBlockhash: z.boolean().optional(),
  innerInstructions: z.boolean().optional(),
  accounts: z
    .object({ addresses: z.array(publicKey).max(simulatedAccountsMax), encoding: accountEncoding.optional() })
    .nullish(),
});
type SimulationConfig = z.infer<typeof simulationConfig>;

function simulationJson(
  transaction: ChainTransaction,
  run: Simulation,
  options: SimulationConfig,
  node: RpcNode,
): unknown {
  const read = (key: string) => node.chain.vm.account(key);
  const view = { encoding: options?.accounts?.encoding };
  const accounts = options?.accounts?.addresses.map((wanted) => {
    const after = run.accounts.find(({ address, lamports }) => address === wanted && lamports > 0n);
    return accountJson(after, view, read);
  });
  const { slot, blockhash } = node.chain.latest;
  return {
    err: run.error,
    logs: run.logs,
    accounts: accounts ?? null,
    unitsConsumed: run.unitsConsumed,
    returnData: run.returnData === null ? null : returnDataJson(run.returnData),
    innerInstructions: options?.innerInstructions ? innerJson(transaction, run.inner) : null,
    ...(options?.replaceRecentBlockhash
      ? { replacementBlockhash: { blockhash, lastValidBlockHeight: slot + blockhashAgeSlotsMax } }
      : {}),
  };
}

const sendConfig = configSchema({
  encoding: encoding.optional(),
  skipPreflight: z.boolean().nullish(),
  preflightCommitment: commitment.nullish(),
  maxRetries: z.int().min(0).nullish(),
});

/** Methods that run transactions. */
export const transactionMethods: RpcMethods = {
  /**
   * With preflight a transaction that would fail is refused and costs nothing; without it, it lands as a failed one and
   * costs its fee. A duplicate or an expired blockhash never lands; without preflight nobody says so, as on a real cluster.
   */
  sendTransaction: method(z.tuple([encodedTransaction, sendConfig]), ([text, options], node) => {
    requireContextSlot(options, node);
    const transaction = decode(text, options?.encoding, node);
    if (takeFault(node, 'dropTransactions')) return transaction.signature;
    if (!options?.skipPreflight) {
      const run = node.chain.simulate(transaction, { signatures: true, blockhash: true });
      if (run.error === 'SignatureFailure') throw badSignature();
      if (run.error !== null) throw preflightFailure(run.error, run);
    }
    const outcome = node.chain.submit(transaction);
    if (outcome.refused === 'SignatureFailure') throw badSignature();
    if (takeFault(node, 'loseAnswers')) throw new AnswerLost();
    return transaction.signature;
  }),

  simulateTransaction: method(z.tuple([encodedTransaction, simulationConfig]), ([text, options], node) => {
    const signatures = options?.sigVerify ?? false;
    const blockhash = !options?.replaceRecentBlockhash;
    if (signatures && !blockhash) throw invalidParams('sigVerify may not be used with replaceRecentBlockhash');
    const transaction = decode(text, options?.encoding, node);
    const run = node.chain.simulate(transaction, { signatures, blockhash });
    if (run.error === 'SignatureFailure') throw badSignature();
    return withContext(options, node, simulationJson(transaction, run, options, node));
  }),

  requestAirdrop: method(z.tuple([publicKey, z.int().min(1).max(airdropLamportsMax), config]), ([to, amount], node) => {
    const { blockhash } = node.chain.latest;
    const nonce = node.chain.history.lastOrdinal();
    const transaction = node.chain.decode(airdropTransaction(to, amount, blockhash, nonce));
    const { landed, refused } = node.chain.submit(transaction);
    const error = refused ?? landed?.err ?? null;
    if (error === null) return transaction.signature;
    throw new RpcError(rpcErrorCodes.internal, `airdrop failed: ${describeTransactionError(error)}`);
  }),
};
