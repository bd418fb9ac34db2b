import { createHash } from 'node:crypto';
import bs58 from 'bs58';

/** A slot with its blockhash and time. Every slot has a block, so the block height is the slot. */
export interface Slot {
  readonly slot: number;
  readonly blockhash: string;
  /** Unix seconds. */
  readonly time: number;
}

/** Slots after its own for which a blockhash is valid, as on every Solana cluster. */
export const blockhashAgeSlotsMax = 150;

/** The blockhashes a transaction may name: those of the present slot and of the 150 before it. */
export class Blockhashes {
  readonly #slots: Slot[] = [];
  readonly #byHash = new Map<string, number>();

  /** Restores a window, oldest first. */
  constructor(slots: readonly Slot[]) {
    for (const slot of slots) this.add(slot);
  }

  add(slot: Slot): void {
    this.#slots.push(slot);
    this.#byHash.set(slot.blockhash, slot.slot);
    if (this.#slots.length <= blockhashAgeSlotsMax + 1) return;
    const gone = this.#slots.shift();
    if (gone !== undefined) this.#byHash.delete(gone.blockhash);
  }

  isValid(blockhash: string): boolean {
    return this.#byHash.has(blockhash);
  }

  get latest(): Slot {
    const slot = this.#slots.at(-1);
    if (slot === undefined) throw new Error('The chain has no slot');
    return slot;
  }

  /** The slot, or the oldest one kept if it is older. */
  atOrOldest(slot: number): Slot {
    const index = Math.max(0, this.#slots.length - 1 - (this.latest.slot - slot));
    return this.#slots[Math.min(index, this.#slots.length - 1)] ?? this.latest;
  }

  /** Newest first. */
  newestFirst(): Slot[] {
    return this.#slots.toReversed();
  }
}

/** The blockhash after another: a hash chain that starts at the chain's random genesis hash. */
export function nextBlockhash(previous: string, slot: number): string {
  return bs58.encode(createHash('sha256').update(bs58.decode(previous)).update(String(slot)).digest());
}
