import { createSignal, onCleanup, type Accessor } from 'solid-js';

export interface ElementSize {
  readonly width: number;
  readonly height: number;
}

/** The size of an element as it is laid out, in CSS pixels; before it is, what it is expected to be. */
export function createElementSize(expected: ElementSize = { width: 0, height: 0 }): {
  readonly size: Accessor<ElementSize>;
  readonly measure: (element: HTMLElement) => void;
} {
  const [size, setSize] = createSignal(expected);
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
  });
  onCleanup(() => observer.disconnect());
  return { size, measure: (element) => observer.observe(element) };
}
