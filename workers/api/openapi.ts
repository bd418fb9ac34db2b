import * as z from 'zod';
import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import { errorResponseSchema } from '#shared/protocol/errors.ts';
import type { Operation } from './operation.ts';

type Json = Readonly<Record<string, unknown>>;

/** Version of the contract: its first number changes when a client would break. */
const apiVersion = '1.0.0';

/** Refusals that every operation shares. */
const sharedRefusals: readonly ErrorCode[] = ['SYSTEM_001', 'SYSTEM_004'];
const bodyRefusals: readonly ErrorCode[] = ['VALIDATION_001', 'VALIDATION_002', 'VALIDATION_003', 'VALIDATION_006'];
const authRefusals: readonly ErrorCode[] = ['AUTH_001', 'AUTH_002'];

/** Collects the named schemas that operations refer to. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  /** The JSON Schema of a wire value; named schemas become references. */
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
    const document = z.toJSONSchema(z.object({ root: schema }), { io, unrepresentable: 'any' });
    for (const [name, definition] of Object.entries(document.$defs ?? {})) this.schemas[name] = relinked(definition);
    return relinked(document.properties?.root ?? {}) as Json;
  }
}

/** JSON Schema keeps named schemas in `$defs`, OpenAPI in `components`. */
function relinked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relinked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'id')
      .map(([key, item]) => [
        key,
        key === '$ref' && typeof item === 'string' ? item.replace('#/$defs/', '#/components/schemas/') : relinked(item),
      ]),
  );
}

/** The OpenAPI 3.1 description, generated from the schemas that validate. */
export function openApiDocument(operations: readonly Operation[]): Json {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = describe(operation, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'QuantDesk Trading API',
      version: apiVersion,
      description:
        'Perpetual futures on Solana. Decimals are exact JSON numbers; strings are accepted too. Conventions: docs/api.md, errors: docs/errors/.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This exchange' }],
    tags: [...new Set(operations.map((operation) => operation.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: components.schemas,
    },
  };
}

function describe(operation: Operation, components: Components): Json {
  return {
    operationId: operationIdOf(operation),
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.auth === 'bearer' ? { security: [{ bearerAuth: [] }] } : { security: [] }),
    ...optional('parameters', parametersOf(operation, components)),
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: components.schemaOf(operation.body, 'input') } },
          },
        }),
    responses: { [operation.status]: successOf(operation, components), ...refusalsOf(operation, components) },
  };
}

const optional = (name: string, list: readonly unknown[]): Json => (list.length === 0 ? {} : { [name]: list });

/** `POST /api/trading/positions/{id}/close` → `post_trading_positions_id_close`. */
const operationIdOf = ({ method, path }: Operation): string =>
  [method.toLowerCase(), ...path.split('/').filter((part) => part !== '' && part !== 'api')]
    .join('_')
    .replaceAll(/[{}]/g, '');

function parametersOf(operation: Operation, components: Components): Json[] {
  const headers = operation.idempotent === true ? [idempotencyKeyParameter] : [];
  return [
    ...fieldsOf(operation.params, 'path', components),
    ...fieldsOf(operation.query, 'query', components),
    ...headers,
  ];
}

const idempotencyKeyParameter: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body answer the same again for 24 hours; another body is refused (TRADING_009).',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
};

function fieldsOf(schema: z.ZodType | undefined, place: 'path' | 'query', components: Components): Json[] {
  if (schema === undefined) return [];
  const { properties, required } = components.schemaOf(schema, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: field,
  }));
}

function successOf(operation: Operation, components: Components): Json {
  const cursor = {
    'X-Next-Cursor': { description: 'Cursor of the next page; absent on the last', schema: { type: 'string' } },
  };
  const headers = operation.paged === true ? { headers: cursor } : {};
  if (operation.answer === undefined) return { description: 'Done', ...headers };
  const schema = components.schemaOf(operation.answer, 'output');
  return { description: 'Success', ...headers, content: { 'application/json': { schema } } };
}

/** One response per status, naming the codes it may carry. */
function refusalsOf(operation: Operation, components: Components): Json {
  const codes = new Set<ErrorCode>([
    ...operation.refusals,
    ...(operation.body === undefined ? [] : bodyRefusals),
    ...(operation.query === undefined && operation.params === undefined ? [] : (['VALIDATION_001'] as const)),
    ...(operation.idempotent === true ? (['VALIDATION_007'] as const) : []),
    ...(operation.auth === 'bearer' ? authRefusals : []),
    ...(operation.rate === 'none' ? [] : (['RATE_001'] as const)),
    ...sharedRefusals,
  ]);
  const byStatus = Map.groupBy([...codes].sort(), (code) => ERROR_CODES[code].status);
  const schema = components.schemaOf(errorResponseSchema, 'output');
  const entries = [...byStatus].map(([status, codesOfStatus]) => [
    String(status),
    {
      description: codesOfStatus.map((code) => `${code}: ${ERROR_CODES[code].title}`).join('. '),
      content: { 'application/json': { schema } },
    },
  ]);
  return Object.fromEntries(entries) as Json;
}
