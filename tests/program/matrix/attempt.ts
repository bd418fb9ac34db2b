/** Sends one instruction and looks at every account before and after: by the thousand, so without the client's own detours. */
import { type KeyObject, createPrivateKey, sign } from 'node:crypto';
import type { PublicKey } from '@solana/web3.js';
import { type AccountMeta, type Keypair, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { type ChainAccount, sameAccount } from '../../../local/solana/account.ts';
import { PROGRAM_ID } from '#support/program/addresses.ts';
import { type ProgramChain, errorText } from '#support/program/chain.ts';
import { RECEIVER } from '#support/program/prices.ts';

/** What precedes the 32 secret bytes of an Ed25519 key in PKCS #8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const keyObjects = new WeakMap<Keypair, KeyObject>();

function signatureOf(keypair: Keypair, message: Uint8Array): Buffer {
  const secret = Buffer.concat([pkcs8Head, keypair.secretKey.subarray(0, 32)]);
  const key = keyObjects.get(keypair) ?? createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
  keyObjects.set(keypair, key);
  return sign(null, message, key);
}

interface Compiled {
  readonly message: Buffer;
  /** Whose signatures precede the message, in this order. */
  readonly signers: readonly PublicKey[];
}

/** Signers first, writable before read-only. */
const rank = ({ isSigner, isWritable }: AccountMeta): number => (isSigner ? 0 : 2) + (isWritable ? 0 : 1);

/** The legacy message of one instruction. An account named twice is what either place asks for, as the network has it. */
function compile(payer: PublicKey, instruction: TransactionInstruction, blockhash: Uint8Array): Compiled {
  const metas = new Map<string, AccountMeta>();
  const program = { pubkey: instruction.programId, isSigner: false, isWritable: false };
  for (const meta of [{ pubkey: payer, isSigner: true, isWritable: true }, ...instruction.keys, program]) {
    const name = Buffer.from(meta.pubkey.toBytes()).toString('hex');
    const known = metas.get(name);
    const isSigner = meta.isSigner || known?.isSigner === true;
    metas.set(name, { ...meta, isSigner, isWritable: meta.isWritable || known?.isWritable === true });
  }
  const ordered = [...metas.entries()].sort(([, a], [, b]) => rank(a) - rank(b));
  const index = new Map(ordered.map(([name], at) => [name, at]));
  const at = (key: PublicKey): number => index.get(Buffer.from(key.toBytes()).toString('hex')) ?? 0;
  const ofRank = (wanted: number): number => ordered.filter(([, meta]) => rank(meta) === wanted).length;
  const { data, keys } = instruction;
  const message = Buffer.concat([
    Uint8Array.of(ofRank(0) + ofRank(1), ofRank(1), ofRank(3), ordered.length),
    ...ordered.map(([, meta]) => meta.pubkey.toBytes()),
    blockhash,
    Uint8Array.of(1, at(instruction.programId), keys.length, ...keys.map(({ pubkey }) => at(pubkey))),
    // Lengths take a second byte from 128 on.
    data.length < 128 ? Uint8Array.of(data.length) : Uint8Array.of((data.length & 127) | 128, data.length >> 7),
    data,
  ]);
  return { message, signers: ordered.filter(([, meta]) => meta.isSigner).map(([, meta]) => meta.pubkey) };
}

let blockhashes = 0n;

/** A transaction of this instruction with exactly the signatures it asks for, each by whoever of `signers` has the key. */
function signed(chain: ProgramChain, instruction: TransactionInstruction, signers: readonly Keypair[]): Uint8Array {
  blockhashes += 1n;
  const blockhash = Buffer.alloc(32);
  blockhash.writeBigUInt64LE(blockhashes, 8);
  const compiled = compile(chain.feePayer.publicKey, instruction, blockhash);
  const known = [chain.feePayer, ...signers];
  const signatures = compiled.signers.map((key) => {
    const keypair = known.find((candidate) => candidate.publicKey.equals(key));
    if (keypair === undefined) throw new Error(`nobody can sign for ${key.toBase58()}`);
    return signatureOf(keypair, compiled.message);
  });
  return Buffer.concat([Uint8Array.of(signatures.length), ...signatures, compiled.message]);
}

/** Accounts by address. */
export type Snapshot = ReadonlyMap<string, ChainAccount>;

/** Everything: the program's accounts, tokens, wallets and prices, but the fee payer, who pays whatever happens. */
export function snapshot(chain: ProgramChain): Snapshot {
  const owners = [PROGRAM_ID, TOKEN_PROGRAM_ID, SystemProgram.programId, RECEIVER];
  const accounts = owners.flatMap((owner) => chain.vm.programAccounts(owner.toBase58()));
  const all = new Map(accounts.map((account) => [account.address, account]));
  all.delete(chain.feePayer.publicKey.toBase58());
  return all;
}

/** Addresses whose accounts differ. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const addresses = new Set([...before.keys(), ...after.keys()]);
  return [...addresses].filter((address) => !sameAccount(before.get(address), after.get(address)));
}

const noAccount = (address: string): ChainAccount => ({
  address,
  lamports: 0n,
  owner: SystemProgram.programId.toBase58(),
  data: new Uint8Array(0),
  executable: false,
});

/** Puts every account back to where it stood. */
export function restore(chain: ProgramChain, before: Snapshot): void {
  for (const address of differences(before, snapshot(chain))) {
    chain.vm.setAccount(before.get(address) ?? noAccount(address));
  }
}

/** Does something while these accounts stand as written, then puts back what was there. */
export function whileWritten<T>(chain: ProgramChain, accounts: readonly ChainAccount[], action: () => T): T {
  const before = accounts.map(({ address }) => chain.vm.account(address) ?? noAccount(address));
  for (const account of accounts) chain.vm.setAccount(account);
  try {
    return action();
  } finally {
    for (const account of before) chain.vm.setAccount(account);
  }
}

/** Error of a transaction of this instruction, null where it works; whatever it does is forgotten. */
export function simulated(
  chain: ProgramChain,
  instruction: TransactionInstruction,
  signers: readonly Keypair[],
): string | null {
  return errorText(chain.vm.simulate(signed(chain, instruction, signers), true).error);
}

/**
 * Error of a transaction of this instruction, and those of its accounts that it changed, which are put back. No transaction can
 * change an account that it does not name. `afterwards` kept: what it changed stays.
 */
export function executed(
  chain: ProgramChain,
  instruction: TransactionInstruction,
  signers: readonly Keypair[],
  afterwards: 'put back' | 'kept' = 'put back',
): { readonly error: string | null; readonly changed: readonly string[] } {
  const before = standing(chain, instruction);
  const error = errorText(chain.vm.execute(signed(chain, instruction, signers)).error);
  const changed = differences(before, standing(chain, instruction));
  if (afterwards === 'put back') {
    for (const address of changed) chain.vm.setAccount(before.get(address) ?? noAccount(address));
  }
  return { error, changed };
}

/** Error of a transaction of this instruction; it is left to whoever calls this to see what it changed. */
export function attempted(
  chain: ProgramChain,
  instruction: TransactionInstruction,
  signers: readonly Keypair[],
): string | null {
  return errorText(chain.vm.execute(signed(chain, instruction, signers)).error);
}

/** The accounts that an instruction names, as they stand. */
function standing(chain: ProgramChain, { keys }: TransactionInstruction): Snapshot {
  const accounts = keys.map(({ pubkey }) => chain.vm.account(pubkey.toBase58()));
  return new Map(accounts.flatMap((account) => (account === undefined ? [] : [[account.address, account] as const])));
}
