/** Funding between longs and shorts (docs/mathematics.md, 8). */
import { clamp, divFloor } from '../money/divide.ts';
import { type IndexValue, type Price, type Rate, type Size, indexValue, rate } from '../money/units.ts';
import { i128 } from './checked.ts';

/** rate (1e-9 per hour) × price (1e-8) × seconds in index (1e-18): 3600 seconds, and one decimal between 17 and 18. */
export const indexDivisor = 360n;

/** clamp(skew / funding_skew_scale, −1, 1) · max_funding_rate, towards 0. Positive: longs pay. */
export function fundingRate(skew: bigint, fundingSkewScale: Size, maxFundingRate: Rate): Rate {
  if (fundingSkewScale === 0n) return rate(0n);
  return rate((clamp(skew, -fundingSkewScale, fundingSkewScale) * maxFundingRate) / fundingSkewScale);
}

/** floor(rate · price · dt / 360). */
export const fundingIndexDelta = (hourlyRate: Rate, price: Price, dtSeconds: bigint): IndexValue =>
  indexValue(i128(divFloor(hourlyRate * price * dtSeconds, indexDivisor)));
