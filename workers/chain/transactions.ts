import {
  type Keypair,
  type PublicKey,
  type TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import bs58 from 'bs58';
import { ChainUnavailable, base64OfBytes, type LatestBlockhash, type SignatureStatus, type SolanaRpc } from './rpc.ts';
import { readTransactionError, type TransactionFailure } from './program-errors.ts';

/** A signed transaction. Its signature is known before it is sent: store it first. */
export interface SignedTransaction {
  readonly signature: string;
  /** Base64. */
  readonly wire: string;
  readonly lastValidBlockHeight: number;
}

/** What is needed to look for a transaction. */
export type SentTransaction = Pick<SignedTransaction, 'signature' | 'lastValidBlockHeight'>;

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
  transaction: SentTransaction,
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
/** Looks that must find nothing before a transaction past its last block counts as expired. */
const looksBeforeExpired = 2;

async function lookUp(rpc: SolanaRpc, transaction: SentTransaction, withHeight: boolean): Promise<Confirmation | null> {
  if (withHeight) {
    const found = await findTransaction(rpc, transaction);
    return found.kind === 'unknown' ? null : found;
  }
  const [status] = await rpc.getSignatureStatuses([transaction.signature]);
  return confirmationOf(status ?? null);
}

/**
 * One look at a signature that may have been sent long ago, with the history searched. It is expired only where the finalized height is
 * past its last block and the signature is unknown twice.
 *
 * @throws ChainUnavailable
 */
export async function findTransaction(rpc: SolanaRpc, transaction: SentTransaction): Promise<Confirmation> {
  // The height is read first: what lands in between is found by the looks that follow.
  const isPast = (await rpc.getBlockHeight('finalized')) > transaction.lastValidBlockHeight;
  for (let look = 1; look <= (isPast ? looksBeforeExpired : 1); look++) {
    const [status] = await rpc.getSignatureStatuses([transaction.signature], true);
    if (status !== null && status !== undefined) return confirmationOf(status) ?? { kind: 'unknown' };
  }
  return { kind: isPast ? 'expired' : 'unknown' };
}

/** Null while it is not confirmed: until then another fork may still decide otherwise, for a failure too. */
function confirmationOf(status: SignatureStatus | null): Confirmation | null {
  const isConfirmed = status?.confirmationStatus === 'confirmed' || status?.confirmationStatus === 'finalized';
  if (status === null || !isConfirmed) return null;
  const failure = readTransactionError(status.err);
  return failure === null ? { kind: 'landed', slot: status.slot } : { kind: 'failed', failure };
}
