import type { Page } from 'playwright-core';

/** Everything that can be pressed and has a toast over it, by name. A window over the page and its toasts is another matter. */
export const pressedUnderToasts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const toasts = [...document.querySelectorAll('[data-testid=notice]')].map((toast) => toast.getBoundingClientRect());
    const isSeen = (target: Element) => {
      const { top, bottom, left, right } = target.getBoundingClientRect();
      // What is scrolled out of its panel is not under anything.
      for (let at = target.parentElement; at !== null; at = at.parentElement) {
        if (getComputedStyle(at).overflowY === 'visible') continue;
        const clip = at.getBoundingClientRect();
        if (bottom <= clip.top || top >= clip.bottom || right <= clip.left || left >= clip.right) return false;
      }
      return true;
    };
    return [...document.querySelectorAll<HTMLElement>('button, a[href], input, select, summary, [role=slider]')]
      .filter((target) => target.closest('.notices') === null && target.checkVisibility({ visibilityProperty: true }))
      .filter((target) => {
        const box = target.getBoundingClientRect();
        const meets = (toast: DOMRect) =>
          box.left < toast.right && box.right > toast.left && box.top < toast.bottom && box.bottom > toast.top;
        return box.width > 1 && toasts.some(meets) && isSeen(target);
      })
      .map((target) => target.getAttribute('aria-label') ?? target.dataset['testid'] ?? target.textContent);
  });
