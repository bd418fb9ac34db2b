/** A number as it is written here: a spreadsheet reads nothing else into it. */
const plainNumber = /^-?\d+(\.\d+)?$/;
/** What a spreadsheet takes for the beginning of a formula, as OWASP lists it ("CSV Injection"). */
const formulaStart = /^[=+\-@\t\r\n]/;
const needsQuotes = /[",\r\n]/;

/** One cell: text that would run as a formula is made text by an apostrophe, and quoted where RFC 4180 wants it. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a CSV file may be asked to say: one figure of a row, under its name. */
export interface CsvField<Row> {
  readonly name: string;
  readonly value: (row: Row) => string | number | null;
}

/** A line with its end. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** A whole file: the names of the fields, then a line per row. */
export const csvFile = <Row>(fields: readonly CsvField<Row>[], rows: readonly Row[]): string =>
  csvLine(fields.map(({ name }) => name)) + rows.map((row) => csvLine(fields.map(({ value }) => value(row)))).join('');
