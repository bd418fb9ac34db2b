import type { PositionState } from '#shared/perps/types.ts';
import type { ChainPosition } from '../chain/accounts.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { IndexRepairFigures } from './contract.ts';
import type { IndexedPosition, LiquidationIndex } from './liquidation-index.ts';
import type { Facts } from './market-tables.ts';

/** Reads the chain for the repair. All may throw: the slice is read again with the next visit. */
export interface PositionSource<Raw> {
  /** Accounts of a market's positions, flat ones too: all, or those of owners whose address begins with a byte. */
  readonly scan: (ownerByte: number | null) => Promise<readonly Raw[]>;
  readonly decode: (raw: Raw) => ChainPosition;
  readonly read: (owner: string) => Promise<ChainPosition | null>;
  /** Number of the newest event of the market's stream. */
  readonly marketEventSeq: () => Promise<bigint>;
}

export interface IndexRepairOptions<Raw> {
  readonly index: LiquidationIndex;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly source: PositionSource<Raw>;
  /** The next event that the index expects of the market's stream. */
  readonly nextSeq: () => bigint;
}

/** Bounds of one visit. */
export const indexRepairLimits = {
  /** A market with more positions than this is read in slices, by the first byte of the owner's address. */
  positionsPerScanMax: 2_000,
  slicesPerVisitMax: 16,
  /** No new slice is begun after this time. */
  workMsMax: 5_000,
  /** How long the events that a slice contains are waited for. */
  eventsMsMax: 3_000,
  /** Accounts compared without letting a tick in between, and read once more at the same time. */
  comparedAtOnceMax: 50,
  verifiedAtOnceMax: 20,
} as const;

const slicesPerPass = 256;
const eventsPollMs = 50;
const FACT = 'index_repair';

/** Where the pass over all positions stands; stored after every slice. */
interface Pass extends IndexRepairFigures {
  readonly isSliced: boolean;
  readonly nextSlice: number;
  /** Found different in this pass so far. */
  readonly found: number;
}

const firstPass: Pass = {
  isSliced: false,
  nextSlice: 0,
  found: 0,
  difference: 0,
  lateBy: 0,
  passes: 0,
  passedAtMs: null,
};

type Verdict = 'same' | 'different';

/**
 * Compares the liquidation index with the chain, slice by slice, and makes it what the chain says: a position whose event never came is found
 * here. A slice is compared once the index has all events that the slice contains, so that what is only on its way is no difference; what is
 * different is read once more before it counts. Never holds up a tick for longer than a few accounts take.
 */
export class IndexRepair<Raw> {
  readonly #options: IndexRepairOptions<Raw>;
  #visiting: Promise<IndexRepairFigures> | null = null;

  constructor(options: IndexRepairOptions<Raw>) {
    this.#options = options;
  }

  /** What the last whole pass found, and what this one has so far. */
  get figures(): IndexRepairFigures {
    const { difference, found, lateBy, passes, passedAtMs } = this.#pass;
    return { difference: Math.max(difference, found), lateBy, passes, passedAtMs };
  }

