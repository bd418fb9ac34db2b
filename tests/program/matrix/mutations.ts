/** Everything that can be wrong with one account of a transaction that would otherwise work. */
import type { PublicKey } from '@solana/web3.js';
import { Keypair, SystemProgram, TransactionInstruction } from '@solana/web3.js';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { ChainAccount } from '../../../local/solana/account.ts';
import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import type { ProgramChain } from '#support/program/chain.ts';
import { STATE_TYPES, type Slot } from './slots.ts';
import { TOKEN_2022, type World, oneOf, signersOf, sparesOf } from './world.ts';

/** A transaction of one instruction that works. */
export interface Baseline {
  readonly instruction: TransactionInstruction;
  readonly signers: readonly Keypair[];
}

/** One account of it made wrong. */
export interface Mutation {
  /** What is wrong, in words: with the place, the key of the table of expectations. */
  readonly what: string;
  /** Passed in this place instead. */
  readonly key?: PublicKey;
  readonly isSigner?: boolean;
  readonly isWritable?: boolean;
  /** Signs in addition. */
  readonly signer?: Keypair;
  /** How these accounts stand while it runs. */
  readonly write?: readonly ChainAccount[];
}

const discriminatorBytes = 8;
/** Less than any account of the program, a token or a mint has. */
const shortBytes = 64;
const versionOffset = 8;
/** State of a token account: 1 initialised, 2 frozen by the mint's authority. */
const tokenStateOffset = 108;
const tokenFrozen = 2;
const systemProgram = SystemProgram.programId.toBase58();
const closedAccount = (address: string): ChainAccount => ({
  address,
  lamports: 0n,
  owner: systemProgram,
  data: new Uint8Array(0),
  executable: false,
});

/** The account of the program's own that stands for an optional one that is left out. */
const isLeftOut = (slot: Slot, key: PublicKey): boolean => slot.optional && key.equals(PROGRAM_ID);

function accountAt(chain: ProgramChain, key: PublicKey): ChainAccount | undefined {
  return chain.vm.account(key.toBase58());
}

/** The account's bytes made wrong where it lies: another owner, no content, too little content. */
function spoilt(account: ChainAccount): Mutation[] {
  const { address, data } = account;
  const owner = account.owner === TOKEN_PROGRAM_ID.toBase58() ? TOKEN_2022 : TOKEN_PROGRAM_ID;
  const states: [string, ChainAccount][] = [
    ['owned by another program', { ...account, owner: owner.toBase58() }],
    ['closed', closedAccount(address)],
    ['without content', { ...account, data: new Uint8Array(0) }],
    ['zeroed', { ...account, data: new Uint8Array(data.length) }],
    ['cut short', { ...account, data: data.subarray(0, shortBytes) }],
  ];
  return states.map(([what, state]) => ({ what, write: [state] }));
}

/** The same bytes under the same owner, elsewhere. */
function copied(account: ChainAccount): Mutation {
  const key = Keypair.generate().publicKey;
  return { what: 'a copy at another address', key, write: [{ ...account, address: key.toBase58() }] };
}

function stateMutations(world: World, slot: Slot, key: PublicKey): Mutation[] {
  const { chain } = world.exchange;
  const account = isLeftOut(slot, key) ? undefined : accountAt(chain, key);
  const { kind } = slot;
  if (kind.of !== 'state') return [];
  const isWritable = slot.writable;
  const types = STATE_TYPES.filter((type) => type !== kind.type).flatMap((type): Mutation[] => {
    const found = oneOf(world, type);
    return found === undefined ? [] : [{ what: `of another type: ${type}`, key: found, isWritable }];
  });
  const others = sparesOf(world, kind.type)
    .filter((spare) => !spare.key.equals(key))
    .map((spare): Mutation => ({ what: `of another: ${spare.label}`, key: spare.key, isWritable }));
  if (account === undefined) return [...types, ...others];
  return [...types, ...others, ...spoilt(account), ...versions(account), copied(account)];
}

