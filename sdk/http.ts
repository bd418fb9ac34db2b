import * as z from 'zod';

import { fullJitterMs, sleep } from './backoff.ts';
import { ApiError, errorFromAnswer } from './errors.ts';
import { ServerSentEvents } from './sse.ts';

/** Times and counts that bound a request. */
export const httpBounds = {
  requestTimeoutMs: 10_000,
  /** Without a word of a streamed answer. */
  silenceMsMax: 90_000,
  /** Further attempts of what may be repeated: a read, or a command under its idempotency key. */
  retriesMax: 2,
  retryDelayMsBase: 200,
  retryDelayMsMax: 2_000,
  /** A longer `Retry-After` is the caller's business. */
  retryAfterMsMax: 5_000,
  answerBytesMax: 8 * 1024 * 1024,
} as const;

export type QueryValue = string | number | boolean | readonly string[] | undefined;

export interface RequestOptions {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  /** Sends the access token. */
  readonly auth?: boolean;
  /** Sent with every attempt: the same key and body have one effect, so that a lost answer may be asked for again. */
  readonly idempotencyKey?: string;
  /** Has no effect worth counting: may be repeated without a key. */
  readonly repeatable?: boolean;
  /** Confirms this one operation. */
  readonly stepUpToken?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface Page<T> {
  readonly items: T[];
  /** Opaque; undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface HttpOptions {
  /** Empty for the same origin, as in a browser. */
  readonly baseUrl: string;
  /** Reads an answer without losing digits. */
  readonly parse: (text: string) => unknown;
  /** Writes a body; exact decimals stay numbers on the wire. */
  readonly stringify: (value: unknown) => string;
  readonly accessToken?: () => string | undefined;
  /** Called once after AUTH_002; true when a new token is there. */
  readonly refresh?: () => Promise<boolean>;
  /** Called with a token that the exchange refused because its session was ended (AUTH_010). */
  readonly onSessionEnded?: (token: string) => void;
  readonly fetch?: typeof fetch;
  readonly random?: () => number;
  readonly bounds?: Partial<{ [K in keyof typeof httpBounds]: number }>;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Answer {
  readonly body: unknown;
  readonly headers: Headers;
}

/** Seconds or an HTTP date → milliseconds from now. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function queryText(query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** One place that talks HTTP: deadlines, the error shape, bounded retries of what may be repeated, and one token refresh. */
export class HttpClient {
  readonly #options: HttpOptions;
  readonly #bounds: { [K in keyof typeof httpBounds]: number };
  readonly #fetch: typeof fetch;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#bounds = { ...httpBounds, ...options.bounds };
    this.#fetch = options.fetch ?? ((...parameters) => fetch(...parameters));
  }

  /** The answer, checked and decoded by its schema. @throws ApiError */
  async request<S extends z.ZodType>(
    method: HttpMethod,
    path: string,
    schema: S,
    options: RequestOptions = {},
  ): Promise<z.output<S>> {
    return decodeAnswer(schema, (await this.#send(method, path, options)).body);
  }

  /** A list and the cursor of its next page. @throws ApiError */
  async page<S extends z.ZodType>(path: string, schema: S, options: RequestOptions = {}): Promise<Page<z.output<S>>> {
    const { body, headers } = await this.#send('GET', path, options);
    return { items: decodeAnswer(z.array(schema), body), nextCursor: headers.get('x-next-cursor') ?? undefined };
  }

  /** An answer that is no JSON, as it is. @throws ApiError */
  async text(path: string, options: RequestOptions = {}): Promise<string> {
    const { body } = await this.#send('GET', path, options, (text) => text);
    return String(body);
  }

  /**
   * The events of a streamed answer, each checked by the schema of its name; one without a schema is left out, as a newer exchange may send.
   * Never repeated. Leaving the loop ends the request. @throws ApiError
   */
  async *events<Schemas extends Readonly<Record<string, z.ZodType>>>(
    path: string,
    schemas: Schemas,
    options: RequestOptions = {},
  ): AsyncGenerator<{ readonly type: string; readonly data: unknown }, void> {
    const left = new AbortController();
    const signal = options.signal === undefined ? left.signal : AbortSignal.any([left.signal, options.signal]);
    try {
      const body = await this.#openStream(path, { ...options, signal });
      const events = new ServerSentEvents();
      for await (const text of this.#texts(body, options.signal)) {
        for (const { event, data } of events.push(text)) {
          const schema = schemas[event];
          if (schema !== undefined) yield { type: event, data: decodeAnswer(schema, this.#options.parse(data)) };
        }
      }
    } finally {
      left.abort();
    }
  }

  /** The body of a streamed answer, once it begins. */
  async #openStream(path: string, options: RequestOptions): Promise<ReadableStream<Uint8Array>> {
    for (let refreshed = false; ; refreshed = true) {
      const token = options.auth === true ? this.#options.accessToken?.() : undefined;
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), this.#bounds.silenceMsMax);
      try {
        const headers = this.#headers(options, token);
        headers.set('accept', 'text/event-stream');
        const url = `${this.#options.baseUrl}${path}`;
        const signal =
          options.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, options.signal]);
        const response = await this.#fetch(url, {
          ...{ method: 'POST', headers, signal },
          body: this.#options.stringify(options.body),
        }).catch((cause: unknown) => {
          throw connectionError(cause, deadline.signal, options.signal);
        });
        if (response.ok && response.body !== null) return response.body;
        this.#read(response, await response.text(), this.#options.parse);
        throw badAnswer(response.status);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 'AUTH_010' && token !== undefined) this.#options.onSessionEnded?.(token);
        if (error.code !== 'AUTH_002' || refreshed || !(await this.#options.refresh?.())) throw error;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  /** The text of a stream as it comes. @throws ApiError where it breaks off, or nothing comes for too long. */
  async *#texts(body: ReadableStream<Uint8Array>, caller: AbortSignal | undefined): AsyncGenerator<string, void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const silence = new AbortController();
    try {
      for (;;) {
        const timer = setTimeout(() => {
          silence.abort();
          void reader.cancel().catch(() => undefined);
        }, this.#bounds.silenceMsMax);
        const next = await reader.read().finally(() => clearTimeout(timer));
        if (silence.signal.aborted) throw new Error('nothing came');
        if (next.done) return;
        yield decoder.decode(next.value, { stream: true });
      }
    } catch (cause) {
      throw connectionError(cause, silence.signal, caller);
    }
  }

  async #send(
    method: HttpMethod,
    path: string,
    options: RequestOptions,
    parse: HttpOptions['parse'] = this.#options.parse,
  ): Promise<Answer> {
    const isRepeatable = method === 'GET' || options.repeatable === true || options.idempotencyKey !== undefined;
    let refreshed = false;
    for (let attempt = 0; ;) {
      const token = options.auth === true ? this.#options.accessToken?.() : undefined;
      try {
        return await this.#attempt(method, path, options, token, parse);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 'AUTH_010' && token !== undefined) this.#options.onSessionEnded?.(token);
        if (error.code === 'AUTH_002' && !refreshed && options.auth === true && (await this.#options.refresh?.())) {
          refreshed = true;
          continue;
        }
        if (!isRepeatable || !error.retryable || attempt >= this.#bounds.retriesMax) throw error;
        if ((error.retryAfterMs ?? 0) > this.#bounds.retryAfterMsMax) throw error;
        await sleep(this.#delayMs(attempt, error), options.signal);
        attempt += 1;
      }
    }
  }

  #delayMs(attempt: number, error: ApiError): number {
    const { retryDelayMsBase: delayMsBase, retryDelayMsMax: delayMsMax } = this.#bounds;
    return (error.retryAfterMs ?? 0) + fullJitterMs(attempt, { delayMsBase, delayMsMax }, this.#options.random);
  }

  async #attempt(
    method: HttpMethod,
    path: string,
    options: RequestOptions,
    token: string | undefined,
    parse: HttpOptions['parse'],
  ): Promise<Answer> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? this.#bounds.requestTimeoutMs);
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
    const url = `${this.#options.baseUrl}${path}${queryText(options.query)}`;
    const init: RequestInit = { method, headers: this.#headers(options, token), signal };
    if (options.body !== undefined) init.body = this.#options.stringify(options.body);
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(url, init);
      text = await response.text();
    } catch (cause) {
      throw connectionError(cause, deadline, options.signal);
    }
    return this.#read(response, text, parse);
  }

  #headers(options: RequestOptions, token: string | undefined): Headers {
    const headers = new Headers({ accept: 'application/json' });
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
    if (options.stepUpToken !== undefined) headers.set('x-step-up', options.stepUpToken);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    return headers;
  }

  #read(response: Response, text: string, parse: HttpOptions['parse']): Answer {
    if (text.length > this.#bounds.answerBytesMax) throw badAnswer(response.status);
    let body: unknown;
    try {
      body = text === '' ? undefined : (response.ok ? parse : this.#options.parse)(text);
    } catch {
      if (response.ok) throw badAnswer(response.status);
    }
    if (!response.ok) throw errorFromAnswer(response.status, body, readRetryAfter(response.headers.get('retry-after')));
    return { body, headers: response.headers };
  }
}

function decodeAnswer<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = z.safeDecode(schema, body as z.input<S>);
  if (!result.success) throw badAnswer(200, result.error);
  return result.data;
}

function badAnswer(status: number, cause?: unknown): ApiError {
  const message = 'The exchange sent an answer that cannot be read.';
  return new ApiError({ status, code: 'CLIENT_BAD_ANSWER', message, retryable: false }, { cause });
}

function connectionError(cause: unknown, deadline: AbortSignal, caller: AbortSignal | undefined): ApiError {
  if (caller?.aborted) {
    return new ApiError(
      { status: 0, code: 'CLIENT_ABORTED', message: 'The request was cancelled.', retryable: false },
      { cause },
    );
  }
  if (deadline.aborted) {
    return new ApiError(
      { status: 0, code: 'CLIENT_TIMEOUT', message: 'The exchange did not answer in time.', retryable: true },
      { cause },
    );
  }
  return new ApiError(
    {
      status: 0,
      code: 'CLIENT_NETWORK',
      message: 'The exchange cannot be reached. Check the connection.',
      retryable: true,
    },
    { cause },
  );
}
