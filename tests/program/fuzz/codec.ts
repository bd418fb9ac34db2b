/**
 * Bytes of the program's accounts, events and arguments, read and written by its IDL. The client's own coder gives the same values
 * (`#support/program/plain.ts`), forty times slower: a sequence of a hundred thousand instructions needs this one.
 */
import bs58 from 'bs58';
import { type AccountName, type AccountOf, program } from '#support/program/client.ts';
import type { ProgramEvent } from '#support/program/events.ts';

/** An address as base58 text. */
export type Key = string;
/** A decoded value: integers up to 32 bits are numbers, wider ones bigint, keys base58, enums `{ name: fields }`. */
export type Value = boolean | number | bigint | string | null | readonly Value[] | { readonly [name: string]: Value };

type IdlType =
  | string
  | { readonly defined: { readonly name: string } }
  | { readonly option: IdlType }
  | { readonly vec: IdlType }
  | { readonly array: readonly [IdlType, number] };
interface IdlField {
  readonly name: string;
  readonly type: IdlType;
}
type IdlFields = readonly (IdlField | IdlType)[];
interface IdlDefinition {
  readonly name: string;
  readonly type: {
    readonly kind: string;
    readonly fields?: IdlFields;
    readonly variants?: readonly { readonly name: string; readonly fields?: IdlFields }[];
  };
}

/** An instruction as the IDL describes it. */
export interface IdlInstruction {
  readonly name: string;
  readonly discriminator: readonly number[];
  readonly accounts: readonly IdlAccount[];
  readonly args: readonly IdlField[];
}
/** An account of an instruction as the IDL describes it. */
export interface IdlAccount {
  readonly name: string;
  readonly writable?: boolean;
  readonly signer?: boolean;
  readonly optional?: boolean;
  readonly address?: string;
}

/** The IDL as the client spells it. */
const { idl } = program;
/** All instructions of the program. */
export const instructions = idl.instructions as unknown as readonly IdlInstruction[];
const definitions = new Map((idl.types as unknown as readonly IdlDefinition[]).map((type) => [type.name, type]));

class Cursor {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
  }

  /** Moves on by `length` bytes and gives where they start. */
  take(length: number): number {
    const start = this.at;
    this.at += length;
    return start;
  }
}

type Read = (from: Cursor) => Value;
type Write = (value: Value, to: number[]) => void;

const keyTexts = new Map<string, Key>();
const keyBytes = new Map<Key, Uint8Array>();

/** Base58 of 32 bytes; remembered, since few keys occur very often. */
export function keyText(bytes: Uint8Array): Key {
  const name = Buffer.from(bytes.buffer, bytes.byteOffset, 32).toString('latin1', 0, 32);
  const known = keyTexts.get(name);
  if (known !== undefined) return known;
  const text = bs58.encode(bytes);
  keyTexts.set(name, text);
  return text;
}

/** 32 bytes of a key; remembered. */
export function bytesOfKey(key: Key): Uint8Array {
  const known = keyBytes.get(key);
  if (known !== undefined) return known;
  const bytes = bs58.decode(key);
  keyBytes.set(key, bytes);
  return bytes;
}

const u64 = (low: bigint, high: bigint): bigint => (high << 64n) | low;
const primitives: Readonly<Record<string, Read>> = {
  bool: (from) => from.bytes.readUInt8(from.take(1)) !== 0,
  u8: (from) => from.bytes.readUInt8(from.take(1)),
  u16: (from) => from.bytes.readUInt16LE(from.take(2)),
  u32: (from) => from.bytes.readUInt32LE(from.take(4)),
  i32: (from) => from.bytes.readInt32LE(from.take(4)),
  u64: (from) => from.bytes.readBigUInt64LE(from.take(8)),
  i64: (from) => from.bytes.readBigInt64LE(from.take(8)),
  u128: (from) => u64(from.bytes.readBigUInt64LE(from.take(8)), from.bytes.readBigUInt64LE(from.take(8))),
  i128: (from) => u64(from.bytes.readBigUInt64LE(from.take(8)), from.bytes.readBigInt64LE(from.take(8))),
  pubkey: (from) => keyText(from.bytes.subarray(from.take(32), from.at)),
};

const integerBytes: Readonly<Record<string, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  u128: 16,
  i128: 16,
};

function writeInteger(value: Value, length: number, to: number[]): void {
  let rest = BigInt.asUintN(length * 8, BigInt(value as bigint));
  for (let i = 0; i < length; i += 1, rest >>= 8n) to.push(Number(rest & 255n));
}

const readers = new Map<string, Read>();
const writers = new Map<string, Write>();

const named = (fields: IdlFields): IdlField[] =>
  fields.map((field, i) => (typeof field === 'object' && 'name' in field ? field : { name: String(i), type: field }));

function structReader(fields: IdlFields): Read {
  const parts = named(fields).map(({ name, type }) => ({ name, read: readerOf(type) }));
  return (from) => {
    const value: Record<string, Value> = {};
    for (const { name, read } of parts) value[name] = read(from);
    return value;
  };
}

function structWriter(fields: IdlFields): Write {
  const parts = named(fields).map(({ name, type }) => ({ name, write: writerOf(type) }));
  return (value, to) => {
    const content = value as Record<string, Value | undefined>;
    for (const { name, write } of parts) {
      const field = content[name];
      if (field === undefined) throw new Error(`the field ${name} is missing`);
      write(field, to);
    }
  };
}

