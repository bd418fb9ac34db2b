/** From an action to the bytes and accounts of its instruction. */
import type { Call, Instruction } from './action.ts';
import { exchangeBuilders } from './build-exchange.ts';
import { fundsBuilders } from './build-funds.ts';
import { tradingBuilders } from './build-trading.ts';
import { type IdlInstruction, type Key, instructions, writeArguments } from './codec.ts';
import type { InstructionName } from './instruction-names.ts';
import type { Meta } from './vm.ts';
import { type World, singleton, singletons } from './world.ts';

/** A builder for every instruction of the IDL: this does not compile where one is missing. */
const builders: Record<InstructionName, (world: World, action: Instruction) => Call> = {
  ...exchangeBuilders,
  ...fundsBuilders,
  ...tradingBuilders,
};

const byName = new Map(instructions.map((instruction) => [instruction.name, instruction]));

/** The IDL's description of an instruction. */
export function describedBy(name: InstructionName): IdlInstruction {
  const described = byName.get(name);
  if (described === undefined) throw new Error(`the IDL has no instruction ${name}`);
  return described;
}

/** An instruction as the chain takes it. */
export interface Built {
  readonly call: Call;
  readonly metas: readonly Meta[];
  readonly data: Uint8Array;
}

/** The instruction of an action, as the world is now. */
export function build(world: World, action: Instruction): Built {
  const described = describedBy(action.do);
  const call = builders[action.do](world, action);
  const metas = described.accounts.map((account): Meta => {
    const given: Key | null | undefined = call.accounts[account.name];
    const key = given === undefined ? (account.address ?? singletons[account.name]) : given;
    if (key === undefined) throw new Error(`${action.do} needs the account ${account.name}`);
    if (key === null && account.optional === true) {
      return { key: singleton('program'), signer: false, writable: false };
    }
    // A required signer that is left out: the stranger's place without a signature.
    if (key === null) return { key: singleton('program'), signer: false, writable: false };
    return { key, signer: account.signer === true, writable: account.writable === true };
  });
  const remaining = (call.remaining ?? []).map((key): Meta => ({ key, signer: false, writable: true }));
  return { call, metas: [...metas, ...remaining], data: writeArguments(described, call.args) };
}
