import { PublicKey } from '@solana/web3.js';
import type { Vm } from './vm.ts';

const upgradeableLoader = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');
/** ProgramData account: u32 state (3), u64 slot of deployment, option and key of the upgrade authority, then the ELF. */
const programDataState = 3;
const slotOffset = 4;
const authorityOptionOffset = 12;
const authorityOffset = 13;
const programDataHeaderBytes = 45;

/** Address of the ProgramData account of an upgradeable program. */
export function programDataAddress(programId: string): string {
  const seeds = [new PublicKey(programId).toBuffer()];
  return PublicKey.findProgramAddressSync(seeds, upgradeableLoader)[0].toBase58();
}

/**
 * Installs a program as a deployment by the upgradeable loader leaves it: the Program account pointing to a ProgramData
 * account that names the upgrade authority, deployed in slot 0. Without an authority the program is final.
 */
export function installProgram(vm: Vm, programId: string, elf: Uint8Array, upgradeAuthority: string | undefined): void {
  vm.addProgram(programId, elf);
  const address = programDataAddress(programId);
  const installed = vm.account(address);
  if (installed === undefined) throw new Error(`Program ${programId} was installed without its ProgramData account`);
  const data = Buffer.from(installed.data);
  if (data.length !== programDataHeaderBytes + elf.length || data.readUInt32LE(0) !== programDataState) {
    throw new Error(`The ProgramData account of ${programId} has an unknown layout`);
  }
  data.writeBigUInt64LE(0n, slotOffset);
  data.writeUInt8(upgradeAuthority === undefined ? 0 : 1, authorityOptionOffset);
  if (upgradeAuthority !== undefined) new PublicKey(upgradeAuthority).toBuffer().copy(data, authorityOffset);
  vm.setAccount({ ...installed, data });
}
