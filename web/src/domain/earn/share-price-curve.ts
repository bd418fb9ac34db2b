import type { Price } from '#shared/money/units.ts';
import type { PoolPointDto } from '#shared/protocol/pool.ts';

import { ranges, type Range, type TimedFigure } from '../portfolio/performance.ts';

/** The share price over a range, oldest first, closed by the one of now where it is known. `points` come newest first. */
export function sharePriceCurve(
  points: readonly PoolPointDto[],
  { range, nowMs, price }: { readonly range: Range; readonly nowMs: number; readonly price: Price | null | undefined },
): TimedFigure[] {
  const from = nowMs - ranges[range].ms;
  const curve: TimedFigure[] = points
    .map((point) => ({ timeMs: Date.parse(point.time), value: point.share_price as bigint }))
    .filter(({ timeMs }) => timeMs >= from)
    .reverse();
  const last = curve.at(-1);
  if (price !== null && price !== undefined && last !== undefined && nowMs > last.timeMs)
    curve.push({ timeMs: nowMs, value: price });
  return curve;
}
