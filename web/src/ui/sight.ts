import { createEffect, createMemo, createSignal, onCleanup, untrack, type Accessor } from 'solid-js';

/** Lines this near to what shows count as seen, so that scrolling brings none that is old; pixels. */
const nearPx = 120;
/** Out of sight, one line in so many is brought up to date at a time, and so often: none is older than their product. */
const turns = 4;
const turnMs = 500;

/** One line of a list. */
export interface LineSight {
  /** Looks where the line's element is, as long as the line is there. */
  readonly watch: (element: Element) => void;
  /** A figure as the line shows it: up to date while it is in sight, and now and then while it is not. */
  readonly shown: <Figure>(figure: Accessor<Figure>) => Accessor<Figure>;
}

/**
 * Which lines of a long list are in sight. Those that are not take turns to be brought up to date: of fifty positions eight show, and a tick
 * costs no more than those. Whoever reads the whole list by other means than looking finds no figure older than two seconds.
 */
export function createSight(): { readonly line: () => LineSight } {
  const seen = new Map<Element, (isSeen: boolean) => void>();
  // Not every browser knows a margin within a scrolled panel yet: there a line is late by a frame.
  const near = { scrollMargin: `${nearPx}px` } as IntersectionObserverInit;
  const observer = new IntersectionObserver(
    (entries) => entries.forEach(({ target, isIntersecting }) => seen.get(target)?.(isIntersecting)),
    near,
  );
  onCleanup(() => observer.disconnect());
  const [unseen, setUnseen] = createSignal(0);
  const [turn, setTurn] = createSignal(0);
  const someUnseen = createMemo(() => unseen() > 0);
  createEffect(() => {
    if (!someUnseen()) return;
    const timer = setInterval(() => setTurn((before) => (before + 1) % turns), turnMs);
    onCleanup(() => clearInterval(timer));
  });
  let lines = 0;
  const line = (): LineSight => {
    lines += 1;
    const place = lines % turns;
    const [isSeen, setSeen] = createSignal(true);
    /** Grows whenever this line's turn begins. */
    const turned = createMemo((before: number) => (turn() === place ? before + 1 : before), 0);
    createEffect(() => {
      if (isSeen()) return;
      setUnseen((count) => count + 1);
      onCleanup(() => setUnseen((count) => count - 1));
    });
    return {
      watch: (element) => {
        seen.set(element, setSeen);
        observer.observe(element);
        onCleanup(() => {
          seen.delete(element);
          observer.unobserve(element);
        });
      },
      shown: (figure) =>
        createMemo(() => {
          if (isSeen()) return figure();
          turned();
          return untrack(figure);
        }),
    };
  };
  return { line };
}
