/** What the accounts of the exchange hold, decoded once per change: after an instruction only what it could write is read again. */
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { AccountName, AccountOf } from '#support/program/client.ts';
import { type Key, type ProgramAccount, readAccount } from './codec.ts';
import type { FuzzVm } from './vm.ts';

/** Of a token account: the owner's key and the amount. */
const tokenOwnerOffset = 32;
const tokenAmountOffset = 64;
const tokenAccountLength = 165;
const tokenProgram = TOKEN_PROGRAM_ID.toBase58();

interface Known {
  readonly data: Uint8Array;
  readonly account: ProgramAccount | undefined;
}

/** An account of the program before and after an instruction; absent where it did not exist. */
export type Change = {
  [Name in AccountName]: {
    readonly name: Name;
    readonly key: Key;
    readonly before: AccountOf<Name> | undefined;
    readonly after: AccountOf<Name> | undefined;
  };
}[AccountName];

/** A token account whose amount changed, 1e-6 USDC. */
export interface TokenChange {
  readonly key: Key;
  readonly before: bigint;
  readonly after: bigint;
}

/** Everything that an instruction changed. */
export interface Changes {
  readonly program: readonly Change[];
  readonly tokens: readonly TokenChange[];
  /** Accounts that are neither: nothing of the exchange's should ever be here. */
  readonly others: readonly Key[];
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;

/** The accounts as the last instruction left them. */
export class Accounts {
  readonly #vm: FuzzVm;
  readonly #known = new Map<Key, Known>();
  readonly #tokens = new Map<Key, bigint>();
  /** Accounts of each kind. */
  readonly #byName = new Map<AccountName, Set<Key>>();

  constructor(vm: FuzzVm) {
    this.#vm = vm;
  }

  /** The content of an account; undefined where it does not exist. */
  find<Name extends AccountName>(name: Name, key: Key): AccountOf<Name> | undefined {
    const account = this.#known.get(key)?.account;
    return account?.name === name ? (account.content as AccountOf<Name>) : undefined;
  }

  /** The content of an account that exists. */
  get<Name extends AccountName>(name: Name, key: Key): AccountOf<Name> {
    const content = this.find(name, key);
    if (content === undefined) throw new Error(`no ${name} at ${key}`);
    return content;
  }

  /** All accounts of a kind. */
  all<Name extends AccountName>(name: Name): { readonly key: Key; readonly content: AccountOf<Name> }[] {
    return [...(this.#byName.get(name) ?? [])].map((key) => ({ key, content: this.get(name, key) }));
  }

  keysOf(name: AccountName): ReadonlySet<Key> {
    return this.#byName.get(name) ?? new Set();
  }

  /** Tokens of an account, 1e-6 USDC; 0 where it does not exist. */
  tokens(key: Key): bigint {
    return this.#tokens.get(key) ?? 0n;
  }

  /** Reads these accounts again and gives what changed since they were read last. */
  refresh(keys: Iterable<Key>): Changes {
    const program: Change[] = [];
    const tokens: TokenChange[] = [];
    const others: Key[] = [];
    for (const key of new Set(keys)) {
      const before = this.#known.get(key);
      const found = this.#vm.account(key);
      if (same(before?.data, found?.data)) continue;
      if (found?.owner === tokenProgram && found.data.length === tokenAccountLength) {
        const amount = Buffer.from(found.data).readBigUInt64LE(tokenAmountOffset);
        tokens.push({ key, before: this.tokens(key), after: amount });
        this.#tokens.set(key, amount);
        this.#known.set(key, { data: found.data, account: undefined });
        continue;
      }
      const account = found === undefined ? undefined : readAccount(found.data);
      const name = (account ?? before?.account)?.name;
      if (name === undefined) others.push(key);
      else program.push({ name, key, before: before?.account?.content, after: account?.content } as Change);
      this.#remember(key, found?.data, account);
    }
    return { program, tokens, others };
  }

  #remember(key: Key, data: Uint8Array | undefined, account: ProgramAccount | undefined): void {
    const before = this.#known.get(key)?.account;
    if (before !== undefined) this.#byName.get(before.name)?.delete(key);
    if (data === undefined) {
      this.#known.delete(key);
      return;
    }
    this.#known.set(key, { data, account });
    if (account === undefined) return;
    const keys = this.#byName.get(account.name) ?? new Set();
    keys.add(key);
    this.#byName.set(account.name, keys);
  }

  /** Accounts of the program that differ from what is remembered here; empty unless something changed that could not. */
  unnoticed(): Key[] {
    const present = this.#vm.programAccounts();
    const changed = present.filter(({ key, data }) => !same(this.#known.get(key)?.data, data)).map(({ key }) => key);
    const seen = new Set(present.map(({ key }) => key));
    const gone = [...this.#known].filter(([key, { account }]) => account !== undefined && !seen.has(key));
    return [...changed, ...gone.map(([key]) => key)];
  }
}

/** The owner of a token account's bytes, as they are written. */
export const tokenOwnerRange = [tokenOwnerOffset, tokenAmountOffset] as const;
