import type { Page } from 'playwright-core';

/** One thing that was shown and then stood elsewhere, without anybody having pressed or typed. */
export interface Shift {
  /** What it adds to the page's CLS. */
  readonly score: number;
  /** What moved, from where to where. */
  readonly text: string;
  /** Nothing stands elsewhere: a live figure got another length inside the width that is kept for it, perhaps from its right edge on. */
  readonly isInPlace: boolean;
}

/** Listens for layout shifts from the start of each page that the tab loads. */
export const watchShifts = async (page: Page): Promise<void> => void (await page.addInitScript(noteShifts));

/** Those of the page that shows now, since it was loaded. */
export const shiftsOf = (page: Page): Promise<readonly Shift[]> =>
  page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);

/** The score of a page that moved so, by the definition of layout instability: all of it is one session of a load. */
export const clsOf = (shifts: readonly Shift[]): number => shifts.reduce((sum, { score }) => sum + score, 0);

/** Runs in the page, before anything else of it: it may use nothing from outside itself. */
function noteShifts(): void {
  interface Source {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }
  const charactersMax = 160;
  const shifts: Shift[] = [];
  (window as unknown as { shifts: Shift[] }).shifts = shifts;
  const place = ({ x, y, width, height }: DOMRectReadOnly) => `${x},${y} ${width}×${height}`;
  const isSame = ({ previousRect, currentRect }: Source) => place(previousRect) === place(currentRect);
  const isFigureOfOtherLength = ({ node, previousRect: from, currentRect: to }: Source) =>
    (node instanceof Text || node instanceof HTMLSpanElement) &&
    /\d/.test(node.textContent ?? '') &&
    from.right === to.right &&
    from.top === to.top &&
    from.height === to.height;
  const nameOf = (node: Node | null) => {
    const element = node instanceof Element ? node : (node?.parentElement ?? null);
    const html = element === null ? 'what is gone' : element.outerHTML.slice(0, charactersMax);
    return node instanceof Text ? `the text of ${html}` : html;
  };
  const take = (entry: PerformanceEntry) => {
    const { value, sources, hadRecentInput } = entry as PerformanceEntry & {
      readonly value: number;
      readonly sources: readonly Source[];
      readonly hadRecentInput: boolean;
    };
    if (hadRecentInput) return;
    const moved = sources.map(
      (source) => `${nameOf(source.node)}: ${place(source.previousRect)} → ${place(source.currentRect)}`,
    );
    const isInPlace = sources.length > 0 && sources.every((source) => isSame(source) || isFigureOfOtherLength(source));
    shifts.push({ score: value, text: moved.join('; '), isInPlace });
  };
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type: 'layout-shift', buffered: true });
}
