import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 100;
/** Long enough for a worker that is still compiling: an aborted request would show there as an error. */
const answerMsMax = 20_000;

/** Resolves once the address answers with a 2xx; rejects with the signal's reason. */
export async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]) }).catch(
      () => null,
    );
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.ok) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** True for the one JSON line that our own servers print when they are ready. */
export const isReadyLine = (line: string): boolean => line.startsWith('{') && line.includes('"ready":true');
