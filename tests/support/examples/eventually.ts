import { setTimeout as sleep } from 'node:timers/promises';

const waitMsMax = 60_000;
const pollMs = 200;

/** Asks until there is an answer. @throws when there is none in time */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + waitMsMax;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error('nothing came in time');
    await sleep(pollMs);
  }
}
