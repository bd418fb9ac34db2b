/** The Solana virtual machine without signatures and text: raw keys, raw messages, nothing decoded that nobody asks for. */
import { Account, Clock, FailedTransactionMetadata, LiteSvm } from 'litesvm/dist/internal.js';
import { type VmError, transactionErrorOf } from '../../../local/solana/transaction-error.ts';
import { UPGRADEABLE_LOADER } from '../../../workers/chain/addresses.ts';
import { addresses, PROGRAM_ID } from '#support/program/addresses.ts';
import { programBytes } from '#support/program/artifact.ts';
import { errorName } from '#support/program/client.ts';
import type { ProgramEvent } from '#support/program/events.ts';
import { type Key, bytesOfKey, keyText, readEvent } from './codec.ts';

export const programDataKey = addresses.programData.toBase58();
/** In a ProgramData account: option and key of the upgrade authority. */
const authorityOptionOffset = 12;
const authorityOffset = 13;
const signatureBytes = 64;
const keyLength = 32;
const slotsPerSecond = 2.5;

/** An account of an instruction. */
export interface Meta {
  readonly key: Key;
  readonly signer: boolean;
  readonly writable: boolean;
}

/** What running an instruction did. */
export interface Outcome {
  /** The program's error by name, `Anchor <number>`, another failure's name, or null where it succeeded. */
  readonly error: string | null;
  readonly events: readonly ProgramEvent[];
  readonly computeUnits: number;
  readonly logs: () => readonly string[];
}

/** Bytes of a short vector's length below 2^14. */
const compact = (length: number): number[] => (length < 128 ? [length] : [(length & 127) | 128, length >> 7]);

interface Use {
  signer: boolean;
  writable: boolean;
}

/** Accounts in a message's order: writable signers, signers, writable, the rest; the payer first. */
function orderedKeys(payer: Key, metas: readonly Meta[]): { keys: Key[]; header: number[] } {
  const uses = new Map<Key, Use>([[payer, { signer: true, writable: true }]]);
  for (const { key, signer, writable } of metas) {
    const known = uses.get(key);
    if (known === undefined) uses.set(key, { signer, writable });
    else {
      known.signer ||= signer;
      known.writable ||= writable;
    }
  }
  if (!uses.has(PROGRAM_ID.toBase58())) uses.set(PROGRAM_ID.toBase58(), { signer: false, writable: false });
  const all = [...uses];
  const pick = (signer: boolean, writable: boolean): Key[] =>
    all.filter(([, use]) => use.signer === signer && use.writable === writable).map(([key]) => key);
  const [signingWritable, signing, writable, rest] = [
    pick(true, true),
    pick(true, false),
    pick(false, true),
    pick(false, false),
  ];
  const header = [signingWritable.length + signing.length, signing.length, rest.length];
  return { keys: [...signingWritable, ...signing, ...writable, ...rest], header };
}

/** A legacy transaction of one instruction of the program, with empty signatures. */
function transactionBytes(payer: Key, metas: readonly Meta[], data: Uint8Array): Uint8Array {
  const { keys, header } = orderedKeys(payer, metas);
  const places = new Map(keys.map((key, i) => [key, i]));
  const place = (key: Key): number => places.get(key) ?? 0;
  const body = [place(PROGRAM_ID.toBase58()), ...compact(metas.length), ...metas.map(({ key }) => place(key))];
  const signatures = header[0] ?? 0;
  return Buffer.concat([
    Buffer.from(compact(signatures)),
    Buffer.alloc(signatures * signatureBytes),
    Buffer.from([...header, ...compact(keys.length)]),
    ...keys.map(bytesOfKey),
    Buffer.alloc(keyLength),
    Buffer.from([1, ...body, ...compact(data.length)]),
    data,
  ]);
}

