/** One line of figures: count, median, 99th percentile and maximum, in milliseconds. */
export function summary(what: string, valuesMs: readonly number[]): string {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const show = (value: number) => `${Math.round(value)} ms`;
  return `${what}: n ${sorted.length}, p50 ${show(at(0.5))}, p99 ${show(at(0.99))}, max ${show(at(1))}`;
}
