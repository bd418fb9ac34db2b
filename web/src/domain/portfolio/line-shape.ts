import { divCeil, divFloor } from '#shared/money/divide.ts';

import type { TimedFigure } from './performance.ts';

/** A curve as shares of its box, 0 to 1 from the left and from the top: the only floats, and pixels alone. */
export interface LineShape {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Round figures beside the curve, the highest first. */
  readonly ticks: readonly { readonly value: bigint; readonly y: number }[];
  /** Where zero lies, if the curve's box holds it. */
  readonly zero: number | null;
}

const ticksMax = 4n;
/** Resolution of the shares. */
const parts = 100_000n;

/** The smallest of 1, 2, 5 × 10^n that parts a span into at most `ticksMax` steps. */
export function roundStep(span: bigint): bigint {
  for (let power = 1n; ; power *= 10n) {
    for (const factor of [1n, 2n, 5n]) if (factor * power * ticksMax >= span) return factor * power;
  }
}

const shareOf = (value: bigint, span: bigint): number => Number((value * parts) / span) / Number(parts);

/**
 * Undefined without a point. A curve that never changes lies in the middle. Ticks are never closer than `finest`, the last digit that is
 * shown of them: no two read alike, and nothing below it looks like a move.
 */
export function lineShape(curve: readonly TimedFigure[], finest = 1n): LineShape | undefined {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  let [low, high] = [first.value, first.value];
  for (const { value } of curve) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const wanted = high === low ? roundStep(high < 0n ? -high : high === 0n ? ticksMax : high) : roundStep(high - low);
  const step = wanted < finest ? finest : wanted;
  // Far within one step a curve lies between its neighbours, not from edge to edge.
  const isFlat = (high - low) * ticksMax < step;
  const bottom = isFlat ? low - step : divFloor(low, step) * step;
  const top = isFlat ? high + step : divCeil(high, step) * step;
  const span = top - bottom;
  const yOf = (value: bigint): number => shareOf(top - value, span);
  const duration = Math.max(1, last.timeMs - first.timeMs);
  const ticks: { value: bigint; y: number }[] = [];
  for (let value = divFloor(top, step) * step; value >= bottom; value -= step) ticks.push({ value, y: yOf(value) });
  return {
    points: curve.map(({ timeMs, value }) => ({ x: (timeMs - first.timeMs) / duration, y: yOf(value) })),
    ticks,
    zero: bottom <= 0n && top >= 0n ? yOf(0n) : null,
  };
}

/** The point whose time is nearest to a share of the width. */
export function nearestPoint(shape: LineShape, x: number): number {
  let nearest = 0;
  for (const [at, point] of shape.points.entries()) {
    const best = shape.points[nearest];
    if (best === undefined || Math.abs(point.x - x) <= Math.abs(best.x - x)) nearest = at;
  }
  return nearest;
}
