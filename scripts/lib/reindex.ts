import type { IndexedEvent } from '#shared/events.ts';
import { DatabaseConflict } from '#db/errors.ts';
import type { ProjectionRebuild, RebuildDifferences } from '#db/projection/rebuild.ts';
import type { ProjectionRepository } from '#db/repositories/projection.ts';
import {
  type ChainReader,
  type LandedTransaction,
  pageEntriesMax,
  type SignatureInfo,
} from '../../workers/indexer/chain-reader.ts';
import { sleep } from '../../workers/platform/clock.ts';

/** Transactions read at once, and between two signs of life. */
const readsAtOnceMax = 8;
const transactionsPerBatch = 50;
/** Tries to read a transaction that the node lists and does not have yet. */
const readsMax = 10;
const readPauseMs = 500;
/** Times the chain is read on until the rebuilt projection is not behind the other. */
const passesMax = 100;

export interface ReindexOptions {
  readonly reader: ChainReader;
  /** What every transaction of the exchange names: the program. */
  readonly address: string;
  readonly decode: (transaction: LandedTransaction) => IndexedEvent[];
  /** Applies events to the rebuilt tables. */
  readonly projection: ProjectionRepository;
  readonly rebuild: ProjectionRebuild;
  /** Events that the projection has and the chain does not list are given so long to turn up: a fork is settled by then. */
  readonly vanishedAfterMs: number;
  readonly report: (line: string) => void;
}

/** The node does not have the whole history: rebuilding from it would lose rows. */
export class HistoryIncomplete extends Error {
  override readonly name = 'HistoryIncomplete';
}

/**
 * Rebuilds the projection from the chain beside the one that is served, and replaces it. Killed at any point it leaves the served one as it
 * was, or replaced; started again it goes on where it was.
 *
 * @throws RebuildBusy, HistoryIncomplete, ChainUnavailable, DatabaseUnavailable.
 */
export async function reindex(options: ReindexOptions): Promise<RebuildDifferences> {
  const { rebuild, report, vanishedAfterMs } = options;
  await rebuild.begin();
  let newest = null as Newest | null;
  let standingSinceMs: number | null = null;
  for (let pass = 1; pass <= passesMax; pass++) {
    await rebuild.noteProjection();
    newest = (await readOn(options, newest?.signature ?? null)) ?? newest;
    const { moving, standing } = await rebuild.ahead();
    standingSinceMs = standing === 0 ? null : (standingSinceMs ?? Date.now());
    const isSettled = standingSinceMs === null || Date.now() - standingSinceMs >= vanishedAfterMs;
    if (moving > 0) {
      await rebuild.holdProjection();
      continue;
    }
    if (!isSettled) {
      report(`${standing} streams of the projection are ahead of the chain; waiting for it`);
      await rebuild.beat();
      await sleep(Math.min(vanishedAfterMs, 2_000));
      continue;
    }
    try {
      const differences = await rebuild.replace(newest?.slot ?? 0);
      await rebuild.end();
      return differences;
    } catch (error) {
      if (!(error instanceof DatabaseConflict)) throw error;
      report('events were applied meanwhile; reading on');
    }
  }
  throw new HistoryIncomplete(`the chain was read ${passesMax} times and the projection was always ahead of it`);
}

type Newest = Pick<SignatureInfo, 'signature' | 'slot'>;

/** Reads and applies what came after a transaction; all there is for null. Answers the newest one. */
async function readOn(options: ReindexOptions, after: string | null): Promise<Newest | null> {
  const { rebuild, projection, report } = options;
  const listed = await listSince(options, after);
  const signatures = listed.filter(({ failed }) => !failed).map(({ signature }) => signature);
  if (after === null) await forgetVanished(options, new Set(signatures));
  const applied = after === null ? await rebuild.appliedSignatures() : new Set<string>();
  const wanted = signatures.filter((signature) => !applied.has(signature));
  if (wanted.length > 0) report(`${wanted.length} transactions to read, ${applied.size} applied before`);
  for (let at = 0; at < wanted.length; at += transactionsPerBatch) {
    const events = await readEvents(options, wanted.slice(at, at + transactionsPerBatch));
    const { held } = await projection.apply(events);
    const [first] = held;
    if (first !== undefined) {
      throw new HistoryIncomplete(
        `${first.stream} begins with ${first.seq} instead of ${first.expectedSeq}: ask a node with the whole history`,
      );
    }
    await rebuild.beat();
    report(`${Math.min(at + transactionsPerBatch, wanted.length)} of ${wanted.length} read`);
  }
  return listed.at(-1) ?? null;
}

/** What a rebuild that died had applied and a fork has taken back since is in no list any more: begin anew. */
async function forgetVanished({ rebuild, report }: ReindexOptions, listed: ReadonlySet<string>): Promise<void> {
  const applied = await rebuild.appliedSignatures();
  if ([...applied].every((signature) => listed.has(signature))) return;
  report('the chain has lost transactions since the last try; beginning anew');
  await rebuild.restart();
}

/** Transactions, oldest first. */
async function listSince({ reader, address, rebuild }: ReindexOptions, until: string | null): Promise<SignatureInfo[]> {
  const newestFirst: SignatureInfo[] = [];
  for (let before: string | null = null; ;) {
    const page = await reader.page(address, { before, until });
    newestFirst.push(...page);
    before = page.at(-1)?.signature ?? null;
    if (page.length < pageEntriesMax) return newestFirst.reverse();
    await rebuild.beat();
  }
}

async function readEvents({ reader, decode }: ReindexOptions, signatures: readonly string[]): Promise<IndexedEvent[]> {
  const events: IndexedEvent[] = [];
  for (let at = 0; at < signatures.length; at += readsAtOnceMax) {
    const slice = signatures.slice(at, at + readsAtOnceMax);
    const found = await Promise.all(slice.map((signature) => readTransaction(reader, signature)));
    for (const transaction of found) if (!transaction.failed) events.push(...decode(transaction));
  }
  return events;
}

async function readTransaction(reader: ChainReader, signature: string): Promise<LandedTransaction> {
  for (let attempt = 1; attempt <= readsMax; attempt++) {
    const transaction = await reader.transaction(signature);
    if (transaction !== null) return transaction;
    await sleep(readPauseMs);
  }
  throw new HistoryIncomplete(`the node lists ${signature} and does not have it`);
}
