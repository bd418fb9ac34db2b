import type { Result } from '#shared/protocol/error-codes.ts';
import type { SessionKey } from '../env.ts';
import {
  createProofChallenge,
  type ProofPurpose,
  type SignChallenge,
  type SignInSite,
  verifyProof,
  type WalletProof,
} from './wallet-proof.ts';

export { nonceLifeMs, signInSite } from './wallet-proof.ts';

const purposeOf = (wallet: string): ProofPurpose => ({
  wallet,
  statement: 'Sign in to QuantDesk. This costs nothing and moves nothing.',
  binding: [],
});

/** A fresh text for a wallet to sign in with. */
export const createChallenge = (
  keys: readonly SessionKey[],
  site: SignInSite,
  wallet: string,
  nowMs: number,
): Promise<SignChallenge> => createProofChallenge(keys, site, purposeOf(wallet), nowMs);

export interface SignInProof extends WalletProof {
  readonly wallet: string;
}

/** Checks a signed sign-in text. Refusals: AUTH_003 nonce, AUTH_004 text or signature. */
export const verifySignIn = (
  keys: readonly SessionKey[],
  site: SignInSite,
  proof: SignInProof,
  nowMs: number,
): Promise<Result<{ nonce: string; expiresAtMs: number }>> =>
  verifyProof(keys, site, purposeOf(proof.wallet), proof, nowMs);
