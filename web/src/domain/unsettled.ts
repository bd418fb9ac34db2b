/** A transaction's blockhash is forgotten after some 90 seconds; one that did not land by then never does. */
export const unsettledMsMax = 180_000;
/** Wishes whose outcome is not known, kept at most. */
export const unsettledMax = 20;

/** What was sent and never answered, by what was wished for: the same wish sends the same thing again until its time is over. */
export function createUnsettled<Sent>() {
  const kept = new Map<string, { readonly sent: Sent; readonly atMs: number }>();
  return {
    find: (wish: string, nowMs: number): Sent | undefined => {
      const held = kept.get(wish);
      return held !== undefined && nowMs - held.atMs < unsettledMsMax ? held.sent : undefined;
    },
    /** Its time counts from when it was first sent. */
    keep: (wish: string, sent: Sent, nowMs: number): void => {
      if (kept.get(wish)?.sent === sent) return;
      kept.delete(wish);
      kept.set(wish, { sent, atMs: nowMs });
      const [oldest] = kept.keys();
      if (kept.size > unsettledMax && oldest !== undefined) kept.delete(oldest);
    },
    forget: (wish: string): void => void kept.delete(wish),
  };
}