function errorText(failed: FailedTransactionMetadata): string {
  const error = transactionErrorOf(failed.err() as VmError);
  if (typeof error === 'object' && 'InstructionError' in error) {
    const [, cause] = error['InstructionError'] as [number, unknown];
    if (typeof cause === 'object' && cause !== null && 'Custom' in cause) return errorName(Number(cause.Custom));
    return String(cause);
  }
  return typeof error === 'string' ? error : JSON.stringify(error);
}

/** A chain whose clock and accounts only the fuzzer moves. */
export class FuzzVm {
  readonly #svm: LiteSvm;
  #now = 0n;
  #slot = 1n;

  /** A new chain with the program on it, or, given a snapshot, the chain it was taken of. */
  constructor(snapshot?: Uint8Array) {
    this.#svm = snapshot === undefined ? new LiteSvm() : LiteSvm.fromBytes(snapshot);
    this.#svm.setBlockhashCheck(false);
    this.#svm.setTransactionHistory(0n);
    this.#svm.setSigverify(false);
    const { slot, unixTimestamp } = this.#svm.getClock();
    if (snapshot !== undefined) [this.#now, this.#slot] = [unixTimestamp, slot];
  }

  /** Everything on the chain, to start from again. */
  snapshot(): Uint8Array {
    return this.#svm.toBytes();
  }

  /** Deploys the compiled program with this upgrade authority. */
  install(upgradeAuthority: Key): void {
    this.#svm.addProgram(PROGRAM_ID.toBytes(), programBytes());
    const installed = this.account(programDataKey);
    if (installed === undefined) throw new Error('the program was installed without its ProgramData account');
    const data = Buffer.from(installed.data);
    data.writeUInt8(1, authorityOptionOffset);
    data.set(bytesOfKey(upgradeAuthority), authorityOffset);
    this.setAccount(programDataKey, UPGRADEABLE_LOADER.toBase58(), data);
  }

  /** Unix seconds. */
  get now(): bigint {
    return this.#now;
  }

  setNow(now: bigint): void {
    this.#slot += BigInt(Math.max(1, Math.round(Number(now - this.#now) * slotsPerSecond)));
    this.#now = now;
    this.#svm.setClock(new Clock(this.#slot, now, 0n, 0n, now));
  }

  account(key: Key): { readonly data: Uint8Array; readonly owner: Key } | undefined {
    const found = this.#svm.getAccount(bytesOfKey(key));
    if (found === null || found.lamports() === 0n) return undefined;
    return { data: found.data(), owner: keyText(found.owner()) };
  }

  setAccount(key: Key, owner: Key, data: Uint8Array, lamports?: bigint): void {
    const rent = lamports ?? this.#svm.minimumBalanceForRentExemption(BigInt(data.length));
    this.#svm.setAccount(bytesOfKey(key), new Account(rent, data, bytesOfKey(owner), false, 0n));
  }

  /** All accounts of the program. */
  programAccounts(): { readonly key: Key; readonly data: Uint8Array }[] {
    return this.#svm
      .getProgramAccounts(PROGRAM_ID.toBytes())
      .map((found) => ({ key: keyText(found.address), data: found.account().data() }));
  }

  /** Runs one instruction of the program; `payer` pays the fee. */
  execute(payer: Key, metas: readonly Meta[], data: Uint8Array): Outcome {
    const result = this.#svm.sendLegacyTransaction(transactionBytes(payer, metas, data));
    if (result instanceof FailedTransactionMetadata) {
      const meta = result.meta();
      const computeUnits = Number(meta.computeUnitsConsumed());
      return { error: errorText(result), events: [], computeUnits, logs: () => meta.logs() };
    }
    const events: ProgramEvent[] = [];
    for (const call of result.innerInstructions().flat()) {
      const event = readEvent(call.instruction().data());
      if (event !== undefined) events.push(event);
    }
    return { error: null, events, computeUnits: Number(result.computeUnitsConsumed()), logs: () => result.logs() };
  }
}
