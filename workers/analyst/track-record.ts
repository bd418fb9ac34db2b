/** Analyses older than this do not count: models and markets change. */
export const trackRecordDays = 90;
const dayMs = 86_400_000;

/** From when on analyses count at a moment. */
export const trackRecordSinceMs = (nowMs: number): number => nowMs - trackRecordDays * dayMs;
