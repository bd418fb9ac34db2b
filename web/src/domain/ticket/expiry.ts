import type { ExpiryChoice, TicketState } from './state.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long each choice lets an order wait, milliseconds; null: until the moment that was entered. */
export const expirySpanMs: Readonly<Record<ExpiryChoice, number | null>> = {
  '1h': hourMs,
  '1d': dayMs,
  '1w': 7 * dayMs,
  until: null,
};

/** What a date-time field holds: local time to the minute, seconds where the browser adds them. */
const localPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;

/**
 * When the order ends, milliseconds since 1970; null while that cannot be told. A span ends with the minute it reaches, so that the order
 * is the same one until the next minute.
 */
export function readExpiry(
  { expiry, expiryText }: Pick<TicketState, 'expiry' | 'expiryText'>,
  nowMs: number | undefined,
): number | null {
  const spanMs = expirySpanMs[expiry];
  if (spanMs !== null) return nowMs === undefined ? null : Math.ceil((nowMs + spanMs) / minuteMs) * minuteMs;
  if (!localPattern.test(expiryText)) return null;
  const atMs = Date.parse(expiryText);
  return Number.isNaN(atMs) ? null : atMs;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** A moment as a date-time field shows it, in local time. */
export function localExpiryText(atMs: number): string {
  const at = new Date(atMs);
  const day = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  return `${day}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}