  /** Reads the next slices; a visit under way is shared. @throws what the source throws; what was read before is stored. */
  visit(): Promise<IndexRepairFigures> {
    this.#visiting ??= this.#visitOnce().finally(() => {
      this.#visiting = null;
    });
    return this.#visiting;
  }

  /** Makes one position what the chain says. @throws what the source throws. */
  async verify(owner: string): Promise<Verdict> {
    const { index, source, logger } = this.#options;
    const position = await source.read(owner);
    const verdict = this.#compare(index.find(owner), position);
    if (verdict === 'same') return verdict;
    logger.warn('a position in the index is not the chain’s', { owner, chain_seq: position?.seq ?? null });
    if (position === null) index.remove(owner);
    else index.set(owner, stateOf(position), position.eventSeq);
    return verdict;
  }

  get #pass(): Pass {
    return this.#options.facts.get<Pass>(FACT) ?? firstPass;
  }

  async #visitOnce(): Promise<IndexRepairFigures> {
    const { clock } = this.#options;
    const untilMs = clock.nowMs() + indexRepairLimits.workMsMax;
    for (let slice = 0; slice < indexRepairLimits.slicesPerVisitMax; slice++) {
      if (slice > 0 && clock.nowMs() >= untilMs) break;
      const before = this.#pass;
      await this.#nextSlice(before);
      if (this.#pass.passes > before.passes) break;
    }
    return this.figures;
  }

  async #nextSlice(pass: Pass): Promise<void> {
    const { facts, source, clock } = this.#options;
    let scanned: readonly Raw[];
    try {
      scanned = await source.scan(pass.isSliced ? pass.nextSlice : null);
    } catch (error) {
      // Perhaps there are too many for one answer: slices are never wrong.
      if (!pass.isSliced) facts.set(FACT, { ...pass, isSliced: true, nextSlice: 0 });
      throw error;
    }
    const lateBy = await this.#lateness();
    const different = await this.#repair(scanned, !pass.isSliced);
    const found = pass.found + (lateBy === 0 ? different : 0);
    const isLast = !pass.isSliced || pass.nextSlice + 1 === slicesPerPass;
    const next = isLast
      ? { found: 0, difference: found, nextSlice: 0, passes: pass.passes + 1, passedAtMs: clock.nowMs() }
      : { found, nextSlice: pass.nextSlice + 1 };
    const isSliced = pass.isSliced || scanned.length > indexRepairLimits.positionsPerScanMax;
    facts.set(FACT, { ...pass, ...next, isSliced, lateBy });
  }

  /** How many events the index is behind the chain, after waiting for them. */
  async #lateness(): Promise<number> {
    const { source, clock, nextSeq } = this.#options;
    const newest = await source.marketEventSeq();
    const untilMs = clock.nowMs() + indexRepairLimits.eventsMsMax;
    while (nextSeq() <= newest && clock.nowMs() < untilMs) await sleep(eventsPollMs);
    return nextSeq() > newest ? 0 : Number(newest - nextSeq() + 1n);
  }

  /** Answers how many were different. `isAll`: an owner who is not among them has no position. */
  async #repair(scanned: readonly Raw[], isAll: boolean): Promise<number> {
    const { index, source } = this.#options;
    const seen = new Set<string>();
    const suspects: string[] = [];
    for (const [at, raw] of scanned.entries()) {
      if (at % indexRepairLimits.comparedAtOnceMax === 0) await sleep(0);
      const position = source.decode(raw);
      seen.add(position.owner);
      if (this.#compare(index.find(position.owner), position) === 'different') suspects.push(position.owner);
    }
    if (isAll)
      suspects.push(
        ...index.ownersAfter('', indexRepairLimits.positionsPerScanMax).filter((owner) => !seen.has(owner)),
      );
    let different = 0;
    for (let at = 0; at < suspects.length; at += indexRepairLimits.verifiedAtOnceMax) {
      const some = suspects.slice(at, at + indexRepairLimits.verifiedAtOnceMax);
      const verdicts = await Promise.all(some.map((owner) => this.verify(owner)));
      different += verdicts.filter((verdict) => verdict === 'different').length;
    }
    return different;
  }

  #compare(known: IndexedPosition | null, position: ChainPosition | null): Verdict {
    const isOpen = position !== null && position.size > 0n;
    if (known === null || position === null) return (known !== null) === isOpen ? 'same' : 'different';
    // The index has seen a later event than this read.
    if (known.eventSeq > position.eventSeq) return 'same';
    // Later events of the position may be none of the market's, as a request to close: what decides is the same then.
    const isSame =
      isOpen &&
      FIELDS.every((field) => known.state[field] === position[field]) &&
      this.#options.index.isKeyedAs(known.owner, known.state);
    return isSame ? 'same' : 'different';
  }
}

/** What decides a position's keys, and its command. An owed payout does not. */
const FIELDS = ['side', 'size', 'entryValue', 'margin', 'reserve', 'fundingSum', 'borrowSum', 'seq'] as const;

const stateOf = (position: ChainPosition): PositionState => ({
  side: position.side,
  size: position.size,
  entryValue: position.entryValue,
  margin: position.margin,
  reserve: position.reserve,
  fundingSum: position.fundingSum,
  borrowSum: position.borrowSum,
  seq: position.seq,
  payoutOwed: position.payoutOwed,
});