/** Bytes where an account is yet to be created: somebody was there first. */
function occupied(chain: ProgramChain, key: PublicKey): Mutation[] {
  const address = key.toBase58();
  const lamports = chain.vm.rentExemptLamports(discriminatorBytes);
  const account = { address, lamports, executable: false };
  return [
    {
      what: 'already there',
      write: [{ ...account, owner: PROGRAM_ID.toBase58(), data: new Uint8Array(discriminatorBytes) }],
    },
    { what: 'another program’s', write: [{ ...account, owner: TOKEN_2022.toBase58(), data: new Uint8Array(1) }] },
    { what: 'given SOL ahead', write: [{ ...account, owner: systemProgram, data: new Uint8Array(0) }] },
    { what: 'at another address', key: Keypair.generate().publicKey },
  ];
}

function tokenMutations(world: World, slot: Slot, key: PublicKey): Mutation[] {
  const { exchange, alice, bob, stranger, otherTokens, falseVault } = world;
  const account = isLeftOut(slot, key) ? undefined : accountAt(exchange.chain, key);
  const vault = exchange.chain.data(addresses.vault);
  const others: [string, PublicKey][] = [
    ['alice’s', alice.tokens],
    ['bob’s', bob.tokens],
    ['the stranger’s', stranger.tokens],
    ['of another mint', otherTokens],
    ['the exchange’s, not the vault', falseVault],
    ['the mint', exchange.mint],
    ['a wallet', world.payer.publicKey],
  ];
  if (vault !== undefined) others.push(['the vault', addresses.vault]);
  const passed = others
    .filter(([, other]) => !other.equals(key))
    .map(([what, other]) => ({ what, key: other, isWritable: true }));
  if (account === undefined) return passed;
  const frozen = Uint8Array.from(account.data);
  frozen[tokenStateOffset] = tokenFrozen;
  const states = [{ what: 'frozen', write: [{ ...account, data: frozen }] }];
  return [...passed, ...states, ...spoilt(account), copied(account)];
}

function mintMutations(world: World, key: PublicKey): Mutation[] {
  const { exchange, otherMint, alice } = world;
  const account = accountAt(exchange.chain, key);
  if (account === undefined) return [];
  const decimalsOffset = 44;
  const data = Uint8Array.from(account.data);
  data[decimalsOffset] = 9;
  return [
    { what: 'another mint', key: otherMint },
    { what: 'of nine decimals', write: [{ ...account, data }] },
    { what: 'a token account', key: alice.tokens },
    ...spoilt(account),
  ];
}

function priceMutations(world: World, key: PublicKey): Mutation[] {
  const { chain } = world.exchange;
  const account = accountAt(chain, key);
  if (account === undefined) return [];
  const feedOffset = 41;
  const data = Uint8Array.from(account.data);
  data.set(world.second.feedId, feedOffset);
  return [
    { what: 'of the second market', key: world.second.priceAccount },
    { what: 'of another feed', write: [{ ...account, data }] },
    { what: 'an account of ours', key: world.first.key },
    // A full verification leaves the last of the 134 bytes unused.
    { what: 'too short', write: [{ ...account, data: account.data.subarray(0, -2) }] },
    ...spoilt(account).filter(({ what }) => what !== 'cut short'),
    copied(account),
  ];
}

function signerMutations(world: World, slot: Slot, key: PublicKey): Mutation[] {
  const others = signersOf(world)
    .filter((other) => !other.key.equals(key))
    .map((other): Mutation => ({
      what: `signed by ${other.label}`,
      key: other.key,
      isSigner: true,
      signer: other.keypair,
    }));
  if (isLeftOut(slot, key)) {
    const { alice } = world;
    return [...others, { what: 'named, not signing', key: alice.wallet.publicKey, isSigner: false }];
  }
  return [...others, { what: 'not signing', isSigner: false }];
}

