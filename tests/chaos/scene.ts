import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountChannel } from './account-channel.ts';
import type { ChaosExchange } from './stack/exchange.ts';
import type { Trader } from './trader.ts';

/** One case: a trader, who listens to his channel, at an exchange that something will happen to. */
export interface Scene {
  readonly exchange: ChaosExchange;
  readonly trader: Trader;
  readonly channel: AccountChannel;
  /** Its orders may end rejected, without effect, where the fault outlasts them. */
  readonly mayReject: boolean;
  /** Resolves when the disturbance has come to its point: what must come after it waits for it. */
  untilReached(): Promise<void>;
}

const pauseMs = 250;
const sweepEveryMs = 5_000;
const settledMsMax = 90_000;

/**
 * Waits until nothing is said against it any more, with the sweep as the only help. `findings` names what disagrees; empty: all agree.
 * @throws with the last findings when they do not end.
 */
export async function untilAgreed(
  { worker }: ChaosExchange,
  findings: () => Promise<readonly string[]>,
): Promise<void> {
  const deadline = Date.now() + settledMsMax;
  let sweptAt = Date.now();
  for (;;) {
    const found = await findings().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    if (found.length === 0) return;
    if (Date.now() > deadline) throw new Error(`after ${settledMsMax / 1_000} s: ${found.join('; ')}`);
    if (Date.now() - sweptAt > sweepEveryMs) {
      sweptAt = Date.now();
      await worker.sweep();
    }
    await sleep(pauseMs);
  }
}

/** `[what]` where two values differ, nothing where they are the same. */
export function differs(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what} is ${String(found)}, not ${String(wanted)}`];
}
