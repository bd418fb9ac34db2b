import { expect, test } from 'vitest';
import { fitWeights, type Sample } from './logistic-regression.ts';
import { logistic, logit } from './statistics.ts';
import { randomOf } from './testing.ts';

test('weights are those that gradient ascent finds elsewhere', () => {
  // Python, 12 cases with their weights, an offset of 0.1, a penalty of 2; the gradient there is below 1e-14.
  const features = [
    [0.5, -1.2],
    [1.1, 0.3],
    [-0.7, 0.9],
    [0.2, 0.1],
    [-1.5, -0.4],
    [0.9, 1.4],
    [-0.3, -0.8],
    [1.8, -0.2],
    [-0.9, 0.6],
    [0.4, -1.1],
    [-1.2, 1.3],
    [0.6, 0.7],
  ];
  const outcomes = [1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1] as const;
  const weights = [1, 0.5, 1, 1, 0.25, 1, 1, 0.5, 1, 1, 0.75, 1];
  const samples = features.map((values, index): Sample => {
    return { features: values, offset: 0.1, outcome: outcomes[index] ?? 0, weight: weights[index] ?? 0 };
  });
  const found = fitWeights(samples, 2, 2);
  expect(found[0]).toBeCloseTo(0.9096783801599551, 10);
  expect(found[1]).toBeCloseTo(0.14040798810098254, 10);
});

test('weights that made the outcomes are found again, and those of noise stay near 0', () => {
  const random = randomOf(5);
  const samples = Array.from({ length: 20_000 }, (): Sample => {
    const features = [random() * 4 - 2, random() * 4 - 2, random() * 4 - 2];
    const [first = 0, second = 0] = features;
    const offset = logit(0.45);
    const outcome = random() < logistic(offset + 0.6 * first - 0.3 * second) ? 1 : 0;
    return { features, offset, outcome, weight: 1 };
  });
  const [first, second, noise] = fitWeights(samples, 3, 25);
  expect(first).toBeCloseTo(0.6, 1);
  expect(second).toBeCloseTo(-0.3, 1);
  expect(Math.abs(noise ?? NaN)).toBeLessThan(0.03);
});

test('outcomes without any doubt give finite weights', () => {
  const samples = Array.from({ length: 2_000 }, (_, index): Sample => {
    const value = (index % 200) / 100 - 1;
    return { features: [value, -value], offset: 0, outcome: value > 0 ? 1 : 0, weight: 1 };
  });
  const [first = NaN, second = NaN] = fitWeights(samples, 2, 0.01);
  expect(Number.isFinite(first) && first > 3).toBe(true);
  expect(second).toBeCloseTo(-first, 8);
});
