/** What a sequence consists of: plain records, so that a failing one prints as a test and runs again without its generator. */
import type { InstructionName } from './instruction-names.ts';
import type { Key, Value } from './codec.ts';

/** What happens outside the program. */
export type Surroundings =
  /** Time passes. */
  | { readonly do: 'clock'; readonly seconds: bigint }
  /** A price is published `age` seconds in the past (negative: in the future). */
  | {
      readonly do: 'price';
      readonly market: number;
      readonly price: bigint;
      readonly conf: bigint;
      readonly ema: bigint;
      readonly age?: bigint;
      /** Guardians that signed; all of them where absent. */
      readonly signatures?: number;
    }
  /** Somebody sends USDC straight to the vault. */
  | { readonly do: 'gift'; readonly amount: bigint }
  /** A person's token account is frozen by the token's issuer, or thawed. */
  | { readonly do: 'freeze'; readonly who: number; readonly frozen: boolean }
  /** An account is as the program's layout before this one left it. */
  | { readonly do: 'age'; readonly account: AgedAccount; readonly who?: number; readonly market?: number };

/** Accounts that can be of an older layout. */
export type AgedAccount = 'userAccount' | 'position' | 'lpAccount' | 'market' | 'pool' | 'insurance' | 'treasury';

/** An instruction of the program. What is absent is what an honest client would send. */
export interface Instruction {
  readonly do: InstructionName;
  /** Whose account or position, by number of the person. */
  readonly who?: number;
  /** Who takes a reward or signs in place of the owner, by number of the person. */
  readonly other?: number;
  readonly market?: number;
  readonly side?: 'long' | 'short';
  /** 1e-8 base units; absent where all is meant. */
  readonly size?: bigint;
  /** Hundredths. */
  readonly leverage?: number;
  /** Worst price, 1e-8 USD; any where absent. */
  readonly worst?: bigint;
  /** 1e-6 USDC or shares. */
  readonly amount?: bigint;
  /** What is added to the position's present seq. */
  readonly seq?: bigint;
  /** The smallest publish time, seconds before now; any where absent. */
  readonly within?: bigint;
  /** The owner signs himself; otherwise the keeper acts under the delegation. */
  readonly self?: boolean;
  /** Number of the keeper that signs; 0 where absent. −1: a key that never was one; −2: nobody signs. */
  readonly keeper?: number;
  /** The insurance account is passed. */
  readonly insured?: boolean;
  /** Which role signs an instruction of the exchange's own; the right one where absent. */
  readonly signer?: SignerRole;
  /** Bits, an index or a number of a proposal. */
  readonly number?: bigint;
  /** An account to migrate. */
  readonly account?: AgedAccount;
  /** A change of parameters, as the program takes it. */
  readonly change?: Value;
  /** Seconds until something ends. */
  readonly seconds?: bigint;
  readonly bps?: number;
  /** An optional account is left out. */
  readonly without?: boolean;
}

export type SignerRole = 'admin' | 'otherAdmin' | 'riskManager' | 'treasuryAuthority' | 'stranger';
export type Action = Surroundings | Instruction;

/** An instruction with its accounts and arguments. */
export interface Call {
  readonly accounts: { readonly [name: string]: Key | null };
  readonly args: readonly Value[];
  /** Keys that agreed to this instruction: only what is theirs may change freely. */
  readonly agreed: readonly Key[];
  /** Accounts after the named ones, all writable. */
  readonly remaining?: readonly Key[];
}

export const isInstruction = (action: Action): action is Instruction =>
  !['clock', 'price', 'gift', 'freeze', 'age'].includes(action.do);
