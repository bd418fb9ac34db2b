import { systemClock } from '../../platform/clock.ts';
import { TimeoutError, withTimeout } from '../../platform/retry.ts';
import type { ModelBounds } from './bounds.ts';
import { failureOfStatus, ProviderFailure } from './provider-failure.ts';

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A `fetch` for one call of one model, and why it failed: the clients above wrap what they are thrown, or swallow it. */
export interface ProviderFetch {
  readonly fetch: Fetch;
  /** The first failure of the transport; null as long as there was none. */
  failure(): ProviderFailure | null;
}

/**
 * Asks a provider within bounds: headers in time, then never silent for long, and not more than so many bytes. A redirect is a refusal, for a key must
 * not travel to where the provider points. Without a key none is sent.
 */
export function createProviderFetch(bounds: ModelBounds, hasKey: boolean): ProviderFetch {
  let failure: ProviderFailure | null = null;
  const fail = (found: ProviderFailure): ProviderFailure => (failure ??= found);

  const send: Fetch = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    if (!hasKey) for (const name of ['authorization', 'x-api-key']) headers.delete(name);
    const stop = new AbortController();
    const signal = init.signal instanceof AbortSignal ? AbortSignal.any([init.signal, stop.signal]) : stop.signal;
    let response: Response;
    try {
      const ask = () => fetch(url, { ...init, headers, redirect: 'manual', signal });
      response = await withTimeout(ask, bounds.headersMsMax);
    } catch (error) {
      stop.abort();
      throw fail(new ProviderFailure(error instanceof TimeoutError ? 'timeout' : 'unreachable'));
    }
    if (!response.ok) {
      stop.abort();
      throw fail(failureOfStatus(response.status, response.headers.get('retry-after'), systemClock.nowMs()));
    }
    if (response.body === null) throw fail(new ProviderFailure('broken', response.status));
    const body = boundedBody(response.body, bounds, (found) => {
      stop.abort();
      return fail(found);
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
  return { fetch: send, failure: () => failure };
}

/** The same bytes, until they stay away for too long, break off, or are too many. */
function boundedBody(
  source: ReadableStream<Uint8Array>,
  bounds: ModelBounds,
  fail: (failure: ProviderFailure) => ProviderFailure,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let bytes = 0;
  let isCancelled = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await withTimeout(() => reader.read(), bounds.silenceMsMax);
        if (isCancelled) return;
        if (done) return controller.close();
        bytes += value.byteLength;
        if (bytes > bounds.streamBytesMax) throw new ProviderFailure('too_long');
        controller.enqueue(value);
      } catch (error) {
        if (isCancelled) return;
        const kind = error instanceof TimeoutError ? 'timeout' : 'broken';
        controller.error(fail(error instanceof ProviderFailure ? error : new ProviderFailure(kind)));
      }
    },
    // After the end of its protocol a client reads no further.
    cancel(reason) {
      isCancelled = true;
      return reader.cancel(reason);
    },
  });
}
