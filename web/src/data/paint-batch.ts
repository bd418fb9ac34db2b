import { nextPaint, type NextPaint } from '../ui/next-paint.ts';

/**
 * Gathers what streams tell and applies it together before the next paint: several messages within a frame cost one update of the screen.
 * Of each key only the newest value is kept, which bounds it by the number of keys. `newer` decides where that is not the last one heard.
 */
export function createPaintBatch<Key, Value>(
  apply: (newest: ReadonlyMap<Key, Value>) => void,
  newer: (held: Value, heard: Value) => Value = (_, heard) => heard,
  whenPainted: NextPaint = nextPaint,
) {
  let waiting = new Map<Key, Value>();
  let drop: (() => void) | undefined;
  const flush = () => {
    drop = undefined;
    const newest = waiting;
    waiting = new Map();
    apply(newest);
  };
  return {
    hear: (key: Key, value: Value): void => {
      const held = waiting.get(key);
      waiting.set(key, held === undefined ? value : newer(held, value));
      drop ??= whenPainted(flush);
    },
    /** Forgets what waits. */
    drop: (): void => {
      drop?.();
      drop = undefined;
      waiting.clear();
    },
  };
}