/** For an instruction that takes an account of any type, and judges it by its version. */
function anyStateMutations(world: World, key: PublicKey): Mutation[] {
  const { chain } = world.exchange;
  const account = accountAt(chain, key);
  if (account === undefined) return [];
  const types = STATE_TYPES.flatMap((type): Mutation[] => {
    const found = oneOf(world, type);
    return found === undefined || found.equals(key) ? [] : [{ what: `of the present version: ${type}`, key: found }];
  });
  const wallet = { what: 'a wallet', key: world.carol.wallet.publicKey };
  return [
    ...types,
    wallet,
    ...spoilt(account).filter(({ what }) => what !== 'cut short'),
    ...versions(account),
    copied(account),
  ];
}

/** Versions no layout has. */
function versions(account: ChainAccount): Mutation[] {
  return [0, 255].map((version) => {
    const data = Uint8Array.from(account.data);
    data[versionOffset] = version;
    return { what: `of version ${version}`, write: [{ ...account, data }] };
  });
}

function programMutations(): Mutation[] {
  return [
    { what: 'Token-2022', key: TOKEN_2022 },
    { what: 'the token program', key: TOKEN_PROGRAM_ID },
    { what: 'the system program', key: SystemProgram.programId },
    { what: 'this program', key: PROGRAM_ID },
    { what: 'no program', key: Keypair.generate().publicKey },
  ];
}

function ofKind(world: World, slot: Slot, key: PublicKey): Mutation[] {
  const another = { what: 'any other account', key: world.carol.wallet.publicKey };
  switch (slot.kind.of) {
    case 'state':
      return stateMutations(world, slot, key);
    case 'signer':
      return signerMutations(world, slot, key);
    case 'token':
      return tokenMutations(world, slot, key);
    case 'mint':
      return mintMutations(world, key);
    case 'price':
      return priceMutations(world, key);
    case 'program':
      return programMutations().filter((mutation) => mutation.key?.equals(key) !== true);
    case 'self':
      return [...programMutations().filter((mutation) => mutation.key?.equals(key) !== true), another];
    case 'eventAuthority':
      return [another, { what: 'another address of the program', key: world.first.key }];
    case 'anyState':
      return anyStateMutations(world, key);
    case 'programData':
    case 'sysvar':
    case 'wallet': {
      const account = accountAt(world.exchange.chain, key);
      return account === undefined ? [another] : [another, copied(account)];
    }
  }
}

/** All mutations of one place of a working transaction. */
export function mutationsOf(world: World, slots: readonly Slot[], slot: Slot, { instruction }: Baseline): Mutation[] {
  const meta = instruction.keys[slot.index];
  if (meta === undefined) throw new Error(`${slot.instruction}.${slot.name} is not in the transaction`);
  const { chain } = world.exchange;
  const absent = isLeftOut(slot, meta.pubkey);
  const mutations = ofKind(world, slot, meta.pubkey);
  const missing = !absent && slot.writable && !slot.signer && accountAt(chain, meta.pubkey) === undefined;
  if (missing) mutations.push(...occupied(chain, meta.pubkey));
  if (slot.optional && !absent)
    mutations.push({ what: 'left out', key: PROGRAM_ID, isSigner: false, isWritable: false });
  if (slot.writable && !absent) mutations.push({ what: 'not writable', isWritable: false });
  for (const other of absent ? [] : slots) {
    const key = instruction.keys[other.index]?.pubkey;
    if (other.index === slot.index || key === undefined || key.equals(meta.pubkey) || key.equals(PROGRAM_ID)) continue;
    mutations.push({ what: `the same as ${other.name}`, key, isSigner: slot.signer && other.signer });
  }
  return mutations;
}

/** The instruction with this mutation in this place. */
export function mutated({ instruction }: Baseline, slot: Slot, mutation: Mutation): TransactionInstruction {
  const keys = instruction.keys.map((meta, index) =>
    index === slot.index
      ? {
          pubkey: mutation.key ?? meta.pubkey,
          isSigner: mutation.isSigner ?? meta.isSigner,
          isWritable: mutation.isWritable ?? meta.isWritable,
        }
      : meta,
  );
  return new TransactionInstruction({ programId: instruction.programId, keys, data: instruction.data });
}
