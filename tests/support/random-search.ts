const seed = 20_261_123;
const runsDefault = 100;

/** Bounds of a random search for a counterexample: the same cases every time, so that what fails once fails for everybody. */
export const search = (numRuns = runsDefault): { readonly seed: number; readonly numRuns: number } => ({
  seed,
  numRuns,
});
