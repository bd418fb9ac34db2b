import { setTimeout as sleep } from 'node:timers/promises';

/** One call to something outside may take so long. */
export const callTimeoutMs = 10_000;
const pauseMsBase = 500;
const pauseMsMax = 4_000;

/**
 * Does something again when it fails, with growing pauses.
 * @throws what the last attempt threw.
 */
export async function attempt<T>(attemptsMax: number, work: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await work();
    } catch (error) {
      if (made >= attemptsMax) throw error;
      await sleep(Math.random() * Math.min(pauseMsMax, pauseMsBase * 2 ** made));
    }
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
