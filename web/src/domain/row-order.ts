/** What rows can be put in order by; null where a row has no such figure. */
export type SortValue = bigint | number | string | null;

/** Orders rows by a figure. What is not known comes last either way, and equal rows stay as they are. */
export function compareBy<Row>(valueOf: (row: Row) => SortValue, isDescending: boolean) {
  return (a: Row, b: Row): number => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (x === y) return 0;
    if (x === null || y === null) return x === null ? 1 : -1;
    return x < y === isDescending ? 1 : -1;
  };
}
