import { readdirSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeJson } from '#shared/money/json.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import { channelSchemas } from '#shared/protocol/ws.ts';
import answers from '../../workers/api/docs/answers.json' with { type: 'json' };
import { guides } from '../../workers/api/docs/guides/index.ts';
import { operationIdOf, operationKey } from '../../workers/api/docs/guide.ts';
import { referencePage } from '../../workers/api/docs/page/page.ts';
import { refusalsOf } from '../../workers/api/docs/refusals.ts';
import { openApiDocument } from '../../workers/api/openapi.ts';
import type { Operation } from '../../workers/api/operation.ts';
import { operations } from '../../workers/api/routes/index.ts';
import { typeErrorsIn } from '#support/examples/typecheck.ts';

type Json = Readonly<Record<string, unknown>>;

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const keyed = operations.map((operation): [string, Operation] => [operationKey(operation), operation]);
const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const document = JSON.parse(JSON.stringify(openApiDocument(operations))) as Json;
const page = referencePage(operations, document, { css: '/docs/reference.css', script: '/docs/reference.js' });

/** Every schema's field, wherever it is, with the way to it. */
function* fieldsIn(value: unknown, place: string): Generator<[string, Json]> {
  if (Array.isArray(value)) for (const item of value) yield* fieldsIn(item, place);
  if (!isJson(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'example' || key === 'examples') continue;
    if (key === 'properties' && isJson(item)) {
      for (const [name, field] of Object.entries(item)) if (isJson(field)) yield [`${place}.${name}`, field];
    }
    yield* fieldsIn(item, key === 'properties' || key === 'schema' ? place : `${place}/${key}`);
  }
}

/** Sources of the exchange, without those that only describe. */
function* sourcesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(new URL(`../../${folder}`, import.meta.url), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (path === 'workers/api/docs') continue;
    if (entry.isDirectory()) yield* sourcesIn(path);
    else if (/\.ts$/.test(entry.name) && !/\.test\.ts$|error-codes\.ts$/.test(entry.name)) yield read(path);
  }
}

describe('every operation', () => {
  it.each(keyed)('%s is described, with an example that can be sent', (key, operation) => {
    const guide = guides[key];
    expect(guide?.description.length ?? 0).toBeGreaterThan(40);
    expect(guide?.example.typescript).toContain('client.');
    expect(guide?.example.body === undefined).toBe(operation.body === undefined);
    expect(page).toContain(`<article class="operation" id="${operationIdOf(operation)}"`);
  });

  it.each(keyed)('%s shows an answer that a real exchange gave, and that fits its schema', (key, operation) => {
    const recorded = (answers as Json)[key];
    const isJsonAnswer = operation.answer !== undefined && operation.media === undefined;
    expect(recorded !== undefined).toBe(isJsonAnswer);
    if (operation.answer === undefined || !isJsonAnswer) return;
    const read = z.safeDecode(operation.answer, decodeJson(JSON.stringify(recorded)) as never);
    expect(read.error).toBeUndefined();
  });

  it('and no other has a guide or an answer', () => {
    const known = new Set(keyed.map(([key]) => key));
    expect([...Object.keys(guides), ...Object.keys(answers)].filter((key) => !known.has(key))).toEqual([]);
  });

  it('stands in docs/api.md', () => {
    const guide = read('docs/api.md');
    expect(keyed.map(([key]) => key).filter((key) => !guide.includes(`\`${key}`))).toEqual([]);
  });

  it('has TypeScript examples that compile as strictly as the exchange itself', () => {
    const examples = keyed.map(([key]) => [key, guides[key]?.example.typescript ?? ''] as const);
    expect(typeErrorsIn(examples)).toEqual([]);
  }, 120_000);
});

describe('the pages', () => {
  it.each(['api', 'architecture', 'quickstart', 'websocket'])(
    'name no channel that no socket has: docs/%s.md',
    (name) => {
      const named = [...read(`docs/${name}.md`).matchAll(/`([a-z]+)` (?:channel|of the account's socket)/g)];
      expect(Object.keys(channelSchemas)).toEqual(expect.arrayContaining(named.map(([, channel]) => channel)));
    },
  );
});

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(document);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('says of every field what it means, and of every decimal its unit', () => {
    const fields = [...fieldsIn(document.components, 'components'), ...fieldsIn(document.paths, 'paths')];
    expect(fields.length).toBeGreaterThan(300);
    expect(fields.filter(([, field]) => typeof field.description !== 'string').map(([place]) => place)).toEqual([]);
    const isDecimal = (field: Json): boolean =>
      [field, ...(Array.isArray(field.anyOf) ? field.anyOf : [])].some(
        (form) => isJson(form) && form.format === 'decimal',
      );
    const unitless = fields.filter(([, field]) => isDecimal(field) && !/decimals/.test(String(field.description)));
    expect(unitless.map(([place]) => place)).toEqual([]);
  });

  it('says of every parameter what it is', () => {
    const parameters = Object.values(document.paths as Json).flatMap((methods) =>
      Object.values(methods as Json).flatMap((described) => (described as { parameters?: Json[] }).parameters ?? []),
    );
    expect(parameters.filter(({ description }) => typeof description !== 'string')).toEqual([]);
  });

  it.each(keyed)('gives %s a request that works, and an example of every refusal', (_key, operation) => {
    const described = (document.paths as Record<string, Json>)[operation.path]?.[operation.method.toLowerCase()];
    const text = JSON.stringify(described);
    expect(text).toContain('x-codeSamples');
    for (const code of refusalsOf(operation)) expect(text).toContain(`#/components/examples/${code}`);
  });
});

describe('every error code', () => {
  const sources = [...sourcesIn('workers'), ...sourcesIn('db')].join('\n');

  it.each(codes)('%s is raised somewhere', (code) => {
    expect(sources).toContain(`'${code}'`);
  });

  it.each(codes)('%s has its place in the reference, with an answer that carries it', (code) => {
    expect(page).toContain(`id="${code}"`);
    const { examples } = document.components as { examples: Record<string, { value?: { code?: string } }> };
    expect(examples[code]?.value?.code).toBe(code);
  });
});

describe('the reference page', () => {
  it('runs nothing but its own files: no inline script or style, nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script(?![^>]*\ssrc="\/docs\/)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('has an id once, and no link that leads nowhere', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect([...new Set(targets)].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('shows text as text: no reference of a variable was lost, nothing undefined', () => {
    expect(page).not.toMatch(/\[object |>undefined</);
  });
});
