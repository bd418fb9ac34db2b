import {
  type Keypair,
  type PublicKey,
  type TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import bs58 from 'bs58';
import { ChainUnavailable, base64OfBytes, type LatestBlockhash, type SolanaRpc } from './rpc.ts';
import { readTransactionError, type TransactionFailure } from './program-errors.ts';

/** A signed transaction. Its signature is known before it is sent: store it first. */
export interface SignedTransaction {
  readonly signature: string;
  /** Base64. */
  readonly wire: string;
  readonly lastValidBlockHeight: number;
}

/** What became of a sent transaction. `unknown`: it was not seen in time, and may still land until its blockhash expires. */
export type Confirmation =
  | { readonly kind: 'landed'; readonly slot: number }
  | { readonly kind: 'failed'; readonly failure: TransactionFailure }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' };

const unsignedSignature = new Uint8Array(64);

/** Compiles without signing. The first signer pays. */
export function buildTransaction(
  instructions: TransactionInstruction[],
  feePayer: PublicKey,
  blockhash: string,
): VersionedTransaction {
  const message = new TransactionMessage({ payerKey: feePayer, recentBlockhash: blockhash, instructions });
  return new VersionedTransaction(message.compileToV0Message());
}

/** Compiles and signs with the fee payer and every other signer. */
export function signTransaction(
  instructions: TransactionInstruction[],
  feePayer: Keypair,
  signers: readonly Keypair[],
  { blockhash, lastValidBlockHeight }: LatestBlockhash,
): SignedTransaction {
  const transaction = buildTransaction(instructions, feePayer.publicKey, blockhash);
  transaction.sign([feePayer, ...signers]);
  return { signature: signatureOf(transaction), wire: wireOf(transaction), lastValidBlockHeight };
}

/** The signature that names a transaction: the fee payer's. @throws when the fee payer has not signed. */
export function signatureOf(transaction: VersionedTransaction): string {
  const [first] = transaction.signatures;
  if (first === undefined || isUnsigned(first)) throw new Error('the fee payer has not signed');
  return bs58.encode(first);
}

export const isUnsigned = (signature: Uint8Array): boolean =>
  signature.every((byte, i) => byte === unsignedSignature[i]);

export const wireOf = (transaction: VersionedTransaction): string => base64OfBytes(transaction.serialize());

export interface ConfirmOptions {
  readonly pollMs: number;
  readonly timeoutMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
}

/**
 * Polls until the transaction is confirmed, failed, or can no longer land: the block height is past `lastValidBlockHeight` and the
 * signature is still unknown. An RPC that cannot be asked is waited for until the time limit.
 */
export async function confirmTransaction(
  rpc: SolanaRpc,
  transaction: Pick<SignedTransaction, 'signature' | 'lastValidBlockHeight'>,
  options: ConfirmOptions,
): Promise<Confirmation> {
  const deadlineMs = options.nowMs() + options.timeoutMs;
  for (let poll = 0; ; poll++) {
    try {
      const found = await lookUp(rpc, transaction, poll % heightCheckEvery === heightCheckEvery - 1);
      if (found !== null) return found;
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error;
    }
    if (options.nowMs() + options.pollMs >= deadlineMs) return { kind: 'unknown' };
    await options.sleep(options.pollMs);
  }
}

/** The block height moves slowly: one poll in this many asks for it too. */
const heightCheckEvery = 10;

async function lookUp(
  rpc: SolanaRpc,
  { signature, lastValidBlockHeight }: Pick<SignedTransaction, 'signature' | 'lastValidBlockHeight'>,
  withHeight: boolean,
): Promise<Confirmation | null> {
  // The height is read first: a transaction that lands in between is then still found by the second look.
  const height = withHeight ? await rpc.getBlockHeight('finalized') : null;
  const isPast = height !== null && height > lastValidBlockHeight;
  const [status] = await rpc.getSignatureStatuses([signature], isPast);
  if (status === null || status === undefined) return isPast ? { kind: 'expired' } : null;
  const failure = readTransactionError(status.err);
  if (failure !== null) return { kind: 'failed', failure };
  if (status.confirmationStatus === 'confirmed' || status.confirmationStatus === 'finalized')
    return { kind: 'landed', slot: status.slot };
  return null;
}

/** One look at a signature that may have been sent long ago, with the history searched. */
export async function findTransaction(
  rpc: SolanaRpc,
  transaction: Pick<SignedTransaction, 'signature' | 'lastValidBlockHeight'>,
): Promise<Confirmation> {
  const height = await rpc.getBlockHeight('finalized');
  const [status] = await rpc.getSignatureStatuses([transaction.signature], true);
  if (status === null || status === undefined)
    return { kind: height > transaction.lastValidBlockHeight ? 'expired' : 'unknown' };
  const failure = readTransactionError(status.err);
  return failure === null ? { kind: 'landed', slot: status.slot } : { kind: 'failed', failure };
}
