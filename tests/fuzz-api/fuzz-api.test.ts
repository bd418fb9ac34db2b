import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '#support/running-worker.ts';
import { fuzz } from './fuzz.ts';

/** Thousands more: `npm run fuzz:api`. */
const cases = 1_000;
const timeLimitMs = 240_000;

let worker: RunningWorker;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.close());

describe('requests made from the description of the API', () => {
  it(
    'whatever they hold, are answered as the description says: no 5xx, no code or shape of its own, nothing from inside',
    async () => {
      const figures = await fuzz({ url: worker.url, cases, seed: 20_261_123 });
      expect(figures.operations).toBeGreaterThanOrEqual(60);
      expect(figures.succeeded).toBeGreaterThan(20);
    },
    timeLimitMs,
  );
});
