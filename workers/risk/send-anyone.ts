import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Chain } from '../chain/chain.ts';

/** What came of a transaction that anyone may send. `undecided`: it was refused, or is not confirmed; the chain's state decides anew. */
export type SentOutcome =
  | { readonly kind: 'landed'; readonly signature: string; readonly units: number }
  | { readonly kind: 'undecided'; readonly why: string };

/** The limit is what the simulation used and this share on top, in percent. */
const unitsMarginPercent = 30;
const confirmTimeoutMs = 8_000;

/** Simulates, signs with the fee payer of `payerOf` and, where an instruction names him as signer, the keeper; sends and confirms. @throws ChainUnavailable */
export async function sendAsAnyone(
  chain: Chain,
  payerOf: PublicKey,
  instructions: TransactionInstruction[],
  computeUnitsMax: number,
): Promise<SentOutcome> {
  const simulated = await chain.simulate(payerOf, instructions, computeUnitsMax);
  if (simulated.failure !== null) {
    const { programError, refusal } = simulated.failure;
    return { kind: 'undecided', why: programError ?? refusal.message };
  }
  const units = Math.min(computeUnitsMax, Math.ceil((simulated.units * (100 + unitsMarginPercent)) / 100));
  const keys = instructions.flatMap((instruction) => instruction.keys);
  const asKeeper = keys.some(({ isSigner, pubkey }) => isSigner && pubkey.equals(chain.keeper));
  const signed = asKeeper
    ? await chain.sign(payerOf, instructions, units)
    : await chain.signAsAnyone(payerOf, instructions, units);
  await chain.rpc.sendTransaction(signed.wire);
  const confirmation = await chain.confirm(signed, confirmTimeoutMs);
  switch (confirmation.kind) {
    case 'landed':
      return { kind: 'landed', signature: signed.signature, units: simulated.units };
    case 'failed':
      return { kind: 'undecided', why: confirmation.failure.programError ?? confirmation.failure.refusal.message };
    case 'expired':
    case 'unknown':
      return { kind: 'undecided', why: confirmation.kind };
  }
}
