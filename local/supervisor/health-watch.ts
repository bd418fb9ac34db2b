import { setTimeout as sleep } from 'node:timers/promises';

/**
 * When a silent part counts as hung: after this time from the first doubt on, and at least so many failed probes after it. The time alone would
 * count what a suspended machine slept; the probes alone would come too fast where connections are refused.
 */
interface Patience {
  readonly silenceMsMin: number;
  readonly failuresMin: number;
}

/** Times of a watch, milliseconds. */
export const healthBounds = {
  /** Between two looks while all is well … */
  probeEveryMs: 5_000,
  /** … and from the first doubt on. */
  closeProbeEveryMs: 1_000,
  answerMsMax: 3_000,
  /** Where something else said that the part is in trouble: a reload takes less. */
  toldOf: { silenceMsMin: 8_000, failuresMin: 3 } as Patience,
  /** Where only probes failed: a machine that is busy for a while takes less. */
  unexplained: { silenceMsMin: 30_000, failuresMin: 8 } as Patience,
};

export interface HealthWatch {
  /** Looks closely from now on, until an answer comes: something else says that the part is in trouble. */
  doubt(): void;
  end(): void;
}

/** What speaks against a part since its last answer. */
interface Doubt {
  readonly sinceMs: number;
  readonly patience: Patience;
  readonly failures: number;
}

/**
 * Watches a part that lives but may no longer answer (wrangler survives some deaths of its runtime, and says so without mending them). Calls
 * `onHung` when it stays silent from the first doubt (a failed probe, or `doubt`) on, then starts counting anew.
 *
 * @param nowMs a clock that only ever goes forward.
 */
export function watchHealth(
  url: string,
  onHung: () => void,
  bounds = healthBounds,
  nowMs = () => performance.now(),
): HealthWatch {
  const ended = new AbortController();
  let current: Doubt | null = null;
  let wake = new AbortController();
  const doubt = (): void => {
    if (current?.patience === bounds.toldOf) return;
    current = { sinceMs: nowMs(), patience: bounds.toldOf, failures: 0 };
    wake.abort();
  };
  const isHung = ({ sinceMs, patience, failures }: Doubt): boolean =>
    failures >= patience.failuresMin && nowMs() - sinceMs >= patience.silenceMsMin;
  void (async () => {
    while (!ended.signal.aborted) {
      const everyMs = current === null ? bounds.probeEveryMs : bounds.closeProbeEveryMs;
      wake = new AbortController();
      await sleep(everyMs, undefined, { signal: AbortSignal.any([ended.signal, wake.signal]) }).catch(() => undefined);
      if (ended.signal.aborted) return;
      const before: Doubt | null = current;
      const askedMs = nowMs();
      const answered = await answers(url, bounds.answerMsMax);
      // A doubt that came after the question is neither settled nor strengthened by its answer.
      if (current !== before) continue;
      if (answered) current = null;
      else {
        const known: Doubt = before ?? { sinceMs: askedMs, patience: bounds.unexplained, failures: 0 };
        current = { ...known, failures: known.failures + 1 };
        if (!isHung(current)) continue;
        current = null;
        onHung();
      }
    }
  })();
  return { doubt, end: () => ended.abort() };
}

async function answers(url: string, answerMsMax: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
