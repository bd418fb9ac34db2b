/** Every integer among an instruction's arguments, by the IDL, at the ends of its range. */
import anchor from '@coral-xyz/anchor';
import { TransactionInstruction } from '@solana/web3.js';
import { program } from '#support/program/client.ts';
import { bn } from '#support/program/plain.ts';

type IdlType =
  | string
  | { readonly option: IdlType }
  | { readonly vec: IdlType }
  | { readonly array: readonly [IdlType, number] }
  | { readonly defined: { readonly name: string } };

interface IdlField {
  readonly name: string;
  readonly type: IdlType;
}

interface IdlTypeDef {
  readonly name: string;
  readonly type:
    | { readonly kind: 'struct'; readonly fields?: readonly IdlField[] }
    | { readonly kind: 'enum'; readonly variants: readonly { name: string; fields?: readonly IdlField[] }[] };
}

/** An instruction with one of its integers replaced. */
export interface Extreme {
  /** `size`, `config.fee_bps`. */
  readonly field: string;
  readonly value: bigint;
  readonly instruction: TransactionInstruction;
}

const types = new Map((program.idl.types as unknown as readonly IdlTypeDef[]).map((type) => [type.name, type.type]));
const coder = new anchor.BorshInstructionCoder(program.idl);
const bits = /^([ui])(8|16|32|64|128)$/;

function endsOf(type: string): bigint[] {
  const [, sign, width] = bits.exec(type) ?? [];
  if (sign === undefined || width === undefined) return [];
  const size = BigInt(width);
  if (sign === 'u') return [0n, 1n, 2n ** size - 2n, 2n ** size - 1n];
  return [-(2n ** (size - 1n)), -1n, 0n, 1n, 2n ** (size - 1n) - 1n];
}

/** The client takes integers of 64 bits and more as BN. */
const asClient = (type: string, value: bigint): unknown => (/64|128/.test(type) ? bn(value) : Number(value));

type Values = Record<string, unknown>;
interface Leaf {
  readonly field: string;
  readonly value: bigint;
  /** All arguments with this value in place of one. */
  readonly args: unknown;
}

function ofFields(fields: readonly IdlField[], values: Values, path: string): Leaf[] {
  return fields.flatMap(({ name, type }) =>
    leaves(type, values[name], path === '' ? name : `${path}.${name}`).map((leaf) => ({
      ...leaf,
      args: { ...values, [name]: leaf.args },
    })),
  );
}

function ofDefined(name: string, value: unknown, path: string): Leaf[] {
  const type = types.get(name);
  if (type === undefined || typeof value !== 'object' || value === null) return [];
  const values = value as Values;
  if (type.kind === 'struct') return ofFields(type.fields ?? [], values, path);
  const [chosen] = Object.keys(values);
  const variant = type.variants.find((candidate) => candidate.name === chosen);
  if (chosen === undefined || variant?.fields === undefined) return [];
  return ofFields(variant.fields, values[chosen] as Values, `${path}.${chosen}`).map((leaf) => ({
    ...leaf,
    args: { [chosen]: leaf.args },
  }));
}

/** Byte arrays, keys and flags have no ends worth trying. */
function leaves(type: IdlType, value: unknown, path: string): Leaf[] {
  if (typeof type === 'string') {
    return endsOf(type).map((end) => ({ field: path, value: end, args: asClient(type, end) }));
  }
  if ('defined' in type) return ofDefined(type.defined.name, value, path);
  return [];
}

/** All variants of an instruction in which one integer is at an end of its range. */
export function extremesOf(instruction: TransactionInstruction): Extreme[] {
  const decoded = coder.decode(instruction.data);
  if (decoded === null) throw new Error('not an instruction of this program');
  const named = (program.idl.instructions as readonly { name: string; args: readonly IdlField[] }[]).find(
    ({ name }) => name === decoded.name,
  );
  return ofFields(named?.args ?? [], decoded.data as Values, '').map(({ field, value, args }) => ({
    field: field.replace(/^args\.?/, ''),
    value,
    instruction: new TransactionInstruction({
      programId: instruction.programId,
      keys: instruction.keys,
      data: coder.encode(decoded.name, args),
    }),
  }));
}
