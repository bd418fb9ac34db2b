import { Keypair, PublicKey, SystemProgram, Transaction, type TransactionInstruction } from '@solana/web3.js';
import bs58 from 'bs58';
import { installProgram } from '../../../local/solana/programs.ts';
import { Vm } from '../../../local/solana/vm.ts';
import { PROGRAM_ID } from './addresses.ts';
import { programBytes } from './artifact.ts';
import { type AccountName, type AccountOf, decodeAccount, encodeAccount, errorName, program } from './client.ts';
import { type EventName, type EventOf, type ProgramEvent, decodeEvents } from './events.ts';

const walletLamports = 1_000_000_000_000n;
const startSlot = 1_000;

/** What a transaction did. */
export interface Sent {
  /** Name of the program's error, `Anchor <number>`, another failure as JSON, or null where it succeeded. */
  readonly error: string | null;
  readonly events: readonly ProgramEvent[];
  readonly computeUnits: number;
  readonly logs: readonly string[];
}

/** The data of the one event of this name. Throws where there is none. */
export function eventOf<Name extends EventName>(sent: Sent, name: Name): EventOf<Name> {
  const event = sent.events.find((candidate) => candidate.name === name);
  if (event === undefined) throw new Error(`no ${name} among: ${sent.events.map((e) => e.name).join(', ') || 'none'}`);
  return event.data as EventOf<Name>;
}

/** A Solana virtual machine with the compiled program in it, a clock that only tests move, and transactions without a network. */
export class ProgramChain {
  readonly vm = new Vm();
  /** Pays every fee. */
  readonly feePayer: Keypair;
  #now: bigint;
  #slot = startSlot;
  #blockhash = 0n;

  /** `now` in unix seconds; `upgradeAuthority` may initialise the exchange. */
  constructor(now: bigint, upgradeAuthority: PublicKey) {
    this.#now = now;
    installProgram(this.vm, PROGRAM_ID.toBase58(), programBytes(), upgradeAuthority.toBase58());
    this.feePayer = this.wallet();
    this.#setClock();
  }

  /** Unix seconds. */
  get now(): bigint {
    return this.#now;
  }

  /** Moves the clock; a slot lasts 400 ms. */
  advance(seconds: bigint): void {
    this.#now += seconds;
    this.#slot += Number((seconds * 10n) / 4n) + 1;
    this.#setClock();
  }

  #setClock(): void {
    this.vm.setClock(this.#slot, Number(this.#now), 0, Number(this.#now));
  }

  /** A new wallet with SOL for rent. */
  wallet(): Keypair {
    const keypair = Keypair.generate();
    this.fund(keypair.publicKey);
    return keypair;
  }

  /** Gives a key SOL for rent. */
  fund(key: PublicKey): void {
    this.setData(key, SystemProgram.programId, new Uint8Array(0), walletLamports);
  }

  /** Writes an account as it is: what no instruction could. */
  setData(key: PublicKey, owner: PublicKey, data: Uint8Array, lamports?: bigint): void {
    this.vm.setAccount({
      address: key.toBase58(),
      owner: owner.toBase58(),
      data,
      lamports: lamports ?? this.vm.rentExemptLamports(data.length),
      executable: false,
    });
  }

  /** An account's bytes; undefined where it does not exist. */
  data(key: PublicKey): Uint8Array | undefined {
    return this.vm.account(key.toBase58())?.data;
  }

  /** An account of the program, decoded. Throws where it does not exist. */
  fetch<Name extends AccountName>(name: Name, key: PublicKey): AccountOf<Name> {
    const data = this.data(key);
    if (data === undefined) throw new Error(`no ${name} at ${key.toBase58()}`);
    return decodeAccount(name, data);
  }

  /** Rewrites an account of the program: for states no instruction reaches. `change` gets the client's own values (BN, PublicKey). */
  async rewrite<Name extends AccountName>(
    name: Name,
    key: PublicKey,
    change: (content: Parameters<typeof encodeAccount<Name>>[1]) => void,
  ): Promise<void> {
    const data = this.data(key);
    if (data === undefined) throw new Error(`no ${name} at ${key.toBase58()}`);
    const content = program.coder.accounts.decode<Parameters<typeof encodeAccount<Name>>[1]>(name, Buffer.from(data));
    change(content);
    this.setData(key, PROGRAM_ID, await encodeAccount(name, content));
  }

  /** All accounts of the program of one kind. */
  all<Name extends AccountName>(name: Name): { key: PublicKey; content: AccountOf<Name> }[] {
    const discriminator = Buffer.from(
      program.idl.accounts.find((account) => account.name === name)?.discriminator ?? [],
    );
    return this.vm
      .programAccounts(PROGRAM_ID.toBase58())
      .filter((account) => Buffer.from(account.data.subarray(0, 8)).equals(discriminator))
      .map((account) => ({ key: new PublicKey(account.address), content: decodeAccount(name, account.data) }));
  }

  /** A blockhash no transaction has used. */
  freshBlockhash(): string {
    this.#blockhash += 1n;
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setBigUint64(0, this.#blockhash);
    return bs58.encode(bytes);
  }

  /** Signs and runs one transaction of these instructions. */
  send(instructions: readonly TransactionInstruction[], signers: readonly Keypair[]): Sent {
    const transaction = new Transaction({ recentBlockhash: this.freshBlockhash(), feePayer: this.feePayer.publicKey });
    transaction.add(...instructions).sign(this.feePayer, ...signers);
    return this.run(transaction);
  }

  /** Runs a signed transaction; the virtual machine verifies the signatures. */
  run(transaction: Transaction): Sent {
    const result = this.vm.execute(transaction.serialize({ verifySignatures: false }));
    const keys = transaction.compileMessage().accountKeys;
    return {
      error: errorText(result.error),
      events: result.error === null ? decodeEvents(result.inner, keys) : [],
      computeUnits: result.unitsConsumed,
      logs: result.logs,
    };
  }
}

/** A failure as `Sent.error` says it. */
export function errorText(error: unknown): string | null {
  if (error === null) return null;
  if (typeof error === 'object' && 'InstructionError' in error) {
    const [, cause] = error.InstructionError as [number, unknown];
    if (typeof cause === 'object' && cause !== null && 'Custom' in cause) return errorName(Number(cause.Custom));
    return String(cause);
  }
  return typeof error === 'string' ? error : JSON.stringify(error);
}
