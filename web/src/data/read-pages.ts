import type { Page } from '#sdk/index.ts';

import type { ReadList } from '../domain/portfolio/breakdown.ts';

/** The exchange answers at most so many rows at once. */
const pageRows = 200;

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** Reads a list page by page, newest first, and says whether it was read to its end. */
export async function readPages<Row>(
  read: (query: PageQuery) => Promise<Page<Row>>,
  pagesMax: number,
): Promise<ReadList<Row>> {
  const rows: Row[] = [];
  let query: PageQuery = { limit: pageRows };
  for (let page = 0; page < pagesMax; page++) {
    const { items, nextCursor } = await read(query);
    rows.push(...items);
    if (nextCursor === undefined) return { rows, complete: true };
    query = { limit: pageRows, cursor: nextCursor };
  }
  return { rows, complete: false };
}
