import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Chain } from '../chain/chain.ts';
import { sendAndConfirm } from './send.ts';

/** What came of a transaction that anyone may send. `undecided`: it was refused, or is not confirmed; the chain's state decides anew. */
export type SentOutcome =
  | { readonly kind: 'landed'; readonly signature: string; readonly units: number }
  | { readonly kind: 'undecided'; readonly why: string };

const confirmTimeoutMs = 8_000;

/** Sends what is worth no retry of its own: whoever asked looks at the chain again. Refusals are answered. @throws ChainUnavailable */
export async function sendAsAnyone(
  chain: Chain,
  payerOf: PublicKey,
  instructions: TransactionInstruction[],
  computeUnitsMax: number,
): Promise<SentOutcome> {
  const sent = await sendAndConfirm(chain, payerOf, instructions, { computeUnitsMax, confirmTimeoutMs });
  switch (sent.kind) {
    case 'landed':
      return sent;
    case 'refused':
      return { kind: 'undecided', why: sent.failure.programError ?? sent.failure.refusal.message };
    case 'unconfirmed':
      return { kind: 'undecided', why: sent.state };
  }
}
