/** Rows of a list that the exchange answers page by page, newest first, as far as they are known here. */
export interface History<Row> {
  readonly rows: readonly Row[];
  /** Where the rows before the oldest one begin; undefined where there are none. */
  readonly cursor: string | undefined;
}

/** One answer of the list. */
export interface HistoryPage<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | undefined;
}

/** What tells the rows of a list apart, and which of two answers about one row is the later. */
export interface RowIdentity<Row> {
  readonly idOf: (row: Row) => string;
  /** Grows with every change; without it a row never changes. */
  readonly versionOf?: (row: Row) => number;
  /** RFC 3339: what the list is in the order of. Needed where rows are heard of out of turn. */
  readonly timeOf?: (row: Row) => string;
}

/** The later of two answers; the known one where nothing changed, so that its line on screen stays the same line. */
function later<Row>(known: Row, told: Row, { versionOf }: RowIdentity<Row>): Row {
  return versionOf !== undefined && versionOf(told) > versionOf(known) ? told : known;
}

/**
 * The rows with the newest page read again. Where it no longer reaches what is known, rows in between are missing: it starts anew from that
 * page, and no gap is ever silent.
 */
export function withNewest<Row>(
  known: History<Row> | undefined,
  page: HistoryPage<Row>,
  identity: RowIdentity<Row>,
): History<Row> {
  const { idOf } = identity;
  if (known === undefined) return { rows: page.items, cursor: page.nextCursor };
  const held = new Map(known.rows.map((row) => [idOf(row), row]));
  const newest = page.items.map((row) => later(held.get(idOf(row)) ?? row, row, identity));
  const told = new Set(page.items.map(idOf));
  const meets = page.nextCursor === undefined || page.items.some((row) => held.has(idOf(row)));
  if (!meets) return { rows: newest, cursor: page.nextCursor };
  return { rows: [...newest, ...known.rows.filter((row) => !told.has(idOf(row)))], cursor: known.cursor };
}

/** The rows with the page before them. */
export function withOlder<Row>(known: History<Row>, page: HistoryPage<Row>, { idOf }: RowIdentity<Row>): History<Row> {
  const held = new Set(known.rows.map(idOf));
  return { rows: [...known.rows, ...page.items.filter((row) => !held.has(idOf(row)))], cursor: page.nextCursor };
}

/** Whether a row belongs among those that are read: older ones come with their page. */
const isWithin = <Row>({ rows, cursor }: History<Row>, row: Row, { timeOf }: RowIdentity<Row>): boolean => {
  const oldest = rows.at(-1);
  return cursor === undefined || timeOf === undefined || oldest === undefined || timeOf(row) >= timeOf(oldest);
};

/** The rows with what was heard of some of them since, and those not known before in their place. */
export function withHeard<Row>(known: History<Row>, heard: readonly Row[], identity: RowIdentity<Row>): History<Row> {
  const { idOf, timeOf } = identity;
  const told = new Map(heard.map((row) => [idOf(row), row]));
  const held = new Set(known.rows.map(idOf));
  const fresh = heard.filter((row) => !held.has(idOf(row)) && isWithin(known, row, identity));
  const rows = known.rows.map((row) => later(row, told.get(idOf(row)) ?? row, identity));
  if (fresh.length === 0) return rows.every((row, index) => row === known.rows[index]) ? known : { ...known, rows };
  const all = [...fresh, ...rows];
  if (timeOf !== undefined) all.sort((a, b) => (timeOf(a) === timeOf(b) ? 0 : timeOf(a) < timeOf(b) ? 1 : -1));
  return { ...known, rows: all };
}
