import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 100;
const answerMsMax = 2_000;

/** Resolves once the address answers with a 2xx; rejects with the signal's reason. */
export async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]) }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** True for the one JSON line that our own servers print when they are ready. */
export const isReadyLine = (line: string): boolean => line.startsWith('{') && line.includes('"ready":true');
