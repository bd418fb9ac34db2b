import type { Page } from 'playwright-core';

/** How much longer other languages than English are, on a whole screen. */
const longerBy = 0.4;

/**
 * Writes everything on screen in a language that does not exist, with accents and two fifths longer, looks what no longer fits, and puts the
 * words back, all before the page paints again. Names of markets and tokens, figures, times and keys stay: they are the same in every language.
 * Returns what is cut off, runs out of its control, or makes the page wider than the screen. Measured in the terminal's own typeface, whether or
 * not it came in time to be shown (`font-display: optional`).
 */
export const unfitWhenLonger = (page: Page): Promise<string[]> =>
  page.evaluate(async (by) => {
    const measured = 'Measured';
    if (![...document.fonts].some(({ family }) => family === measured)) {
      const [sheet, face] = [...document.styleSheets]
        .flatMap((one) => [...one.cssRules].map((rule) => [one, rule] as const))
        .find(([, rule]) => rule instanceof CSSFontFaceRule) as [CSSStyleSheet, CSSFontFaceRule];
      const path = /url\("?([^")]+)/.exec(face.style.getPropertyValue('src'))?.[1] ?? '';
      const address = new URL(path, sheet.href ?? location.href).href;
      document.fonts.add(await new FontFace(measured, `url("${address}")`, { weight: '100 900' }).load());
    }
    const root = document.documentElement;
    const controls =
      'button, a[href], summary, td[data-label], label, legend, th, dt, [role=tab], [role=radio], [role=switch], [role=menuitem], [role=option], .tag';
    const accented: Readonly<Record<string, string>> = { a: 'á', e: 'ê', i: 'ï', o: 'ö', u: 'ü', c: 'ç', n: 'ñ' };
    const grow = (word: string) =>
      word.replace(/[aeioucn]/g, (letter) => accented[letter] ?? letter) + 'ö'.repeat(Math.round(word.length * by));
    /** Words alone: three letters or more, none of them a capital but the first, and nothing that names a month or shortens a key. */
    const longer = (text: string) =>
      /…\w|\w…/.test(text) ? text : text.replace(/(?<![\w.])(?<!\d )[A-Za-z][a-z’]{2,}(?![A-Z\d])/g, grow);

    const isSeen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('[inert], .visually-hidden, canvas, svg, option') === null &&
      (element.closest('thead')?.clientWidth ?? Infinity) > 1;
    const texts: { readonly node: Text; readonly text: string }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const { parentElement: parent, data } = node as Text;
      if (parent !== null && /[A-Za-z]{3}/.test(data) && isSeen(parent)) texts.push({ node: node as Text, text: data });
    }
    /** Names of figures that styles write beside them. */
    const labelled = [...document.querySelectorAll<HTMLElement>('td[data-label]')].map((cell) => ({
      cell,
      label: cell.dataset.label ?? '',
    }));
    const hidden = ['hidden', 'clip'];
    /** What cuts an element off at a side: the nearest ancestor that neither scrolls nor shows what is beyond it. */
    const cutsOff = (element: Element): Element | null => {
      for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
        const { overflowX } = getComputedStyle(at);
        if (hidden.includes(overflowX)) return at;
        if (overflowX !== 'visible') return null;
      }
      return root;
    };
    /** Whether a text is laid out within a control: not for assistive technology alone, and no badge at its edge. */
    const isWithin = (text: Node, control: Element) => {
      for (let at = text.parentElement; at !== null && at !== control; at = at.parentElement)
        if (!isSeen(at) || ['absolute', 'fixed'].includes(getComputedStyle(at).position)) return false;
      return true;
    };
    /** Edges of what is written in a control; undefined where nothing is. */
    const spanOf = (control: Element) => {
      const boxes = texts
        .filter(({ node }) => control.contains(node) && isWithin(node, control))
        .map(({ node }) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return range.getBoundingClientRect();
        });
      if (boxes.length === 0) return undefined;
      return {
        left: Math.min(...boxes.map(({ left }) => left)),
        right: Math.max(...boxes.map(({ right }) => right)),
        bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
      };
    };
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.className.toString().split(' ').slice(0, 3).join('.')} “${(element.textContent ?? '').trim().slice(0, 40)}”`;
    const unfit: string[] = [];
    try {
      root.style.setProperty('--face', measured);
      for (const { node, text } of texts) node.data = longer(text);
      for (const { cell, label } of labelled) cell.dataset.label = longer(label);
      const { scrollWidth } = root;
      if (scrollWidth > innerWidth) unfit.push(`the page needs ${scrollWidth} of ${innerWidth} px`);
      for (const control of document.querySelectorAll(controls)) {
        if (!isSeen(control) || (control.matches('td') && getComputedStyle(control, '::before').content === 'none'))
          continue;
        const box = control.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1) continue;
        const text = spanOf(control);
        if (text === undefined) continue;
        const isInline = getComputedStyle(control).display === 'inline';
        if (!isInline && (text.right > box.right + 1 || text.left < box.left - 1))
          unfit.push(
            `runs out by ${Math.round(Math.max(text.right - box.right, box.left - text.left))} px: ${nameOf(control)}`,
          );
        else if (!isInline && text.bottom > box.bottom + 2)
          unfit.push(`runs out below by ${Math.round(text.bottom - box.bottom)} px: ${nameOf(control)}`);
        const cutter = cutsOff(control)?.getBoundingClientRect();
        if (cutter !== undefined && (box.right > cutter.right + 1 || box.left < cutter.left - 1))
          unfit.push(`cut off by ${Math.round(box.right - cutter.right)} px: ${nameOf(control)}`);
      }
      return unfit;
    } finally {
      root.style.removeProperty('--face');
      for (const { node, text } of texts) node.data = text;
      for (const { cell, label } of labelled) cell.dataset.label = label;
    }
  }, longerBy);
