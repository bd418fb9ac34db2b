import type { Page } from 'playwright-core';

/** WCAG 2.5.5 and the platforms' own guidelines: what a thumb meets. */
const targetPxMin = 44;

/**
 * Everything on screen that is pressed and is lower than a thumb, by name and size. Links to skip by are for keyboards; a link within a
 * sentence is as high as its line (WCAG 2.5.8).
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate((least) => {
    const pressed =
      'button, [role=tab], [role=radio], [role=switch], [role=menuitem], [role=option], [role=slider], input, select, summary, a[href]:not(.skip-link)';
    const isInSentence = (target: HTMLElement) =>
      target.matches('p a') && target.parentElement?.textContent !== target.textContent;
    /** A target may reach beyond what is seen of it. */
    const reachOf = (target: HTMLElement) => {
      const { content, height } = getComputedStyle(target, '::after');
      return content === 'none' ? 0 : Number.parseFloat(height) || 0;
    };
    return (
      [...document.querySelectorAll<HTMLElement>(pressed)]
        .filter((target) => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .filter((target) => !isInSentence(target) && target.closest('[inert], [aria-hidden=true]') === null)
        // Whoever misses a field meets its frame or its name, which are pressed in its place.
        .map((target) => ({ target, box: (target.closest('label, .field') ?? target).getBoundingClientRect() }))
        .filter(
          ({ target, box }) =>
            box.width > 1 && box.height > 1 && Math.round(Math.max(box.height, reachOf(target))) < least,
        )
        .map(
          ({ target, box }) => `${target.getAttribute('aria-label') ?? target.textContent} ${box.width}×${box.height}`,
        )
    );
  }, targetPxMin);
