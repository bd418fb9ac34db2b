import type { RequestOptions } from '../http.ts';

export interface ListOptions {
  readonly limit?: number;
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

/** A market order's answer waits up to 3 s for its execution. */
export const orderTimeoutMs = 15_000;
/** Building, co-signing and landing a transaction. */
export const chainTimeoutMs = 30_000;

/** Key of one intent: repeated requests with the same key and body have one effect. */
export const newIdempotencyKey = (): string => crypto.randomUUID();

export const withSignal = (signal: AbortSignal | undefined): RequestOptions => (signal === undefined ? {} : { signal });

/** A read of the trader's own. */
export const own = (signal?: AbortSignal): RequestOptions => ({ auth: true, ...withSignal(signal) });

export const listRequest = (options: ListOptions, query: RequestOptions['query'] = {}): RequestOptions => ({
  auth: true,
  query: { ...query, limit: options.limit, cursor: options.cursor },
  ...withSignal(options.signal),
});

/** A value's place in a path, which it cannot leave. */
export const segment = (id: string): string => encodeURIComponent(id);
