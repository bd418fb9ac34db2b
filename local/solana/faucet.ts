import { createHash } from 'node:crypto';
import {
  ComputeBudgetProgram,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  SystemProgram,
  Transaction,
} from '@solana/web3.js';
import type { ChainAccount } from './account.ts';

/** Most an airdrop gives at once. */
export const airdropLamportsMax = 1_000 * LAMPORTS_PER_SOL;

/** Small enough that a balance stays an exact JSON number. */
const faucetSol = 5_000_000;
const unitLimitBase = 100_000;
const noncesMax = 100_000;

/** The faucet's key is public knowledge: it owns nothing but the local network's play money. */
const faucet = Keypair.fromSeed(createHash('sha256').update('quantdesk local faucet').digest());

/** The faucet's account in the first block. */
export function faucetAccount(): ChainAccount {
  return {
    address: faucet.publicKey.toBase58(),
    lamports: BigInt(faucetSol) * BigInt(LAMPORTS_PER_SOL),
    owner: SystemProgram.programId.toBase58(),
    data: new Uint8Array(),
    executable: false,
  };
}

/**
 * A signed transfer from the faucet. `nonce` goes into the compute-unit limit, so that two equal airdrops in one slot are
 * two transactions.
 */
export function airdropTransaction(to: string, lamports: number, blockhash: string, nonce: number): Uint8Array {
  const transaction = new Transaction();
  transaction.feePayer = faucet.publicKey;
  transaction.recentBlockhash = blockhash;
  transaction.add(
    ComputeBudgetProgram.setComputeUnitLimit({ units: unitLimitBase + (nonce % noncesMax) }),
    SystemProgram.transfer({ fromPubkey: faucet.publicKey, toPubkey: new PublicKey(to), lamports }),
  );
  transaction.sign(faucet);
  return transaction.serialize();
}
