import { setTimeout as sleep } from 'node:timers/promises';

const probeEveryMs = 5_000;
const probeAnswerMsMax = 10_000;
/** Failures in a row after which a part counts as hung: a reload or a busy machine takes less. */
const failuresMax = 4;

/**
 * Watches a part that lives but may no longer answer (wrangler survives some deaths of its runtime). Calls `onHung` after
 * several failed probes in a row, then starts counting anew.
 * @returns a function that ends the watch.
 */
export function watchHealth(url: string, onHung: () => void, everyMs = probeEveryMs): () => void {
  const ended = new AbortController();
  void (async () => {
    let failures = 0;
    while (!ended.signal.aborted) {
      await sleep(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      failures = (await answers(url)) ? 0 : failures + 1;
      if (failures < failuresMax) continue;
      failures = 0;
      onHung();
    }
  })();
  return () => ended.abort();
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(probeAnswerMsMax) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
