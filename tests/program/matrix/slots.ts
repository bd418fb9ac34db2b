/** What the IDL says of each instruction's accounts, and what kind of account belongs in each place. */
import idl from '#program/quantdesk_perp_dex.ts';
import type { AccountName } from '#support/program/client.ts';

/** What belongs in a place. */
export type Kind =
  | { readonly of: 'state'; readonly type: AccountName }
  | {
      readonly of:
        | 'signer'
        | 'wallet'
        /** An account of ours of any type. */
        | 'anyState'
        | 'token'
        | 'mint'
        | 'price'
        | 'program'
        | 'programData'
        | 'sysvar'
        | 'eventAuthority'
        | 'self';
    };

/** One account of one instruction. */
export interface Slot {
  readonly instruction: string;
  readonly index: number;
  readonly name: string;
  readonly signer: boolean;
  readonly writable: boolean;
  readonly optional: boolean;
  readonly kind: Kind;
}

interface IdlAccount {
  readonly name: string;
  readonly signer?: boolean;
  readonly writable?: boolean;
  readonly optional?: boolean;
}

const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const firstLower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Types of the program's accounts, as the client names them. */
export const STATE_TYPES = idl.accounts.map(({ name }) => firstLower(name)) as AccountName[];

const kinds: Readonly<Record<string, Kind>> = {
  vault: { of: 'token' },
  source: { of: 'token' },
  destination: { of: 'token' },
  usdc_mint: { of: 'mint' },
  price_update: { of: 'price' },
  token_program: { of: 'program' },
  system_program: { of: 'program' },
  program_data: { of: 'programData' },
  instructions_sysvar: { of: 'sysvar' },
  account: { of: 'anyState' },
  rent_payer: { of: 'wallet' },
  event_authority: { of: 'eventAuthority' },
  program: { of: 'self' },
  liquidator_account: { of: 'state', type: 'userAccount' },
};

/** The kind of a place by its IDL entry. Throws for a name nobody has thought about: add it to `kinds`. */
function kindOf(instruction: string, { name, signer }: IdlAccount): Kind {
  if (signer === true) return { of: 'signer' };
  const known = kinds[name];
  if (known !== undefined) return known;
  const type = camelCase(name) as AccountName;
  if (STATE_TYPES.includes(type)) return { of: 'state', type };
  throw new Error(`nothing says what ${instruction}.${name} holds`);
}

/** Every account of every instruction. */
export const SLOTS: ReadonlyMap<string, readonly Slot[]> = new Map(
  idl.instructions.map((instruction): [string, Slot[]] => [
    instruction.name,
    (instruction.accounts as readonly IdlAccount[]).map((account, index) => ({
      instruction: instruction.name,
      index,
      name: account.name,
      signer: account.signer === true,
      writable: account.writable === true,
      optional: account.optional === true,
      kind: kindOf(instruction.name, account),
    })),
  ]),
);

/** The places of an instruction. Throws where the IDL has no such instruction. */
export function slotsOf(instruction: string): readonly Slot[] {
  const slots = SLOTS.get(instruction);
  if (slots === undefined) throw new Error(`the program has no instruction ${instruction}`);
  return slots;
}
