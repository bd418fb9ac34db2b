import { type Horizon, HORIZON_MS, HORIZONS } from '../quant/contract.ts';

/** How far ahead a question looks. */
export interface AskedHorizon {
  readonly horizon: Horizon;
  /** Whether it names another time than this, so that the answer has to say so. */
  readonly isNearest: boolean;
}

/** The shortest: most past to be judged on, and soon scored. */
export const horizonDefault: Horizon = '15m';

const minuteMs = 60_000;
const unitMinutes: readonly (readonly [RegExp, number])[] = [
  [/^m/i, 1],
  [/^h/i, 60],
  [/^(d|today|tomorrow|tonight)/i, 1_440],
  [/^w/i, 10_080],
  [/^month/i, 43_200],
  [/^y/i, 525_600],
];
const words: Readonly<Record<string, number>> = { two: 2, three: 3, four: 4, six: 6, eight: 8, ten: 10, twelve: 12 };
const counted =
  /\b(\d{1,4}|two|three|four|six|eight|ten|twelve)[\s-]?(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|years?)\b/i;
const alone = /\b(minutes?|hour|hourly|day|daily|today|tonight|tomorrow|weeks?|weekly|months?|monthly|years?)\b/i;

/** The time a question names, in the nearest of the horizons there are; the default where it names none. */
export function readHorizon(message: string): AskedHorizon {
  const asked = minutesIn(message);
  if (asked === null) return { horizon: horizonDefault, isNearest: false };
  const distance = (horizon: Horizon): number => Math.abs(Math.log((asked * minuteMs) / HORIZON_MS[horizon]));
  const horizon = HORIZONS.reduce((best, next) => (distance(next) < distance(best) ? next : best));
  return { horizon, isNearest: distance(horizon) > 0 };
}

function minutesIn(message: string): number | null {
  const [, count, unit] = counted.exec(message) ?? [];
  const named = unit ?? alone.exec(message)?.[1];
  if (named === undefined) return null;
  const minutes = (/^month/i.test(named) ? unitMinutes.slice(4) : unitMinutes).find(([pattern]) => pattern.test(named));
  const times = count === undefined ? 1 : (words[count.toLowerCase()] ?? Number(count));
  return minutes === undefined || times === 0 ? null : times * minutes[1];
}
