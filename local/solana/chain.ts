import { randomBytes } from 'node:crypto';
import { SystemProgram } from '@solana/web3.js';
import bs58 from 'bs58';
import { type ChainAccount, sameAccount } from './account.ts';
import { blockhashAgeSlotsMax, Blockhashes, nextBlockhash, type Slot } from './blockhashes.ts';
import { faucetAccount } from './faucet.ts';
import { type ChainTransaction, decodeTransaction } from './message.ts';
import { installProgram } from './programs.ts';
import type { LandedTransaction, Store } from './store.ts';
import type { TransactionError } from './transaction-error.ts';
import { type AccountStates, transactionMeta } from './transaction-meta.ts';
import { type Execution, type Simulation, Vm } from './vm.ts';

/** Slots after which a confirmed transaction is final. */
export const finalitySlots = 32;
export const slotsPerEpoch = 432_000;

/** A compiled program to install when the chain starts. */
export interface ProgramInstallation {
  readonly id: string;
  readonly elf: Uint8Array;
  readonly upgradeAuthority: string | undefined;
}

/** What the chain tells those who watch it, synchronously. */
export interface ChainWatcher {
  slotStarted(slot: Slot): void;
  /** Accounts as they are now; one without lamports is gone. */
  accountsChanged(accounts: readonly ChainAccount[]): void;
  /** Called after `accountsChanged` for the accounts the transaction changed. */
  transactionLanded(transaction: LandedTransaction, keys: readonly string[]): void;
}

/** What became of a transaction: it landed (failed or not), or it was refused at no cost and nothing is kept of it. */
export type Outcome =
  | { readonly landed: LandedTransaction; readonly refused?: undefined }
  | { readonly refused: TransactionError; readonly landed?: undefined };

export interface ChainOptions {
  readonly store: Store;
  readonly programs: readonly ProgramInstallation[];
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** The state could not be written: what is in memory and on disk differ, so the process must end. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * One node's chain: it orders transactions, runs them in the virtual machine, and has every change in the store before
 * anybody hears of it.
 */
export class LocalChain {
  readonly vm = new Vm();
  readonly genesisHash: string;
  readonly #store: Store;
  readonly #options: ChainOptions;
  readonly #blockhashes: Blockhashes;
  /** Accounts that a transaction changed, as they were, for as long as it is not final: what a fork goes back to. */
  readonly #before = new Map<string, readonly ChainAccount[]>();
  #watcher: ChainWatcher | undefined;
  #ordinal: number;
  #warpSeconds = 0;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#store = options.store;
    if (this.#store.meta('genesis_hash') === undefined) this.#createGenesis();
    this.genesisHash = this.#store.meta('genesis_hash') ?? '';
    for (const account of this.#store.accounts()) this.vm.setAccount(account);
    for (const { id, elf, upgradeAuthority } of options.programs) installProgram(this.vm, id, elf, upgradeAuthority);
    this.#blockhashes = new Blockhashes(this.#store.lastSlots(blockhashAgeSlotsMax + 1));
    this.#ordinal = this.#store.lastOrdinal();
    // A clock that was warped before a restart goes on from where it stood, not stands until real time catches up.
    this.#warpSeconds = Math.max(0, this.latest.time - Math.floor(options.now() / 1000));
    this.#setSysvars();
  }

  watch(watcher: ChainWatcher): void {
    this.#watcher = watcher;
  }

  get latest(): Slot {
    return this.#blockhashes.latest;
  }

  get slot(): number {
    return this.latest.slot;
  }

  get history(): Store {
    return this.#store;
  }

  /** The slot a commitment level stands at. Confirmation is immediate: one node needs nobody's vote. */
  slotAt(commitment: 'processed' | 'confirmed' | 'finalized'): Slot {
    if (commitment !== 'finalized') return this.latest;
    return this.#blockhashes.atOrOldest(Math.max(0, this.slot - finalitySlots));
  }

  isBlockhashValid(blockhash: string): boolean {
    return this.#blockhashes.isValid(blockhash);
  }

  /** Starts the next slot: a new blockhash, and the clock moves to the present. */
  advance(): void {
    const slot = this.slot + 1;
    const next = { slot, blockhash: nextBlockhash(this.latest.blockhash, slot), time: this.#time() };
    this.#write(() => {
      this.#store.addSlot(next);
      this.#store.prune(slot);
    });
    this.#blockhashes.add(next);
    this.#setSysvars();
    this.#forgetFinal(slot);
    this.#watcher?.slotStarted(next);
  }

  /** Moves the chain's clock ahead of the wall clock, for tests; it never goes back. */
  warp(seconds: number): void {
    this.#warpSeconds += seconds;
    this.advance();
  }

  decode(raw: Uint8Array): ChainTransaction {
    return decodeTransaction(raw, (key) => this.vm.account(key));
  }

