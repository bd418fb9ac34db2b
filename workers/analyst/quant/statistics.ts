/** Functions of statistics that JavaScript lacks. */

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

export const logit = (probability: number): number => Math.log(probability / (1 - probability));

/**
 * Probability that a standard normal variable is at most `z`, to 1e-7 (Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.17).
 */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const polynomial =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z >= 0 ? 1 - tail : tail;
}

const normalQuantile975 = 1.959_963_985;

/**
 * How many standard errors reach as far as 95 % of Student's t with `degrees` ≥ 3 degrees of freedom does, to 1 % (Abramowitz & Stegun,
 * 26.7.5). With few degrees it is far above the normal distribution's 1.96: few samples prove little.
 */
export function studentT975(degrees: number): number {
  const z = normalQuantile975;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const fourth = (79 * z ** 9 + 776 * z ** 7 + 1_482 * z ** 5 - 1_920 * z ** 3 - 945 * z) / 92_160;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3 + fourth / degrees ** 4;
}

/**
 * Pearson's correlation of `count` values of `a` from `fromA` with as many of `b` from `fromB`; 0 where one of them stands still. Counted
 * loops: it runs over windows of every bar.
 */
export function correlation(
  a: readonly number[],
  b: readonly number[],
  { fromA = 0, fromB = 0, count = a.length }: { fromA?: number; fromB?: number; count?: number } = {},
): number {
  let [sumA, sumB] = [0, 0];
  for (let index = 0; index < count; index++) {
    sumA += a[fromA + index] ?? NaN;
    sumB += b[fromB + index] ?? NaN;
  }
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    const da = (a[fromA + index] ?? NaN) - sumA / count;
    const db = (b[fromB + index] ?? NaN) - sumB / count;
    covariance += da * db;
    varianceA += da * da;
    varianceB += db * db;
  }
  return varianceA > 0 && varianceB > 0 ? clamp(covariance / Math.sqrt(varianceA * varianceB), -1, 1) : 0;
}