function definedReader(name: string): Read {
  const definition = definitions.get(name);
  if (definition === undefined) throw new Error(`the IDL has no type ${name}`);
  const { fields, variants } = definition.type;
  if (variants === undefined) return structReader(fields ?? []);
  const choices = variants.map((variant) => ({ name: variant.name, read: structReader(variant.fields ?? []) }));
  return (from) => {
    const choice = choices[from.bytes.readUInt8(from.take(1))];
    if (choice === undefined) throw new Error(`an unknown variant of ${name}`);
    return { [choice.name]: choice.read(from) };
  };
}

function definedWriter(name: string): Write {
  const definition = definitions.get(name);
  if (definition === undefined) throw new Error(`the IDL has no type ${name}`);
  const { fields, variants } = definition.type;
  if (variants === undefined) return structWriter(fields ?? []);
  return (value, to) => {
    const [choice, content] = Object.entries(value as Record<string, Value>)[0] ?? [];
    const index = variants.findIndex((variant) => variant.name === choice);
    if (index < 0 || content === undefined) throw new Error(`${name} has no variant ${String(choice)}`);
    to.push(index);
    structWriter(variants[index]?.fields ?? [])(content, to);
  };
}

function remembered<T>(cache: Map<string, T>, type: IdlType, make: () => T): T {
  const name = JSON.stringify(type);
  const made = cache.get(name) ?? make();
  cache.set(name, made);
  return made;
}

function readerOf(type: IdlType): Read {
  return remembered(readers, type, () => {
    if (typeof type === 'string') {
      const read = primitives[type];
      if (read === undefined) throw new Error(`no reader for ${type}`);
      return read;
    }
    if ('defined' in type) return definedReader(type.defined.name);
    if ('option' in type) {
      const read = readerOf(type.option);
      return (from) => (from.bytes.readUInt8(from.take(1)) === 0 ? null : read(from));
    }
    if ('vec' in type) {
      const read = readerOf(type.vec);
      return (from) => Array.from({ length: from.bytes.readUInt32LE(from.take(4)) }, () => read(from));
    }
    const [item, length] = type.array;
    if (item === 'u8') return (from) => Array.from(from.bytes.subarray(from.take(length), from.at));
    const read = readerOf(item);
    return (from) => Array.from({ length }, () => read(from));
  });
}

function writerOf(type: IdlType): Write {
  return remembered(writers, type, () => {
    if (type === 'bool') return (value, to) => to.push(value === true ? 1 : 0);
    if (type === 'pubkey') return (value, to) => to.push(...bytesOfKey(value as Key));
    if (typeof type === 'string') {
      const length = integerBytes[type];
      if (length === undefined) throw new Error(`no writer for ${type}`);
      return (value, to) => writeInteger(value, length, to);
    }
    if ('defined' in type) return definedWriter(type.defined.name);
    if ('option' in type) {
      const write = writerOf(type.option);
      return (value, to) => {
        to.push(value === null ? 0 : 1);
        if (value !== null) write(value, to);
      };
    }
    const write = writerOf('vec' in type ? type.vec : type.array[0]);
    return (value, to) => {
      const items = value as readonly Value[];
      if ('vec' in type) writeInteger(items.length, 4, to);
      for (const item of items) write(item, to);
    };
  });
}

const tagOf = (bytes: Uint8Array | readonly number[], at = 0): bigint =>
  Buffer.from(bytes as Uint8Array).readBigUInt64LE(at);

const accountReaders = new Map(
  idl.accounts.map((account) => [
    tagOf(account.discriminator),
    { name: account.name as AccountName, read: definedReader(account.name) },
  ]),
);
const eventReaders = new Map(
  idl.events.map((event) => [tagOf(event.discriminator), { name: event.name, read: definedReader(event.name) }]),
);
/** First bytes of a self-CPI that carries an event. */
const eventTag = 0x1d9acb512ea545e4n;

/** An account of the program with its type. */
export type ProgramAccount = {
  [Name in AccountName]: { readonly name: Name; readonly content: AccountOf<Name> };
}[AccountName];

/** Reads an account of the program; undefined where the bytes are another program's. */
export function readAccount(data: Uint8Array): ProgramAccount | undefined {
  const reader = data.length < 8 ? undefined : accountReaders.get(tagOf(data.subarray(0, 8)));
  if (reader === undefined) return undefined;
  return { name: reader.name, content: reader.read(new Cursor(data, 8)) } as unknown as ProgramAccount;
}

/** Reads the data of a called instruction; undefined where it carries no event. */
export function readEvent(data: Uint8Array): ProgramEvent | undefined {
  if (data.length < 16 || tagOf(data.subarray(0, 8)) !== eventTag) return undefined;
  const reader = eventReaders.get(tagOf(data.subarray(8, 16)));
  if (reader === undefined) throw new Error('an event of the program is not in its IDL');
  return { name: reader.name, data: reader.read(new Cursor(data, 16)) } as unknown as ProgramEvent;
}

/** The bytes of an account with this content: for states no instruction reaches. */
export function writeAccount(name: AccountName, content: Value): Uint8Array {
  const bytes = [...(idl.accounts.find((account) => account.name === name)?.discriminator ?? [])] as number[];
  definedWriter(name)(content, bytes);
  return Uint8Array.from(bytes);
}

/** An instruction's data: its discriminator and arguments. */
export function writeArguments(instruction: IdlInstruction, args: readonly Value[]): Uint8Array {
  const bytes = [...instruction.discriminator];
  instruction.args.forEach(({ name, type }, i) => {
    const value = args[i];
    if (value === undefined) throw new Error(`${instruction.name} needs the argument ${name}`);
    writerOf(type)(value, bytes);
  });
  return Uint8Array.from(bytes);
}
