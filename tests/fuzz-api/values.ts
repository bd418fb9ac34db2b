import * as fc from 'fast-check';
import type { JsonSchema } from './operations.ts';

/** Decimals as they stand in a request, digit by digit: `JSON.stringify` writes them unchanged. */
const raw = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

const numberTexts = [
  ...['0', '-0', '1', '-1', '0.1', '1e0', '1E+2', '1e-8', '1e-9', '1e309', '-1e309', '1e999', '5e-324', '1e-400'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '18446744073709551615', '18446744073709551616'],
  ...['9223372036854775808', '-9223372036854775809', '2147483648', `0.${'1'.repeat(40)}`, `1${'0'.repeat(70)}`],
  ...[`${'9'.repeat(300)}`, '184467440737.09551615', '184467440737.09551616', '4102444801', '10001', '200', '201'],
];

const texts = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\u202e', '\ufeff', '😀', 'ÿ', '\r\nX-Injected: 1', '${7*7}', '{{7*7}}'],
  ...["'; drop table users; --", '1 or 1=1', '$1', '%', '%00', '%2e%2e%2f', '../../etc/passwd', '<script>', 'null'],
  ...['NaN', 'Infinity', '0x10', '1_000', '１２', '+1', '1e309', '.5', '5.', 'true', 'undefined', '[object Object]'],
  ...['2026-02-30T00:00:00Z', '0000-00-00T00:00:00Z', '9999-12-31T23:59:60Z', '2026-01-01', '-1', '1.5', '1e3'],
  ...['00000000-0000-0000-0000-000000000000', 'SOL-PERP', 'sol-perp', 'SOL-PERP,SOL-PERP', 'x'.repeat(300)],
  ...['1'.repeat(32), '1'.repeat(44), 'z'.repeat(88), 'A'.repeat(1_700), 'x'.repeat(5_000)],
];

/** Names that mean something to the language or to a store. */
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '\u0000', 'length', '$ne'];

export const nastyText = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary', maxLength: 40 }));

/** What no schema asks for. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: nastyText },
  { weight: 3, arbitrary: fc.constantFrom(...numberTexts).map(raw) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.constantFrom(...names).map((name) => JSON.parse(`{${JSON.stringify(name)}:{"x":1}}`)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }).map((depth) => nested(depth)) },
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { x: value };
  return value;
}

/** Real values of the running exchange, by the name of their field or parameter. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

export class Values {
  readonly #schemas: Readonly<Record<string, JsonSchema>>;
  readonly #known: KnownValues;

  constructor(schemas: Readonly<Record<string, JsonSchema>>, known: KnownValues) {
    this.#schemas = schemas;
    this.#known = known;
  }

  /** Mostly what the schema says, here and there what it does not. */
  of(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 12, arbitrary: this.#fitting(schema, name) }, { weight: 1, arbitrary: nastyValue });
  }

  #fitting(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
    const reference = schema.$ref;
    if (typeof reference === 'string') {
      return this.#fitting(this.#schemas[reference.replace('#/components/schemas/', '')] ?? {}, name);
    }
    const known = this.#known[name] ?? [];
    if (known.length > 0) return fc.oneof(fc.constantFrom(...known), this.#byType(schema));
    return this.#byType(schema);
  }

  #byType(schema: JsonSchema): fc.Arbitrary<unknown> {
    if ('const' in schema) return fc.constant(schema.const);
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
    if (choices !== undefined) return fc.oneof(...choices.map((choice) => this.#fitting(choice, '')));
    switch (schema.type) {
      case 'string':
        return textOf(schema);
      case 'integer':
        return integerOf(schema);
      case 'number':
        return schema.format === 'decimal' ? decimal : fc.oneof(integerOf(schema), fc.double({ noNaN: true }));
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return fc.array(this.of((schema.items ?? {}) as JsonSchema), { maxLength: 5 });
      case 'object':
        return this.#object(schema);
      default:
        return fc.oneof(fc.jsonValue({ maxDepth: 2 }), nastyValue);
    }
  }

  /** Required fields are mostly there, others come and go, and now and then one that nobody asked for. */
  #object(schema: JsonSchema): fc.Arbitrary<unknown> {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
    const required = new Set((schema.required ?? []) as string[]);
    const fields = properties.map(([name, field]) =>
      fc
        .tuple(fc.integer({ min: 0, max: 19 }), this.of(field, name))
        .map(([dice, value]) => (dice < (required.has(name) ? 19 : 8) ? [[name, value] as const] : [])),
    );
    const extra = fc.oneof(
      { weight: 15, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), nastyValue).map((entry) => [entry]),
      },
    );
    return fc.tuple(fc.tuple(...fields), extra).map(([known, more]) => {
      const entries = [...known.flat(), ...more].map(([name, value]) => ({ name, value }));
      return Object.assign(Object.create(null), ...entries.map(({ name, value }) => ownField(name, value)));
    });
  }
}

/** `{ ['__proto__']: value }` as a field, not as a prototype. */
const ownField = (name: string, value: unknown): object =>
  Object.defineProperty(Object.create(null), name, { value, enumerable: true });

const decimal = fc.oneof(
  fc.integer({ min: 1, max: 5_000 }).map((value) => value / 100),
  fc.constantFrom(...numberTexts).map(raw),
  fc.constantFrom('12.5', '1e-7', '0.00000001', ...numberTexts),
);

function integerOf({ minimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const min = typeof minimum === 'number' ? minimum : -10;
  const max = typeof maximum === 'number' ? maximum : 1_000_000;
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min - 1, min, max, max + 1));
}

function textOf({ format, pattern, examples, minLength, maxLength }: JsonSchema): fc.Arbitrary<unknown> {
  if (Array.isArray(examples) && examples.length > 0) return fc.constantFrom(...(examples as unknown[]));
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString());
  if (format === 'email') return fc.emailAddress();
  if (typeof pattern === 'string' && pattern.length < 200) return fc.stringMatching(new RegExp(pattern));
  const min = typeof minLength === 'number' ? minLength : 0;
  const max = Math.min(typeof maxLength === 'number' ? maxLength : 60, 200);
  return fc.string({ unit: 'grapheme', minLength: Math.min(min, max), maxLength: max });
}
