import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Chain } from '../chain/chain.ts';
import type { TransactionFailure } from '../chain/program-errors.ts';
import { failpoint } from '../platform/failpoint.ts';

/** The limit is what the simulation used and this share on top, in percent. */
const unitsMarginPercent = 30;

/** What bounds a sending. */
export interface SendLimits {
  readonly computeUnitsMax: number;
  /** How long to wait for the confirmation, once it was sent. */
  readonly confirmTimeoutMs: number;
}

/** What came of a transaction of the exchange's own. */
export type SendResult =
  /** `units` are those the simulation used. */
  | { readonly kind: 'landed'; readonly signature: string; readonly units: number }
  /** By the simulation, and then it was not sent, or on chain. */
  | { readonly kind: 'refused'; readonly failure: TransactionFailure }
  /** It was sent and not seen in time: `unknown` may still land, `expired` cannot any more. */
  | { readonly kind: 'unconfirmed'; readonly signature: string; readonly state: 'expired' | 'unknown' };

/**
 * Simulates, signs with the fee payer of `payerOf` and, where an instruction names him as signer, the keeper; sends and confirms. Every call
 * asks for the latest blockhash, so that another try is another transaction. @throws ChainUnavailable
 */
export async function sendAndConfirm(
  chain: Chain,
  payerOf: PublicKey,
  instructions: TransactionInstruction[],
  { computeUnitsMax, confirmTimeoutMs }: SendLimits,
): Promise<SendResult> {
  const [simulated, blockhash] = await Promise.all([
    chain.simulate(payerOf, instructions, computeUnitsMax),
    chain.rpc.getLatestBlockhash(),
  ]);
  if (simulated.failure !== null) return { kind: 'refused', failure: simulated.failure };
  const units = Math.min(computeUnitsMax, Math.ceil((simulated.units * (100 + unitsMarginPercent)) / 100));
  const signed = namesKeeper(chain, instructions)
    ? await chain.sign(payerOf, instructions, units, blockhash)
    : await chain.signAsAnyone(payerOf, instructions, units, blockhash);
  const { signature } = signed;
  const owner = payerOf.toBase58();
  await failpoint('risk.simulated', owner);
  await chain.rpc.sendTransaction(signed.wire);
  await failpoint('risk.sent', owner, () => chain.rpc.sendTransaction(signed.wire));
  const confirmation = await chain.confirm(signed, confirmTimeoutMs);
  await failpoint('risk.landed', owner);
  switch (confirmation.kind) {
    case 'landed':
      return { kind: 'landed', signature, units: simulated.units };
    case 'failed':
      return { kind: 'refused', failure: confirmation.failure };
    case 'expired':
    case 'unknown':
      return { kind: 'unconfirmed', signature, state: confirmation.kind };
  }
}

/** Whether the keeper has to sign: a signature that no instruction asks for is refused. */
const namesKeeper = (chain: Chain, instructions: readonly TransactionInstruction[]): boolean =>
  instructions.some(({ keys }) => keys.some(({ isSigner, pubkey }) => isSigner && pubkey.equals(chain.keeper)));
