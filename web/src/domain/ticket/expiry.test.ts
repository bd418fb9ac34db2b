import { expect, test } from 'vitest';

import { localExpiryText, readExpiry } from './expiry.ts';

const nowMs = Date.parse('2026-01-01T00:00:30.000Z');

test('a span ends with the minute it reaches, so that the order stays the same one until the next minute', () => {
  const span = { expiry: '1h', expiryText: '' } as const;
  expect(readExpiry(span, nowMs)).toBe(Date.parse('2026-01-01T01:01:00.000Z'));
  expect(readExpiry(span, nowMs + 29_000)).toBe(readExpiry(span, nowMs));
  expect(readExpiry({ ...span, expiry: '1d' }, nowMs)).toBe(Date.parse('2026-01-02T00:01:00.000Z'));
  expect(readExpiry({ ...span, expiry: '1w' }, nowMs)).toBe(Date.parse('2026-01-08T00:01:00.000Z'));
});

test('a moment is read in local time and shown as it was entered', () => {
  const at = readExpiry({ expiry: 'until', expiryText: '2026-03-04T05:06' }, nowMs);
  expect(at).toBe(new Date(2026, 2, 4, 5, 6).getTime());
  expect(localExpiryText(at ?? 0)).toBe('2026-03-04T05:06');
});

test.each(['', '2026-03-04', '2026-13-40T05:06', 'soon', '12026-03-04T05:06'])('%j is no moment', (expiryText) => {
  expect(readExpiry({ expiry: 'until', expiryText }, nowMs)).toBeNull();
});

test('without a clock no span has an end', () => {
  expect(readExpiry({ expiry: '1h', expiryText: '' }, undefined)).toBeNull();
});
