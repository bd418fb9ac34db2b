import { expect, test } from 'vitest';

import { severityOf } from './alerts.ts';
import { readMove } from './read-move.ts';

test.each([
  ['-4.5', -450],
  ['−4,5 %', -450],
  ['+10', 1_000],
  ['0', 0],
  ['50', 5_000],
  ['50.01', null],
  ['1.234', null],
  ['', null],
  ['a lot', null],
])('a move is read in percent: %s', (text, moveBps) => {
  expect(readMove(text)).toBe(moveBps);
});

test('a liquidation is serious, what has to be done is a warning, what was done a notice', () => {
  expect(severityOf('liquidated')).toBe('serious');
  expect([severityOf('margin_warning'), severityOf('exit_failed')]).toEqual(['warning', 'warning']);
  expect([severityOf('closed_at_cap'), severityOf('closed_by_request')]).toEqual(['notice', 'notice']);
});
