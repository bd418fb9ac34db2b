import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };

/** The program that this terminal was built for. */
export const programId: string = idl.address;

const discriminatorBytes = 8;

export interface ProgramInstruction {
  readonly name: string;
  readonly accounts: readonly { readonly name: string; readonly address?: string }[];
  /** Amounts by their name in the interface. */
  readonly args: Readonly<Record<string, bigint>>;
}

interface Field {
  readonly name: string;
  readonly type: unknown;
}

const bytesOf: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, i64: 8 };

/** A whole number, its low byte first. */
function readInteger(data: Uint8Array, type: string): bigint {
  const unsigned = data.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
  return type.startsWith('i') ? BigInt.asIntN(data.length * 8, unsigned) : unsigned;
}

function fieldsOf(args: readonly { readonly type: unknown }[]): readonly Field[] {
  const [first] = args as readonly { readonly type: { readonly defined?: { readonly name: string } } }[];
  const wanted = first?.type.defined?.name;
  const found = idl.types.find(({ name }) => name === wanted);
  return (found?.type.fields ?? []) as readonly Field[];
}

/** An instruction of the program by its interface; undefined where its bytes are not exactly one whose arguments are whole numbers. */
export function readProgramInstruction(data: Uint8Array): ProgramInstruction | undefined {
  const found = idl.instructions.find(({ discriminator }) => discriminator.every((byte, at) => byte === data[at]));
  if (found === undefined || data.length < discriminatorBytes) return undefined;
  const args: Record<string, bigint> = {};
  let at = discriminatorBytes;
  for (const { name, type } of fieldsOf(found.args)) {
    const length = typeof type === 'string' ? bytesOf[type] : undefined;
    if (typeof type !== 'string' || length === undefined || at + length > data.length) return undefined;
    args[name] = readInteger(data.subarray(at, at + length), type);
    at += length;
  }
  return at === data.length ? { name: found.name, accounts: found.accounts, args } : undefined;
}
