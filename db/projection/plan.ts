import type { IndexedEvent } from '#shared/events.ts';

/** A number of a stream was given to another event before: the chain as applied and as read differ. Only a reindex mends it. */
export class StreamConflict extends Error {
  override readonly name = 'StreamConflict';
}

/** An event that waits for the one before it in a stream. */
export interface HeldEvent {
  readonly key: string;
  readonly stream: string;
  readonly expectedSeq: bigint;
  readonly seq: bigint;
}

export interface StreamPlace {
  readonly stream: string;
  readonly seq: bigint;
}

/** What of a batch can be applied now. */
export interface ApplyPlan {
  readonly accepted: readonly IndexedEvent[];
  readonly skipped: number;
  readonly held: readonly HeldEvent[];
  /** How far each stream moves. */
  readonly advances: readonly { readonly stream: string; readonly from: bigint; readonly to: bigint }[];
}

/** What the database knows of a batch's events and streams. */
export interface KnownState {
  readonly appliedKeys: ReadonlySet<string>;
  readonly nextSeqs: ReadonlyMap<string, bigint>;
}

/** Streams are numbered from 1. */
const firstSeq = 1n;

/** An event's place in the chain, unique among all events of the program. */
export const eventKeyOf = (event: Pick<IndexedEvent, 'signature' | 'indexInTransaction'>): string =>
  `${event.signature}#${event.indexInTransaction}`;

/** The streams the projection keeps in order. A market's own stream has no rows here, so a hole in it holds no trader up. */
export function placesOf(event: IndexedEvent): readonly StreamPlace[] {
  const { account, position } = event.streams;
  const places: StreamPlace[] = [];
  if (account !== undefined) places.push({ stream: `account:${account.owner}`, seq: account.seq });
  if (position !== undefined)
    places.push({ stream: `position:${position.owner}:${position.symbol}`, seq: position.seq });
  return places;
}

/**
 * Sorts a batch, given in the order of the chain: applied before (skipped), next in all of its streams (accepted), or after a hole
 * (held, and with it whatever follows in those streams).
 *
 * @throws StreamConflict where a stream's number was taken by another event.
 */
export function planBatch(events: readonly IndexedEvent[], known: KnownState): ApplyPlan {
  const next = new Map(known.nextSeqs);
  const seen = new Set(known.appliedKeys);
  const accepted: IndexedEvent[] = [];
  const held: HeldEvent[] = [];
  let skipped = 0;
  for (const event of events) {
    const key = eventKeyOf(event);
    if (seen.has(key)) {
      skipped += 1;
      continue;
    }
    const places = placesOf(event);
    const hole = places.find(({ stream, seq }) => seq > (next.get(stream) ?? firstSeq));
    if (hole !== undefined) {
      held.push({ key, ...hole, expectedSeq: next.get(hole.stream) ?? firstSeq });
      continue;
    }
    const taken = places.find(({ stream, seq }) => seq < (next.get(stream) ?? firstSeq));
    if (taken !== undefined)
      throw new StreamConflict(`${taken.stream} number ${taken.seq} belongs to another event than ${key}`);
    for (const { stream, seq } of places) next.set(stream, seq + 1n);
    seen.add(key);
    accepted.push(event);
  }
  const advances = [...next]
    .map(([stream, to]) => ({ stream, from: known.nextSeqs.get(stream) ?? firstSeq, to }))
    .filter(({ from, to }) => from !== to);
  return { accepted, skipped, held, advances };
}
