import anchor from '@coral-xyz/anchor';
import idl, { type QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import { PROGRAM_ID, addresses } from './addresses.ts';
import { type Plain, plain } from './plain.ts';

/** The client only builds instructions and reads bytes here; nothing is sent through its connection. */
const connection = new anchor.web3.Connection('http://127.0.0.1:1');
/** The program as the unmodified Anchor client knows it. */
export const program = new anchor.Program<QuantdeskPerpDex>(idl, { connection });

/** Accounts every instruction ends with. */
export const eventAccounts = { eventAuthority: addresses.eventAuthority, program: PROGRAM_ID } as const;

type Accounts = anchor.IdlAccounts<QuantdeskPerpDex>;
/** Names of the program's accounts. */
export type AccountName = keyof Accounts;
/** An account's content in plain values. */
export type AccountOf<Name extends AccountName> = Plain<Accounts[Name]>;

/** Reads an account's bytes. Throws where they are another account's. */
export const decodeAccount = <Name extends AccountName>(name: Name, data: Uint8Array): AccountOf<Name> =>
  plain(program.coder.accounts.decode<Accounts[Name]>(name, Buffer.from(data))) as AccountOf<Name>;

/** The bytes of an account with this content: for states no instruction reaches. */
export const encodeAccount = <Name extends AccountName>(name: Name, content: Accounts[Name]): Promise<Buffer> =>
  program.coder.accounts.encode(name, content);

const errorNames = new Map(idl.errors.map((error) => [error.code as number, error.name as string]));

/** Name of a custom error in the program's spelling (`StaleCommand`), or Anchor's number as text. */
export function errorName(code: number): string {
  const name = errorNames.get(code);
  return name === undefined ? `Anchor ${code}` : name.charAt(0).toUpperCase() + name.slice(1);
}
