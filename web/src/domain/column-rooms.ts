/** A column as far as its width goes. */
export interface RoomyColumn<Item> {
  readonly id: string;
  /** Room its figures keep, in digits. */
  readonly digits?: number;
  /** What is as long as the longest that is shown of an item. */
  readonly longest?: (item: Item) => string;
  /** A column of buttons: its width does not come of figures. */
  readonly isUnnamed?: boolean;
  /** `derived` gives way where the desk is narrow. */
  readonly class?: string;
}

/** Custom properties of a stylesheet: counts of digits and columns. */
export type Rooms = Readonly<Record<`--${string}`, string>>;

export interface ColumnRooms {
  /** Of a column's cells: its digits. */
  readonly of: (id: string) => Rooms;
  /** Of the table: digits and number of all columns of figures, and of those that a narrow desk keeps. */
  readonly together: Rooms;
}

/**
 * Widths of columns whose lines are laid out one by one, so that all lines agree: the digits a column keeps, or the longest figure in it where
 * that is longer.
 */
export function columnRooms<Item>(columns: readonly RoomyColumn<Item>[], items: readonly Item[]): ColumnRooms {
  const digits = new Map(columns.map((column) => [column.id, digitsOf(column, items)]));
  const sum = (counted: readonly RoomyColumn<Item>[]) =>
    String(counted.reduce((total, { id }) => total + (digits.get(id) ?? 0), 0));
  const figures = columns.filter(({ isUnnamed }) => isUnnamed !== true);
  const kept = figures.filter(({ class: own }) => own !== 'derived');
  return {
    of: (id) => ({ '--digits': String(digits.get(id) ?? 0) }),
    together: {
      '--all-digits': sum(figures),
      '--all-columns': String(figures.length),
      '--kept-digits': sum(kept),
      '--kept-columns': String(kept.length),
    },
  };
}

const digitsOf = <Item>({ digits = 0, longest }: RoomyColumn<Item>, items: readonly Item[]): number =>
  longest === undefined ? digits : Math.max(digits, ...items.map((item) => longest(item).length));
