/** Bounds of a panel's size, in CSS pixels. */
export interface PanelBounds {
  readonly min: number;
  readonly max: number;
}

/** One press of an arrow, and one with Shift. */
const stepPx = 8;
const largeStepPx = 48;

/** Within its bounds, whole pixels. Where they contradict each other (a tiny window), the smallest size wins. */
export const clampSize = (size: number, bounds: PanelBounds): number =>
  Math.round(Math.max(bounds.min, Math.min(bounds.max, size)));

/** What fits: a panel never takes so much that the other side falls below its smallest size. */
export const boundsWithin = (available: number, min: number, otherMin: number, max = Infinity): PanelBounds => ({
  min,
  max: Math.max(min, Math.min(max, available - otherMin)),
});

export type SeparatorAxis = 'x' | 'y';

/** The size after a key, for a panel that grows towards the start of its axis (right or bottom panels). Undefined: not for the separator. */
export function sizeAfterKey(
  press: { readonly key: string; readonly shift: boolean },
  axis: SeparatorAxis,
  size: number,
  bounds: PanelBounds,
): number | undefined {
  const step = press.shift ? largeStepPx : stepPx;
  const [grow, shrink] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  switch (press.key) {
    case grow:
      return clampSize(size + step, bounds);
    case shrink:
      return clampSize(size - step, bounds);
    case 'Home':
      return clampSize(bounds.min, bounds);
    case 'End':
      return clampSize(bounds.max, bounds);
    default:
      return undefined;
  }
}
