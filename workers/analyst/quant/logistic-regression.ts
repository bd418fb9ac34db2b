/** Logistic regression with a ridge penalty: weights near 0 unless the past speaks for more. */
import { clamp, logistic } from './statistics.ts';

/** One case of the past. */
export interface Sample {
  readonly features: readonly number[];
  /** What is known without the features, as a logit: the weights only explain what differs from it. */
  readonly offset: number;
  /** 1: the price was higher after the horizon. */
  readonly outcome: 0 | 1;
  /** How much the case counts; cases that share most of their horizon count as a part of one. */
  readonly weight: number;
}

/** Steps of Newton's method at most; it ends in 4 to 6. */
const stepsMax = 50;
/** How far one step moves a weight at most: a full step can overshoot where the cases leave no doubt. */
const stepSizeMax = 1;
const tolerance = 1e-9;

/**
 * Weights that maximise Σ weight · log-likelihood − penalty/2 · Σ w²: the middle of what is believed of weights that are normal with
 * variance 1/penalty before the past is looked at (Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992). Newton's method; the
 * penalised likelihood is concave, so there is one answer.
 */
export function fitWeights(samples: readonly Sample[], featureCount: number, penalty: number): number[] {
  let weights = new Array<number>(featureCount).fill(0);
  for (let step = 0; step < stepsMax; step++) {
    const { gradient, hessian } = derivatives(samples, weights, penalty);
    const change = solve(hessian, gradient).map((value) => clamp(value, -stepSizeMax, stepSizeMax));
    weights = weights.map((weight, index) => weight + (change[index] ?? 0));
    if (Math.max(...change.map(Math.abs)) < tolerance) break;
  }
  return weights;
}

/** What weights make of the features of a case. */
export function scoreOf(weights: readonly number[], features: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += (weights[index] ?? 0) * (features[index] ?? 0);
  return sum;
}

function derivatives(samples: readonly Sample[], weights: readonly number[], penalty: number) {
  const gradient = weights.map((weight) => -penalty * weight);
  const hessian = weights.map((_, row) => weights.map((__, column) => (row === column ? penalty : 0)));
  // Counted loops: this runs over thousands of cases for every answer.
  for (const { features, offset, outcome, weight } of samples) {
    const probability = logistic(offset + scoreOf(weights, features));
    const [error, curvature] = [weight * (outcome - probability), weight * probability * (1 - probability)];
    for (let row = 0; row < weights.length; row++) {
      const value = features[row] ?? 0;
      gradient[row] = (gradient[row] ?? 0) + error * value;
      const line = hessian[row] ?? [];
      for (let column = 0; column < weights.length; column++)
        line[column] = (line[column] ?? 0) + curvature * value * (features[column] ?? 0);
    }
  }
  return { gradient, hessian };
}

/** Solves A·x = b for a symmetric positive definite A by Cholesky's decomposition. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const lower = right.map(() => new Array<number>(size).fill(0));
  const at = (row: number, column: number): number => lower[row]?.[column] ?? 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row]?.[column] ?? 0;
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k);
      (lower[row] ?? [])[column] = row === column ? Math.sqrt(sum) : sum / at(column, column);
    }
  const forward: number[] = [];
  for (let row = 0; row < size; row++) {
    let sum = right[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= at(row, k) * (forward[k] ?? 0);
    forward.push(sum / at(row, row));
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let sum = forward[row] ?? 0;
    for (let k = row + 1; k < size; k++) sum -= at(k, row) * (solution[k] ?? 0);
    solution[row] = sum / at(row, row);
  }
  return solution;
}
