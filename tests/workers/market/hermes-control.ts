import { inject } from 'vitest';

/** Tells the running Hermes replay how to behave; see its control endpoint. */
export async function controlHermes(command: Record<string, unknown>): Promise<void> {
  const response = await fetch(inject('stackControls').hermes, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!response.ok) throw new Error(`the replay refused: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
}

/** Everything back to the tape, without faults. */
export const resetHermes = (): Promise<void> => controlHermes({ reset: true, mode: 'ok', stale: false });

/** How long a condition may take that a busy machine brings about; no test is faster for it being short. */
const patienceMs = 45_000;

/** Waits until `condition` gives something, at most `timeoutMs`; then it fails with `what`. */
export async function until<T>(
  what: string,
  condition: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = patienceMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
