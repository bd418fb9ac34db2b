import type { Page } from 'playwright-core';

/** Rows of several cells of which none is their head: who hears a figure of them does not hear whose it is. By table and text. */
export const unnamedRows = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLTableRowElement>('tbody > tr')]
      .filter((row) => row.cells.length > 1 && row.querySelector(':scope > th[scope=row]') === null)
      .map((row) => `${row.closest('table')?.className ?? ''}: ${row.textContent}`),
  );
