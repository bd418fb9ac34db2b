import { logProblem } from './output.ts';

const everyMs = 60_000;
const answerMsMax = 30_000;

/**
 * Plays the cron trigger: `wrangler dev` has the handler but nothing that calls it.
 * @returns a function that ends it.
 */
export function startCron(workerUrl: string): () => void {
  const timer = setInterval(() => void tick(workerUrl), everyMs);
  return () => clearInterval(timer);
}

async function tick(workerUrl: string): Promise<void> {
  try {
    const answer = await fetch(`${workerUrl}/cdn-cgi/local/scheduled`, { signal: AbortSignal.timeout(answerMsMax) });
    await answer.arrayBuffer();
    if (!answer.ok) logProblem(`cron: the worker answered ${answer.status}`);
  } catch (error) {
    logProblem(`cron: ${error instanceof Error ? error.message : String(error)}`);
  }
}
