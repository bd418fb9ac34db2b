import { expect, test } from 'vitest';

import { usdc } from '../testing.ts';
import { delegationEnd, delegationState } from './delegation.ts';
import { exportBounds, exportName } from './export-range.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-03-04T05:06:07.890Z');
const until = (ms: number) => ({
  ...({ state: 'active', turnover_cap: usdc('5'), max_slippage_bps: 200 } as const),
  expires_at: new Date(now + ms).toISOString(),
});

test('a delegation ends at its moment, and twelve hours before it says so', () => {
  expect(delegationState(until(dayMs), now)).toBe('active');
  expect(delegationState(until(dayMs / 2), now)).toBe('ending');
  expect(delegationState(until(1), now)).toBe('ending');
  expect(delegationState(until(0), now)).toBe('expired');
  const none = { state: 'none', expires_at: null, turnover_cap: null, max_slippage_bps: null } as const;
  expect(delegationState(none, now)).toBe('none');
});

test('a new delegation ends so many days from now, at a whole second', () => {
  expect(delegationEnd(7, now)).toBe('2026-03-11T05:06:07.000Z');
});

test('an export begins 30 days ago, with the year in UTC, or at the beginning', () => {
  expect(exportBounds('month', new Date(now))).toEqual({ from: Math.floor(now / 1_000) - 30 * 86_400 });
  expect(exportBounds('year', new Date(now))).toEqual({ from: Date.UTC(2026, 0, 1) / 1_000 });
  expect(exportBounds('all', new Date(now))).toEqual({});
  expect(exportName('7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE', new Date(now))).toBe(
    'quantdesk-7UVimffx-2026-03-04.csv',
  );
});