  /** Runs a transaction for good. The same transaction lands once, whoever sends it how often. */
  submit(transaction: ChainTransaction): Outcome {
    const refused = isSigned(transaction) ? this.#refusal(transaction) : 'SignatureFailure';
    if (refused !== undefined) return { refused };
    const before = transaction.keys.map((key) => this.vm.account(key));
    const execution = this.vm.execute(transaction.raw);
    const after = transaction.keys.map((key, index) => {
      return transaction.writable[index] ? this.vm.account(key) : before[index];
    });
    if (execution.error !== null && !paidFee(before, after)) return { refused: execution.error };
    return { landed: this.#land(transaction, execution, before, after) };
  }

  /** Runs a transaction and forgets it. */
  simulate(transaction: ChainTransaction, check: { signatures: boolean; blockhash: boolean }): Simulation {
    const unsigned = check.signatures && !isSigned(transaction);
    const refused = unsigned ? 'SignatureFailure' : check.blockhash ? this.#refusal(transaction) : undefined;
    if (refused === undefined) return this.vm.simulate(transaction.raw, check.signatures);
    return { error: refused, logs: [], unitsConsumed: 0, inner: [], returnData: null, accounts: [] };
  }

  /**
   * A fork: what landed in the last slots never did. Accounts are as they were before, and the transactions of the signatures in `lands` land
   * again, in their order, now. Only what is not final can vanish. Answers the signatures that are gone.
   */
  fork(slots: number, lands: ReadonlySet<string>): string[] {
    const undone = this.#store.transactionsFrom(this.slot - Math.min(slots, finalitySlots) + 1);
    const before = new Map<string, ChainAccount>();
    for (const { signature } of undone.toReversed()) {
      for (const account of this.#before.get(signature) ?? []) before.set(account.address, account);
      this.#before.delete(signature);
    }
    this.#write(() => {
      for (const { ordinal } of undone) this.#store.removeTransaction(ordinal);
      for (const account of before.values()) this.#store.putAccount(account);
    });
    for (const account of before.values()) this.vm.setAccount(account);
    this.#watcher?.accountsChanged([...before.values()]);
    const gone = undone.filter(
      ({ signature, raw }) => !lands.has(signature) || this.submit(this.decode(raw)).landed === undefined,
    );
    return gone.map(({ signature }) => signature);
  }

  /** Writes an account from outside, as an oracle network does with its own program's accounts. */
  writeAccount(account: ChainAccount): void {
    this.vm.setAccount(account);
    this.#write(() => this.#store.putAccount(account));
    this.#watcher?.accountsChanged([account]);
  }

  #forgetFinal(slot: number): void {
    for (const signature of this.#before.keys()) {
      const head = this.#store.transactionHead(signature);
      if (head !== undefined && head.slot > slot - finalitySlots) return;
      this.#before.delete(signature);
    }
  }

  #refusal({ decoded, signature }: ChainTransaction): TransactionError | undefined {
    if (this.#store.transactionHead(signature) !== undefined) return 'AlreadyProcessed';
    return this.isBlockhashValid(decoded.message.recentBlockhash) ? undefined : 'BlockhashNotFound';
  }

  #land(
    transaction: ChainTransaction,
    execution: Execution,
    before: AccountStates,
    after: AccountStates,
  ): LandedTransaction {
    const { signature, version, raw, keys } = transaction;
    const landed: LandedTransaction = {
      ...{ ordinal: this.#ordinal + 1, signature, version, raw },
      ...{ slot: this.slot, time: this.latest.time, err: execution.error },
      meta: transactionMeta(transaction, execution, { before, after, mint: (key) => this.vm.account(key) }),
    };
    const changed = keys.flatMap((key, index) => {
      return sameAccount(before[index], after[index]) ? [] : [after[index] ?? removedAccount(key)];
    });
    this.#before.set(
      signature,
      keys.flatMap((key, index) => {
        return sameAccount(before[index], after[index]) ? [] : [before[index] ?? removedAccount(key)];
      }),
    );
    this.#write(() => {
      this.#store.addTransaction(landed, keys);
      for (const account of changed) this.#store.putAccount(account);
    });
    this.#ordinal = landed.ordinal;
    this.#watcher?.accountsChanged(changed);
    this.#watcher?.transactionLanded(landed, keys);
    return landed;
  }

  /** The first blocks: as many as finality needs, so that every commitment level has a slot from the start. */
  #createGenesis(): void {
    const genesisHash = bs58.encode(randomBytes(32));
    const time = Math.floor(this.#options.now() / 1000);
    let blockhash = genesisHash;
    this.#write(() => {
      this.#store.setMeta('genesis_hash', genesisHash);
      this.#store.putAccount(faucetAccount());
      for (let slot = 0; slot <= finalitySlots; slot++) {
        blockhash = nextBlockhash(blockhash, slot);
        this.#store.addSlot({ slot, blockhash, time });
      }
    });
  }

  #setSysvars(): void {
    const { slot, time } = this.latest;
    const epoch = Math.floor(slot / slotsPerEpoch);
    const epochStart = this.#store.slotTime(epoch * slotsPerEpoch) ?? time;
    this.vm.setClock(slot, time, epoch, epochStart);
    this.vm.setSlotHashes(this.#blockhashes.newestFirst());
  }

  #time(): number {
    const present = Math.floor(this.#options.now() / 1000) + this.#warpSeconds;
    return Math.max(this.latest.time, present);
  }

  #write(write: () => void): void {
    try {
      this.#store.atomically(write);
    } catch (error) {
      this.#options.onBroken(error);
      throw error;
    }
  }
}

/** Whether every signature is there; whether each is right is for the virtual machine to say. */
function isSigned({ decoded }: ChainTransaction): boolean {
  return decoded.signatures.every((signature) => signature.some((byte) => byte !== 0));
}

/** A failed transaction landed if and only if its fee was taken. */
function paidFee([before]: AccountStates, [after]: AccountStates): boolean {
  return (after?.lamports ?? 0n) < (before?.lamports ?? 0n);
}

function removedAccount(address: string): ChainAccount {
  const owner = SystemProgram.programId.toBase58();
  return { address, lamports: 0n, owner, data: new Uint8Array(), executable: false };
}
