import { abs, divCeil, max } from '#shared/money/divide.ts';
import { price as toPrice, quote, size as toSize, type Price, type Quote, type Size } from '#shared/money/units.ts';
import type { Side } from '#shared/perps/types.ts';

import { impactCurve, quoteSize, sizeWorth, type DepthState, type Quoted, type Rooms } from './market-depth.ts';

/** Points of a drawn curve: the impact is a parabola, which needs few. */
const curvePoints = 40;
/** The picture is never narrower than this share of the price either way, basis points: noise would fill it otherwise. */
const halfBpsMin = 2n;

/** A curve in a box of 100 × 100 with the oracle price in the middle: pixels, hence floats. */
export interface DrawnCurve {
  readonly side: Side;
  readonly path: string;
  /** Where the room of the side ends within the box, percent of its width; null where it goes beyond. */
  readonly endsAt: number | null;
}

export interface DepthDrawing {
  readonly rooms: Rooms;
  /** The size at the right edge. */
  readonly end: Size;
  readonly endWorth: Quote;
  readonly middle: Price;
  /** Prices at the upper and the lower edge. */
  readonly top: Price;
  readonly bottom: Price;
  readonly curves: readonly DrawnCurve[];
}

/** A size that is small on the picture and large beside the roundings, as a share of its width. */
const smallShare = 1_000n;

/** What the curve begins with: a trade so small that it hardly moves the skew pays the spread and the impact of the skew as it is. */
function priceAtStart(state: DepthState, side: Side, end: Size): Price {
  return quoteSize(state, side, toSize(divCeil(end, smallShare)))?.averagePrice ?? state.oracle.price;
}

const share = (part: bigint, whole: bigint): number => Number((part * 1_000_000n) / whole) / 10_000;

function pathOf(points: readonly (readonly [bigint, bigint])[], end: bigint, middle: bigint, half: bigint): string {
  return points
    .map(([at, price], index) => {
      const [x, y] = [share(at, end), 50 - share(price - middle, half) / 2];
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`;
    })
    .join('');
}

/** Both curves up to a worth, or up to the larger room where none is given. Null where nothing can be opened on either side. */
export function drawDepth(state: DepthState, worth: Quote | null, rooms: Rooms): DepthDrawing | null {
  const largest = max(rooms.long.size, rooms.short.size);
  const end = worth === null ? toSize(largest) : sizeWorth(state, worth);
  if (end === 0n || largest === 0n) return null;
  const middle = state.oracle.price;
  const sides = (['long', 'short'] as const).map((side) => {
    const upTo = rooms[side].size < end ? rooms[side].size : end;
    const points = upTo === 0n ? [] : impactCurve(state, side, toSize(upTo), curvePoints);
    const start = [0n, priceAtStart(state, side, end)] as const;
    return { side, points: [start, ...points.map(({ size, averagePrice }) => [size, averagePrice] as const)] };
  });
  const reach = sides.flatMap(({ points }) => points.map(([, price]) => abs(price - middle)));
  const half = reach.reduce((a, b) => max(a, (b * 11n) / 10n), (middle * halfBpsMin) / 10_000n + 1n);
  return {
    rooms,
    end,
    endWorth: worth ?? quote((end * middle) / 10n ** 10n),
    middle,
    top: toPrice(middle + half),
    bottom: toPrice(max(0n, middle - half)),
    curves: sides.map(({ side, points }) => ({
      side,
      path: points.length < 2 ? '' : pathOf(points, end, middle, half),
      endsAt: rooms[side].size < end ? share(rooms[side].size, end) : null,
    })),
  };
}

/** Both prices at a place of the picture, 0 at its left edge and 1 at its right one. */
export function quotedAt(
  state: DepthState,
  drawing: DepthDrawing,
  at: number,
): { readonly worth: Quote; readonly buy: Quoted | null; readonly sell: Quoted | null } {
  const millionths = BigInt(Math.round(Math.min(1, Math.max(0, at)) * 1_000_000));
  const size = toSize((drawing.end * millionths) / 1_000_000n);
  const within = (side: Side) => (size <= drawing.rooms[side].size ? quoteSize(state, side, size) : null);
  return { worth: quote((size * drawing.middle) / 10n ** 10n), buy: within('long'), sell: within('short') };
}
