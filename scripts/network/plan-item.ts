import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Addresses } from '../../workers/chain/addresses.ts';
import type { Instructions } from '../../workers/chain/instructions.ts';
import type { WantedNetwork } from './network-file.ts';
import type { NetworkState } from './network-state.ts';

/**
 * What becomes of one thing the file names. `waiting`: announced, its time lock runs. `refused`: this run cannot do it, the details say why.
 * `kept`: on chain and not in the file, so nobody touches it.
 */
export type Outcome = 'create' | 'change' | 'unchanged' | 'waiting' | 'refused' | 'kept';

/** How a step is done. */
export type Deed =
  /** A transaction; `payer` pays for it and for what it creates. */
  | { readonly kind: 'transaction'; readonly build: (payer: PublicKey) => TransactionInstruction[] }
  /** The official tools put the artifact on chain. */
  | { readonly kind: 'deploy' }
  | { readonly kind: 'airdrop'; readonly accounts: readonly string[]; readonly lamports: bigint };

/** One thing done on chain. */
export interface Step {
  /** The same in every plan that wants it. */
  readonly id: string;
  /** Addresses that sign it beside whoever pays. */
  readonly signers: readonly string[];
  /** Unix seconds of the chain's clock before which it would fail; 0 for none. */
  readonly notBefore: number;
  /** Whether it needs a price of the last seconds, and is tried again while there is none. */
  readonly needsPrice: boolean;
  readonly deed: Deed;
}

export interface PlanItem {
  readonly subject: string;
  readonly outcome: Outcome;
  /** What is shown below it: values from → to, reasons. */
  readonly details: readonly string[];
  /** In their order; each is planned anew when its turn comes. */
  readonly steps: readonly Step[];
}

/** The file to install as the program. */
export interface Artifact {
  readonly path: string;
  readonly sha256: string;
  /** Whether it is the one of the repository: built for local networks, without the bounds of mainnet. */
  readonly isCommitted: boolean;
}

/** Everything a plan is made of. */
export interface PlanContext {
  readonly wanted: WantedNetwork;
  readonly state: NetworkState;
  readonly chain: { readonly addresses: Addresses; readonly instructions: Instructions };
  /** Null where the file's artifact does not exist. */
  readonly artifact: Artifact | null;
  /** Why the official tools cannot be used here; null where they can. */
  readonly toolsMissing: string | null;
}

/** Longest time that a run waits for a delay of the chain, in seconds; what takes longer is for a later run. */
export const waitSecondsMax = 600;

export const transactionStep = (
  id: string,
  signers: readonly string[],
  build: (payer: PublicKey) => TransactionInstruction[],
  rest: Partial<Pick<Step, 'notBefore' | 'needsPrice'>> = {},
): Step => ({ notBefore: 0, needsPrice: false, ...rest, id, signers, deed: { kind: 'transaction', build } });

export const unchanged = (subject: string, ...details: string[]): PlanItem => ({
  ...{ subject, outcome: 'unchanged', details },
  steps: [],
});

export const refused = (subject: string, ...details: string[]): PlanItem => ({
  ...{ subject, outcome: 'refused', details },
  steps: [],
});

/** A moment of the chain's clock as people read it. */
export const momentText = (unixSeconds: number): string =>
  new Date(unixSeconds * 1_000).toISOString().replace('.000Z', 'Z');
