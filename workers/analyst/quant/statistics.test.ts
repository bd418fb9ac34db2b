import { expect, test } from 'vitest';
import { correlation, normalCdf, studentT975 } from './statistics.ts';

test('the normal distribution agrees with the error function of another library', () => {
  // Python: 0.5 * (1 + math.erf(z / sqrt(2))).
  const known = [
    [-2.5, 0.006209665325776159],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [1.96, 0.9750021048517796],
  ] as const;
  for (const [z, probability] of known) expect(Math.abs(normalCdf(z) - probability)).toBeLessThan(1e-7);
});

test("Student's quantiles are those of the printed tables", () => {
  const printed = [
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [1e6, 1.96],
  ] as const;
  for (const [degrees, quantile] of printed)
    expect(Math.abs(studentT975(degrees) / quantile - 1)).toBeLessThan(degrees === 3 ? 0.01 : 0.001);
});

test('a correlation is 1 with itself, −1 with its opposite, and 0 with what stands still', () => {
  const series = [3, 1, 4, 1, 5, 9, 2, 6];
  expect(correlation(series, series)).toBeCloseTo(1, 12);
  expect(
    correlation(
      series,
      series.map((value) => 7 - 2 * value),
    ),
  ).toBeCloseTo(-1, 12);
  expect(
    correlation(
      series,
      series.map(() => 2),
    ),
  ).toBe(0);
});
