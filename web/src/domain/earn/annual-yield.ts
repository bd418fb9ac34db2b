import type { Price } from '#shared/money/units.ts';
import type { PoolPointDto } from '#shared/protocol/pool.ts';

import { ranges } from '../portfolio/performance.ts';

/** Spans over which the gain of a share is told. */
export type YieldSpan = 'week' | 'month';

/** A rate per year as a ratio; `whole` is positive. */
export interface AnnualYield {
  readonly part: bigint;
  readonly whole: bigint;
}

const yearMs = 365n * 86_400_000n;
/** Points of a span's history lie so far apart at most: the one nearest its beginning may be that much younger. */
const pointGapMs: Readonly<Record<YieldSpan, number>> = { week: 3_600_000, month: 4 * 3_600_000 };

/**
 * What a share gained over a span as a rate per year, without compounding: change ÷ price then × year ÷ time. Undefined where the history does
 * not reach back that far. `points` come newest first.
 */
export function annualYield(
  points: readonly PoolPointDto[],
  {
    span,
    nowMs,
    price,
  }: { readonly span: YieldSpan; readonly nowMs: number; readonly price: Price | null | undefined },
): AnnualYield | undefined {
  if (price === null || price === undefined) return undefined;
  const latestMs = nowMs - ranges[span].ms + pointGapMs[span];
  const then = points.find(({ time }) => Date.parse(time) <= latestMs);
  if (then === undefined || then.share_price <= 0n) return undefined;
  const elapsedMs = BigInt(nowMs - Date.parse(then.time));
  return { part: (price - then.share_price) * yearMs, whole: then.share_price * elapsedMs };
}
