/** What a substitution must be answered with by the kind of account alone: the checks that every account of this kind has. */
import { SystemProgram } from '@solana/web3.js';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import idl from '#program/quantdesk_perp_dex.ts';
import type { ChainAccount } from '../../../local/solana/account.ts';
import { PROGRAM_ID } from '#support/program/addresses.ts';
import type { AccountName } from '#support/program/client.ts';
import type { Mutation } from './mutations.ts';
import type { Slot } from './slots.ts';

/** Anchor's own errors, and those of the programs that ours calls, as tests see them. */
export const ERRORS = {
  /** System program: the account exists. */
  alreadyInUse: 'Anchor 0',
  /** Token program: the authority does not own the source. */
  notTheTokenOwner: 'Anchor 4',
  /** Token program: the account is frozen. */
  frozen: 'Anchor 17',
  constraintMut: 'Anchor 2000',
  constraintOwner: 'Anchor 2004',
  constraintSeeds: 'Anchor 2006',
  /** An account closed into itself. */
  closedIntoItself: 'Anchor 2011',
  constraintAddress: 'Anchor 2012',
  duplicateMutable: 'Anchor 2040',
  noDiscriminator: 'Anchor 3001',
  wrongDiscriminator: 'Anchor 3002',
  notDeserialized: 'Anchor 3003',
  wrongOwner: 'Anchor 3007',
  wrongProgram: 'Anchor 3008',
  notSigner: 'Anchor 3010',
  notInitialized: 'Anchor 3012',
  notProgramData: 'Anchor 3013',
  /** The runtime: a program passed on an account as writable that the transaction does not let it write. */
  readOnlyPassedOn: 'PrivilegeEscalation',
  /** The runtime: a program called one that the transaction does not name. */
  programNotNamed: 'MissingAccount',
  /** Token program: not 165 bytes, or not 82 of a mint. */
  notATokenAccount: 'InvalidAccountData',
  uninitialized: 'UninitializedAccount',
} as const;

/** A substitution that may work, and why that harms nobody. */
export interface Harmless {
  readonly harmless: string;
}
export type Expected = string | Harmless;

/** A substitution as the table of expectations sees it. */
export interface Substitution {
  readonly slot: Slot;
  readonly mutation: Mutation;
  /** The account now found in this place. */
  readonly found: ChainAccount | undefined;
  /** Another place of the transaction in which the same account now is. */
  readonly sameAs: Slot | undefined;
  /** Whether the working transaction creates the account of this place. */
  readonly isCreated: boolean;
  /** Whether the program is also named in another place, as the account that stands for one left out. */
  readonly programNamedElsewhere: boolean;
}

const firstLower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const discriminators = new Map(
  idl.accounts.map(({ name, discriminator }) => [firstLower(name), Buffer.from(discriminator)]),
);
const discriminatorBytes = 8;
const tokenAccountBytes = 165;
const mintBytes = 82;

const isNothing = (account: ChainAccount | undefined): account is undefined =>
  account === undefined || (account.owner === SystemProgram.programId.toBase58() && account.lamports === 0n);

/** Why these bytes are no account of this type; undefined where they are one. */
function notOfType(type: AccountName, account: ChainAccount | undefined): string | undefined {
  if (isNothing(account)) return ERRORS.notInitialized;
  if (account.owner !== PROGRAM_ID.toBase58()) return ERRORS.wrongOwner;
  if (account.data.length < discriminatorBytes) return ERRORS.noDiscriminator;
  const head = Buffer.from(account.data.subarray(0, discriminatorBytes));
  return discriminators.get(type)?.equals(head) === true ? undefined : ERRORS.wrongDiscriminator;
}

/** Why this is no initialised token account, or mint; undefined where it is one. */
function notOfToken(length: number, account: ChainAccount | undefined): string | undefined {
  if (isNothing(account)) return ERRORS.notInitialized;
  if (account.owner !== TOKEN_PROGRAM_ID.toBase58()) return ERRORS.wrongOwner;
  if (account.data.length !== length) return ERRORS.notATokenAccount;
  return account.data.every((byte) => byte === 0) ? ERRORS.uninitialized : undefined;
}

