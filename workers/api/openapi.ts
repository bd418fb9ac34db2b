import { errorResponseSchema } from '#shared/protocol/errors.ts';
import { answerExample, parameterExample, requestExample } from './docs/answers.ts';
import { Components } from './docs/components.ts';
import { describedField, type Json } from './docs/describe.ts';
import { curlOf, typescriptOf } from './docs/examples.ts';
import { guides } from './docs/guides/index.ts';
import { operationIdOf, operationKey } from './docs/guide.ts';
import { errorExamples, refusalsByStatus, statusText } from './docs/refusals.ts';
import { tagGuides, tagsInOrder } from './docs/tags.ts';
import type { Operation } from './operation.ts';

/** Version of the contract: its first number changes when a client would break. */
const apiVersion = '1.0.0';

const rateTexts: Readonly<Record<Operation['rate'], string | null>> = {
  trading: 'Counts as a trading command: 100 per minute and trader.',
  data: 'Counts as a read: 1,000 per minute and trader, or address without a sign-in.',
  assistant: 'Counts as a request to the assistant: 30 per minute and trader.',
  'sign-in': 'Counts per address, with everything that needs no sign-in and costs something.',
  none: null,
};

/** The OpenAPI 3.1 description, generated from the schemas that validate. */
export function openApiDocument(operations: readonly Operation[]): Json {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = describe(operation, components);
  }
  const used = new Set(operations.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'QuantDesk Trading API',
      version: apiVersion,
      summary: 'Perpetual futures on Solana.',
      description:
        'Decimals are exact JSON numbers; strings are accepted too. A field or query parameter that an operation does not list, or a parameter given twice, is refused (VALIDATION_001), never ignored; only `symbols` of GET /api/market/prices may be repeated. Errors carry a stable code. The page `/docs` shows all of this with examples, the sockets and every error.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This exchange' }],
    externalDocs: { url: '/docs', description: 'Reference with examples, sockets and errors' },
    tags: tagsInOrder.filter((name) => used.has(name)).map((name) => ({ name, description: tagGuides[name] })),
    paths,
    components: {
      securitySchemes,
      headers: sharedHeaders,
      schemas: components.schemas,
      examples: errorExamples(),
    },
  };
}

const securitySchemes: Json = {
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token of POST /api/auth/login or /api/auth/refresh, 15 minutes.',
  },
  stepUp: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Step-Up',
    description:
      'Token of POST /api/auth/step-up: a fresh signature of the wallet over this one request, its body included, once.',
  },
};

const sharedHeaders: Json = {
  'X-Request-Id': {
    description: "The request's id: yours if you sent one (8 to 64 letters, digits, `-`, `_`), else made here.",
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'What is left of the limit, and seconds until it starts anew.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': { description: 'The limit that counted this request.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds after which a retry makes sense.', schema: { type: 'integer' } },
  'X-Next-Cursor': { description: 'Cursor of the next page; absent on the last.', schema: { type: 'string' } },
};

const headers = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

function describe(operation: Operation, components: Components): Json {
  const guide = guides[operationKey(operation)];
  const description = [guide?.description, rateTexts[operation.rate]].filter((text) => typeof text === 'string');
  return {
    operationId: operationIdOf(operation),
    tags: [operation.tag],
    summary: operation.summary,
    description: description.join('\n\n'),
    security: securityOf(operation),
    ...optional('parameters', parametersOf(operation, components)),
    ...requestBodyOf(operation, components),
    responses: { [operation.status]: successOf(operation, components), ...refusalsOf(operation, components) },
    ...optional('x-codeSamples', codeSamplesOf(operation)),
  };
}

/** What is written as it comes: a stream of events is no one text, and its events are in the guide. */
const textSchemas: Readonly<Record<NonNullable<Operation['media']>, Json>> = {
  'application/json': { type: 'object' },
  'text/csv': { type: 'string' },
  'text/event-stream': {},
};

const optional = (name: string, list: readonly unknown[]): Json => (list.length === 0 ? {} : { [name]: list });

function securityOf({ auth, stepUp }: Operation): Json[] {
  if (auth === 'none') return [];
  return [{ bearerAuth: [], ...(stepUp === true ? { stepUp: [] } : {}) }];
}

function requestBodyOf(operation: Operation, components: Components): Json {
  if (operation.body === undefined) return {};
  const schema = components.schemaOf(operation.body, 'input');
  return {
    requestBody: {
      // Where every field is optional, a request without a body asks for nothing.
      required: !operation.body.safeParse({}).success,
      content: { 'application/json': { schema, ...requestExample(operation) } },
    },
  };
}

/** The forms that documentation tools look for. */
function codeSamplesOf(operation: Operation): Json[] {
  const samples = [
    { lang: 'Shell', label: 'curl', source: curlOf(operation) },
    { lang: 'TypeScript', label: 'TypeScript', source: typescriptOf(operation) },
  ];
  return samples.filter(({ source }) => source !== null);
}

function parametersOf(operation: Operation, components: Components): Json[] {
  return [
    ...fieldsOf(operation, 'path', components),
    ...fieldsOf(operation, 'query', components),
    ...(operation.idempotent === true ? [idempotencyKeyParameter] : []),
  ];
}

const idempotencyKeyParameter: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body answer the same again for 24 hours; another body is refused (TRADING_009).',
  schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[!-~]+$' },
  example: 'open-sol-2026-11-22-1',
};

function fieldsOf(operation: Operation, place: 'path' | 'query', components: Components): Json[] {
  const schema = place === 'path' ? operation.params : operation.query;
  if (schema === undefined) return [];
  const { properties, required } = components.schemaOf(schema, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, field]) => {
    const { description, ...described } = describedField(name, field as Json, ownerOf(operation, name));
    return {
      name,
      in: place,
      required: place === 'path' || (required ?? []).includes(name),
      ...(description === undefined ? {} : { description }),
      schema: described,
      ...parameterExample(operation, place, name),
    };
  });
}

/** The part of the path that a parameter belongs to: `orders` in `/api/trading/orders/{id}`. */
const ownerOf = ({ path }: Operation, name: string): string | null =>
  new RegExp(`([^/]+)/\\{${name}\\}`).exec(path)?.[1] ?? null;

function successOf(operation: Operation, components: Components): Json {
  const limited = operation.rate === 'trading' ? ['RateLimit', 'RateLimit-Policy'] : [];
  const paged = operation.paged === true ? ['X-Next-Cursor'] : [];
  const sent = { headers: headers(['X-Request-Id', ...limited, ...paged]) };
  if (operation.answer === undefined) return { description: 'Done', ...sent };
  if (operation.media !== undefined)
    return {
      description: 'Success',
      ...sent,
      content: {
        [operation.media]: { schema: textSchemas[operation.media] },
      },
    };
  const schema = components.schemaOf(operation.answer, 'output');
  return {
    description: 'Success',
    ...sent,
    content: { 'application/json': { schema, ...answerExample(operation) } },
  };
}

/** One response per status, naming the codes it may carry, each with its example. */
function refusalsOf(operation: Operation, components: Components): Json {
  const schema = components.schemaOf(errorResponseSchema, 'output');
  const entries = refusalsByStatus(operation).map(([status, codes]) => {
    const waits = status === 429 || status === 503 ? ['Retry-After'] : [];
    const examples = Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
    const response = {
      description: statusText(codes),
      headers: headers(['X-Request-Id', ...waits]),
      content: { 'application/json': { schema, examples } },
    };
    return [String(status), response];
  });
  return Object.fromEntries(entries) as Json;
}
