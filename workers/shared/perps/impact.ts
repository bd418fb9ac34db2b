/** Impact charge and skew limit (docs/mathematics.md, 3): paid to the pool by who widens the skew, never paid to anyone. */
import { abs, divCeil, min, mulDivCeil, sign } from '../money/divide.ts';
import { BPS_SCALE, RATE_SCALE, type Bps, type Price, type Quote, type Size, quote } from '../money/units.ts';
import { u64 } from './checked.ts';
import { requireThat } from './errors.ts';

/** price (1e-8) × size (1e-8) × rate (1e-9) in quote (1e-6). */
const impactDivisor = 10n ** 19n;
/** A rate (1e-9) per basis point. */
const ratePerBps = RATE_SCALE / BPS_SCALE;

export interface ImpactInput {
  readonly price: Price;
  /** long open interest − short open interest, before the trade. */
  readonly skew: bigint;
  /** Signed size of the trade: positive buys. */
  readonly delta: bigint;
  readonly skewScale: Size;
  readonly maxSkewBps: Bps;
  /** A reduction pays at most the rate at the skew limit. */
  readonly reducing: boolean;
}

/** The skew on the trade's own side before and after: only the stretch between them is charged. */
function chargedStretch(skew: bigint, delta: bigint): readonly [before: bigint, after: bigint] {
  const result = skew + delta;
  if (sign(result) !== sign(delta)) return [0n, 0n];
  return [sign(skew) === sign(delta) ? abs(skew) : 0n, abs(result)];
}

/** The charge in quote, rounded up; 0 where `skewScale` is 0 or the trade does not widen the skew of its own side. */
export function impact(input: ImpactInput): Quote {
  const { price, skew, delta, skewScale, maxSkewBps, reducing } = input;
  if (skewScale === 0n) return quote(0n);
  const [before, after] = chargedStretch(skew, delta);
  if (after === 0n) return quote(0n);
  const marginalRate = divCeil((before + after) * RATE_SCALE, 2n * skewScale);
  const impactRate = reducing ? min(marginalRate, maxSkewBps * ratePerBps) : marginalRate;
  return quote(u64(mulDivCeil(price * (after - before), impactRate, impactDivisor)));
}

/** Errors: SkewTooWide where a trade that opens or increases widens |skew| beyond `maxSkewBps` of `skewScale`. */
export function checkSkew(skew: bigint, delta: bigint, skewScale: Size, maxSkewBps: Bps): void {
  const result = abs(skew + delta);
  const widensBeyond = skewScale > 0n && result > abs(skew) && result * BPS_SCALE > maxSkewBps * skewScale;
  requireThat(!widensBeyond, 'SkewTooWide');
}
