import * as fc from 'fast-check';
import type { DescribedOperation } from './operations.ts';
import { nastyText, type Values } from './values.ts';

/** Who asks. */
export type Caller = 'trader' | 'newcomer' | 'nobody' | 'forger';

/** One request, as data: what is shrunk and shown. */
export interface Case {
  readonly operation: string;
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly target: string;
  readonly caller: Caller;
  /** Besides authorization and content type. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | null;
  readonly body: string | null;
}

const otherMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/jsonx',
  'multipart/form-data',
  '',
];
const jsonTypes = ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/ld+json'];
const headerTexts = [
  '',
  'x',
  'request-1234',
  'x'.repeat(128),
  'x'.repeat(129),
  'a b',
  '{"a":1}',
  '\u00ff',
  'a\tb',
  '-1',
];

const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 9): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** Requests for these operations, fitting and not. */
export function casesOf(operations: readonly DescribedOperation[], values: Values): fc.Arbitrary<Case> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc.record({
      operation: fc.constant(operation.name),
      method: rarely(fc.constant(operation.method), fc.constantFrom(...otherMethods), 30),
      target: targetOf(operation, values),
      caller: callerOf(operation),
      headers: headers,
      contentType: rarely(fc.constantFrom(...jsonTypes), fc.constantFrom(...contentTypes, null), 12),
      body: bodyOf(operation, values),
    }),
  );
}

const callerOf = ({ isPrivate }: DescribedOperation): fc.Arbitrary<Caller> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Caller>('trader') },
    { weight: 4, arbitrary: fc.constant<Caller>('newcomer') },
    { weight: isPrivate ? 1 : 8, arbitrary: fc.constant<Caller>('nobody') },
    { weight: 1, arbitrary: fc.constant<Caller>('forger') },
  );

const headers: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    rarely(fc.constant(null), fc.constantFrom(...headerTexts), 4),
    rarely(fc.constant(null), fc.constantFrom(...headerTexts)),
  )
  .map(([key, id]) => ({
    ...(key === null ? {} : { 'idempotency-key': key }),
    ...(id === null ? {} : { 'x-request-id': id }),
  }));

function targetOf(operation: DescribedOperation, values: Values): fc.Arbitrary<string> {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  const segments = inPath.map(({ name, schema }) =>
    values.of(schema, name).map((value) => [`{${name}}`, segmentOf(value)] as const),
  );
  const fields = inQuery.map(({ name, schema, required }) =>
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.array(values.of(schema, name), { minLength: 1, maxLength: 2 }))
      .map(([dice, [first, second]]) => {
        if (dice >= (required ? 9 : 5)) return [];
        const all = dice === 0 && second !== undefined ? [first, second] : [first];
        return all.map((value) => `${name}=${encoded(value)}`);
      }),
  );
  const odd = rarely(
    fc.constant<string[]>([]),
    fc.oneof(
      nastyText.map((text) => [`x=${encoded(text)}`]),
      fc.constantFrom(['%'], ['%ff=%ff'], ['=='], ['a[b]=1'], ['__proto__=1'], ['limit=1&limit=2'], ['&&&']),
    ),
  );
  return fc.tuple(fc.tuple(...segments), fc.tuple(...fields), odd).map(([path, query, more]) => {
    const filled = path.reduce((text, [name, value]) => text.replace(name, () => value), operation.path);
    const all = [...query.flat(), ...more];
    return all.length === 0 ? filled : `${filled}?${all.join('&')}`;
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
const encoded = (value: unknown): string => encodeURIComponent(textOf(value));
/** Never empty and never dots, which would be another path. */
const segmentOf = (value: unknown): string => {
  const segment = encoded(value).slice(0, 2_000);
  return /^\.{0,2}$/.test(segment) ? 'x' : segment.replace(/%.?$/, '');
};

/** The text of a body: JSON of the schema, now and then damaged or another thing altogether. */
function bodyOf({ body, method }: DescribedOperation, values: Values): fc.Arbitrary<string | null> {
  if (body === null) {
    return method === 'GET' ? fc.constant(null) : rarely(fc.constant(null), fc.constantFrom('', '{}', '{"a":1}', 'x'));
  }
  const fitting = values.of(body).map((value) => JSON.stringify(value));
  return rarely(
    fitting,
    fc.tuple(fitting, damage).map(([text, harm]) => harm(text)),
    7,
  );
}

type Damage = (text: string) => string | null;
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.nat({ max: 200 }).map(
    (at): Damage =>
      (text) =>
        text.slice(0, at),
  ),
  fc.constantFrom<Damage>(
    () => null,
    () => '',
    () => '[]',
    () => 'null',
    () => '"text"',
    () => '\u0000',
    () => '\ufeff{}',
    () => '{"a":NaN}',
    () => '['.repeat(5_000),
    () => `{"pad":"${'x'.repeat(66_000)}"}`,
    (text) => `${text}${text}`,
    (text) => text.replace(/^\{/, '{"__proto__":{"isAdmin":true},'),
    (text) => text.replace(/^\{("\w+"):/, '{$1:1,$1:'),
    (text) => text.replace(/:[^,{}]+/, ':NaN'),
    (text) => text.replace(/"/g, "'"),
  ),
);