/** Why this is no account of the loader that says where a program's bytes are. */
function notProgramData(account: ChainAccount | undefined): string {
  if (isNothing(account)) return ERRORS.notInitialized;
  return account.owner.startsWith('BPFLoaderUpgradeab1e') ? ERRORS.notProgramData : ERRORS.wrongOwner;
}

function whereCreated({ mutation }: Substitution): Expected | undefined {
  if (mutation.isWritable === false) return ERRORS.readOnlyPassedOn;
  if (mutation.key !== undefined) return ERRORS.constraintSeeds;
  if (mutation.what === 'given SOL ahead') {
    return { harmless: 'SOL sent to an address before its account exists must not stop anyone from creating it' };
  }
  return ERRORS.alreadyInUse;
}

function ofState(substitution: Substitution, type: AccountName): Expected | undefined {
  const { mutation, found } = substitution;
  if (substitution.isCreated) return whereCreated(substitution);
  if (mutation.what.startsWith('of version')) return 'WrongVersion';
  if (mutation.what === 'cut short') return ERRORS.notDeserialized;
  if (mutation.key === undefined && mutation.isWritable === false) return ERRORS.constraintMut;
  return notOfType(type, found) ?? twice(substitution);
}

/** Two writable places that take the same account: one would overwrite what the other wrote. */
const twice = ({ slot, sameAs }: Substitution): Expected | undefined =>
  slot.writable && sameAs?.writable === true ? ERRORS.duplicateMutable : undefined;

function ofToken(substitution: Substitution, length: number): Expected | undefined {
  const { mutation, found } = substitution;
  if (substitution.isCreated) return whereCreated(substitution);
  if (mutation.key === undefined && mutation.isWritable === false) return ERRORS.constraintMut;
  if (mutation.what === 'frozen') return ERRORS.frozen;
  return notOfToken(length, found) ?? twice(substitution);
}

function ofPrice({ mutation }: Substitution): Expected {
  if (mutation.what === 'of another feed') return 'OracleWrongFeed';
  const malformed = ['without content', 'zeroed', 'too short'].includes(mutation.what);
  return malformed ? 'OracleMalformed' : 'OracleWrongAccount';
}

function ofSelf({ programNamedElsewhere }: Substitution): Expected {
  if (!programNamedElsewhere) return ERRORS.programNotNamed;
  return { harmless: 'the event is always sent to this program’s own id, which the transaction names elsewhere' };
}

function ofAnyState({ mutation, found }: Substitution): Expected | undefined {
  if (mutation.isWritable === false) return ERRORS.constraintMut;
  if (found === undefined || found.owner !== PROGRAM_ID.toBase58()) return ERRORS.constraintOwner;
  return mutation.what === 'a copy at another address' ? undefined : 'WrongVersion';
}

/** The answer that the kind of the place calls for; undefined where only the table can say. */
export function expectedByKind(substitution: Substitution): Expected | undefined {
  const { slot, mutation } = substitution;
  if (mutation.what === 'left out') return undefined;
  switch (slot.kind.of) {
    case 'state':
      return ofState(substitution, slot.kind.type);
    case 'signer':
      return mutation.isSigner === false ? ERRORS.notSigner : undefined;
    case 'token':
      return ofToken(substitution, tokenAccountBytes);
    case 'mint':
      return ofToken(substitution, mintBytes);
    case 'price':
      return ofPrice(substitution);
    case 'program':
      return ERRORS.wrongProgram;
    case 'eventAuthority':
      return ERRORS.constraintAddress;
    case 'self':
      return ofSelf(substitution);
    case 'anyState':
      return ofAnyState(substitution);
    case 'programData':
      return notProgramData(substitution.found);
    case 'sysvar':
    case 'wallet':
      return undefined;
  }
}
