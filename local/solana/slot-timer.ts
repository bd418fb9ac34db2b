/** Slots made up at once after the process stood still; what is missed beyond them is skipped. */
const catchUpSlotsMax = 10;

/** Starts a slot every `slotMs` of real time. Returns what stops it. */
export function startSlots(slotMs: number, isPaused: () => boolean, advance: () => void): () => void {
  let due = performance.now() + slotMs;
  const timer = setInterval(() => {
    const now = performance.now();
    due = Math.max(due, now - catchUpSlotsMax * slotMs);
    for (; due <= now; due += slotMs) if (!isPaused()) advance();
  }, slotMs);
  return () => clearInterval(timer);
}
