/** A list is answered in pages, newest first; the cursor says where the next one begins and means nothing to the caller. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1…200; more is cut, none is 50. */
  readonly limit?: number | undefined;
  readonly cursor?: string | null | undefined;
}

/** The caller sent a cursor that no page gave. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}

const pageRowsDefault = 50;
const pageRowsMax = 200;
const cursorLengthMax = 200;
/** At most 18 digits: what a bigint of the database holds. */
const CURSOR = /^(\d{1,18})(?:_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/;

/** A place in a list: a number that falls along it, and the row's id where numbers can be equal. */
export interface Place {
  readonly order: bigint;
  readonly id: string | null;
}

/** Rows of a page, one more being read to know whether a next page exists. */
export const pageRows = (request: PageRequest): number =>
  Math.min(Math.max(Math.trunc(request.limit ?? pageRowsDefault), 1), pageRowsMax);

/** The place a cursor stands for; null for the first page. @throws InvalidCursor. */
export function placeOf(cursor: string | null | undefined): Place | null {
  if (cursor === null || cursor === undefined) return null;
  const match = cursor.length <= cursorLengthMax ? CURSOR.exec(decoded(cursor)) : null;
  if (match === null) throw new InvalidCursor('the cursor is not one that a list of this kind gave');
  return { order: BigInt(match[1] ?? '0'), id: match[2] ?? null };
}

/** Cuts the extra row off and makes the cursor of what follows. */
export function pageOf<Row>(rows: readonly Row[], limit: number, place: (row: Row) => Place): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: shown, nextCursor: null };
  const { order, id } = place(last);
  return { rows: shown, nextCursor: encoded(id === null ? `${order}` : `${order}_${id}`) };
}

const encoded = (text: string): string => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function decoded(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
