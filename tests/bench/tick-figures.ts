/** What ticks found and read, each on average. */
export interface TickFigures {
  readonly hits: number;
  readonly rowsRead: number;
}
