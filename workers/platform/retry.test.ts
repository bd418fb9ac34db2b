import { describe, expect, it } from 'vitest';
import { Breaker, BreakerOpenError } from './breaker.ts';
import { backoffMs, retry, TimeoutError, withTimeout } from './retry.ts';

const policy = { attemptsMax: 3, attemptTimeoutMs: 50, retryDelayMsMin: 1, retryDelayMsMax: 4 };

describe('retry', () => {
  it('answers the first success and does not call again', async () => {
    let calls = 0;
    const value = await retry(async () => {
      calls += 1;
      if (calls < 2) throw new Error('not yet');
      return 'value';
    }, policy);
    expect({ value, calls }).toEqual({ value: 'value', calls: 2 });
  });

  it('calls at most attemptsMax times and throws the last failure', async () => {
    let calls = 0;
    const failing = retry(async (_signal, attempt) => {
      calls += 1;
      throw new Error(`failure ${attempt}`);
    }, policy);
    await expect(failing).rejects.toThrow('failure 3');
    expect(calls).toBe(3);
  });

  it('does not repeat a failure that will not change', async () => {
    let calls = 0;
    const failing = retry(
      async () => {
        calls += 1;
        throw new RangeError('refused');
      },
      policy,
      { isRetryable: (error) => !(error instanceof RangeError) },
    );
    await expect(failing).rejects.toThrow('refused');
    expect(calls).toBe(1);
  });

  it('settles at the time limit even when the operation ignores its signal, and aborts the signal', async () => {
    let aborted = false;
    const hanging = withTimeout((signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise<never>(() => undefined);
    }, 20);
    await expect(hanging).rejects.toBeInstanceOf(TimeoutError);
    expect(aborted).toBe(true);
  });

  it('says that the time is over where the operation fails by the abort alone', async () => {
    const obedient = withTimeout(
      (signal) =>
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
      20,
    );
    await expect(obedient).rejects.toBeInstanceOf(TimeoutError);
  });

  it('ends at the deadline of the whole call, in the middle of a try or of a delay', async () => {
    const startedAtMs = Date.now();
    const hanging = retry(() => new Promise<never>(() => undefined), {
      ...policy,
      attemptTimeoutMs: 10_000,
      deadlineMs: 50,
    });
    await expect(hanging).rejects.toBeInstanceOf(TimeoutError);
    const delayed = retry(() => Promise.reject(new Error('down')), {
      ...policy,
      retryDelayMsMin: 60_000,
      retryDelayMsMax: 60_000,
      deadlineMs: 50,
    });
    await expect(delayed).rejects.toBeInstanceOf(TimeoutError);
    expect(Date.now() - startedAtMs).toBeLessThan(5_000);
  });

  it('stops when it is ended from outside, with the reason of that', async () => {
    const stop = new AbortController();
    let calls = 0;
    const running = retry(
      () => {
        calls += 1;
        return new Promise<never>(() => undefined);
      },
      { ...policy, attemptTimeoutMs: 10_000 },
      { signal: stop.signal },
    );
    stop.abort(new RangeError('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect(calls).toBe(1);
  });

  it('counts each try at the breaker, and ends with it', async () => {
    const breaker = new Breaker({ name: 'part', failuresMax: 2 });
    let calls = 0;
    const failing = retry(
      async () => {
        calls += 1;
        throw new Error('down');
      },
      policy,
      { breaker },
    );
    await expect(failing).rejects.toBeInstanceOf(BreakerOpenError);
    expect([calls, breaker.state]).toEqual([2, 'open']);
  });

  it('keeps the delay below the doubled range and below its upper bound', () => {
    const bounds = { retryDelayMsMin: 100, retryDelayMsMax: 1_000 };
    const longest = [1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, bounds, () => 0.999_999));
    expect(longest).toEqual([99, 199, 399, 799, 999, 999]);
    expect(backoffMs(5, bounds, () => 0)).toBe(0);
  });
});
