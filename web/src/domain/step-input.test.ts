import { expect, test } from 'vitest';

import { stepInput } from './step-input.ts';

const price = { decimals: 8, places: 2 };

test('a press moves a figure by a step of the market, ten with Shift', () => {
  expect(stepInput('150', 1n, price)).toBe('150.01');
  expect(stepInput('150.09', 1n, price)).toBe('150.1');
  expect(stepInput('150', -10n, price)).toBe('149.9');
});

test('a figure between two steps goes to the next one in the direction of the press', () => {
  expect(stepInput('150.005', 1n, price)).toBe('150.01');
  expect(stepInput('150.005', -1n, price)).toBe('150');
});

test('no step leads below zero, and nothing is stepped from nothing', () => {
  expect(stepInput('0.01', -10n, price)).toBe('0');
  expect(stepInput('', 1n, price)).toBeUndefined();
});
