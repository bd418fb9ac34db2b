import type { Hono } from 'hono';
import * as z from 'zod';
import type { ErrorCode } from '#shared/protocol/error-codes.ts';
import { idempotencyKeyLengthMax } from '#shared/protocol/common.ts';
import { writeJson } from '#shared/protocol/wire.ts';
import type { CommandMeta } from '../account/contract.ts';
import type { Session } from '../account/access-token.ts';
import { bodyHash, readBody } from './body.ts';
import type { ApiContext, ApiEnv, Services } from './context.ts';
import { refused } from './errors.ts';
import { authenticate, type AuthClass, requireStanding } from './middleware/authenticate.ts';
import { limitRate } from './middleware/rate-limit.ts';
import type { RateClass } from './rate-class.ts';
import { readQuery } from './query.ts';
import { requireStepUp } from './step-up.ts';
import { validate } from './validation.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One operation of the API: what it takes, what it answers, what it may refuse, and the code that does it. The router, the validation and
 * `/openapi.json` all read this one description.
 */
export interface OperationDefinition<
  Auth extends AuthClass,
  Params extends z.ZodType | undefined,
  Query extends z.ZodObject | undefined,
  Body extends z.ZodType | undefined,
  Answer extends z.ZodType | undefined,
> {
  readonly method: Method;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly tag:
    | 'Authentication'
    | 'Users'
    | 'Market Data'
    | 'Trading'
    | 'Portfolio'
    | 'Pool'
    | 'Risk'
    | 'Assistant'
    | 'Administration'
    | 'System';
  readonly summary: string;
  readonly auth: Auth;
  /** Needs a fresh signature of the wallet over this very request (`X-Step-Up`): method, path and body. Such an operation takes no query. */
  readonly stepUp?: boolean;
  /** Which limit counts it. */
  readonly rate: RateClass;
  /** Accepts an `Idempotency-Key`. */
  readonly idempotent?: boolean;
  readonly params?: Params;
  /** Every parameter it takes: any other one is refused. */
  readonly query?: Query;
  /** Parameters that may be repeated, read like one with commas. */
  readonly lists?: readonly string[];
  readonly body?: Body;
  /** Status of success. */
  readonly status: 200 | 201 | 204;
  readonly answer?: Answer;
  /** Answers text that is read as it is written, instead of JSON: the handler gives a stream of bytes (`textStreamSchema`). */
  readonly media?: 'application/json' | 'text/csv' | 'text/event-stream';
  /** Sends `X-Next-Cursor`. */
  readonly paged?: boolean;
  /** Refusals a caller should expect, besides those every operation shares. */
  readonly refusals: readonly ErrorCode[];
  readonly handle: (input: {
    readonly params: Params extends z.ZodType ? z.output<Params> : undefined;
    readonly query: Query extends z.ZodType ? z.output<Query> : undefined;
    readonly body: Body extends z.ZodType ? z.output<Body> : undefined;
    readonly session: Auth extends 'none' ? null : Session;
    readonly meta: CommandMeta;
    readonly services: Services;
    readonly context: ApiContext;
  }) => Promise<Answer extends z.ZodType ? z.output<Answer> : void>;
}

/** An operation whose types the router need not know. */
export interface Operation extends Pick<
  OperationDefinition<AuthClass, undefined, undefined, undefined, undefined>,
  | 'method'
  | 'path'
  | 'tag'
  | 'summary'
  | 'auth'
  | 'stepUp'
  | 'rate'
  | 'idempotent'
  | 'status'
  | 'media'
  | 'paged'
  | 'lists'
  | 'refusals'
> {
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType | undefined;
  readonly respond: (context: ApiContext) => Promise<Response>;
}

/** Describes an operation; types of the handler follow from the schemas. */
export function defineOperation<
  const Auth extends AuthClass,
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Answer extends z.ZodType | undefined = undefined,
>(definition: OperationDefinition<Auth, Params, Query, Body, Answer>): Operation {
  type Input = Parameters<typeof definition.handle>[0];
  const { params, query, body, answer } = definition;
  const counted = { operation: `${definition.method} ${definition.path}`, rate: definition.rate };
  return {
    ...definition,
    params,
    query,
    body,
    answer,
    respond: async (context) => {
      context.set('counted', counted);
      const services = context.get('services');
      const session = definition.auth === 'none' ? null : await authenticate(context, definition.auth);
      await limitRate(context, definition.rate, session);
      if (session !== null && asksIfStanding(definition)) await requireStanding(context, session);
      const input = await readInput(context, { ...definition, params, query, body });
      // Last: a request that does not fit its schema costs no signature.
      if (definition.stepUp === true && session !== null) await requireStepUp(context, session, input.meta.bodyHash);
      // Before the handler, which may say otherwise (readiness).
      context.status(definition.status);
      const value = await definition.handle({ ...input, session, services, context } as Input);
      return definition.media === undefined
        ? answerWith(context, answer, value)
        : answerText(context, definition.media, value);
    },
  };
}

/** An ended session changes nothing and sees nothing of the operators'; what it may read lasts as long as its token. Trading limits ask as well. */
const asksIfStanding = ({ method, auth, rate }: Pick<Operation, 'method' | 'auth' | 'rate'>): boolean =>
  rate !== 'trading' && (method !== 'GET' || auth === 'admin');

async function readInput(
  context: ApiContext,
  {
    params,
    body,
    method,
    idempotent,
    ...form
  }: Pick<Operation, 'params' | 'query' | 'lists' | 'path' | 'body' | 'method' | 'idempotent'>,
) {
  const sent = readQuery(context.req.queries(), form);
  const values = {
    params: params === undefined ? undefined : validate(params, context.req.param(), 'path'),
    query: form.query === undefined ? undefined : validate(form.query, sent, 'query'),
    body: body === undefined ? undefined : validate(body, await readBody(context.req.raw), 'body'),
  };
  const meta: CommandMeta = {
    requestId: context.get('requestId'),
    idempotencyKey: idempotent === true ? idempotencyKeyOf(context) : null,
    bodyHash:
      method === 'GET' ? '' : await bodyHash(method, context.req.path, { query: values.query, body: values.body }),
  };
  return { ...values, meta };
}

/** @throws RefusedError VALIDATION_007. */
function idempotencyKeyOf(context: ApiContext): string | null {
  const key = context.req.header('idempotency-key');
  if (key === undefined) return null;
  if (key.length === 0 || key.length > idempotencyKeyLengthMax || !/^[\x21-\x7e]+$/.test(key)) {
    const message = `Idempotency-Key takes 1 to ${idempotencyKeyLengthMax} printable ASCII characters without spaces.`;
    throw refused('VALIDATION_007', message);
  }
  return key;
}

function answerWith(context: ApiContext, schema: z.ZodType | undefined, value: unknown): Response {
  if (schema === undefined) return context.body(null);
  context.header('content-type', 'application/json');
  return context.body(writeJson(schema, value));
}

/** What an operation with a `media` answers. */
export const textStreamSchema = z.custom<ReadableStream<Uint8Array>>((value) => value instanceof ReadableStream);

function answerText(context: ApiContext, media: string, value: unknown): Response {
  context.header('content-type', `${media}; charset=utf-8`);
  return context.body(textStreamSchema.parse(value));
}

/** Puts operations on a router. */
export function registerOperations(app: Hono<ApiEnv>, operations: readonly Operation[]): void {
  for (const operation of operations) {
    app.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ':$1'), (context) => operation.respond(context));
  }
}
