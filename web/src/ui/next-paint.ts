/** Where nobody looks nothing is painted: there it is done this much later, milliseconds. */
const unseenDelayMs = 1_000;

/** Calls once, before the page is painted next, or after a while where it is not painted. @returns what takes the call back. */
export type NextPaint = (apply: () => void) => () => void;

/** The next frame of this page; where it is hidden, or becomes it, nothing is left waiting. */
export const nextPaint: NextPaint = (apply) => {
  const done = () => {
    drop();
    apply();
  };
  const frame = requestAnimationFrame(done);
  // Frames of a hidden page do not come at all.
  const timer = setTimeout(done, unseenDelayMs);
  const drop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return drop;
};

/** Resolves when what is there now has been painted. */
export const painted = (): Promise<void> => new Promise((resolve) => nextPaint(() => setTimeout(resolve)));
