/** A market's stream brings a price several times a second. After so long without one the figures on screen are old, whatever they say. */
export const priceSilenceMsMax = 5_000;

/** Whether nothing was heard of a market's price for too long; never before the first one. */
export const isPriceSilent = (heardAtMs: number | undefined, nowMs: number): boolean =>
  heardAtMs !== undefined && nowMs - heardAtMs > priceSilenceMsMax;
