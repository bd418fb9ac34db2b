import { formatDateTime, formatUtcDate } from './format.ts';

/** A bar's time in words: days are days of UTC, everything shorter is told by the clock of the trader. */
export const barTime = (time: number, daily: boolean): string =>
  daily ? formatUtcDate(new Date(time * 1_000)) : formatDateTime(new Date(time * 1_000)).slice(0, -3);
