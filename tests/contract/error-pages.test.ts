import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import { errorResponseSchema } from '#shared/protocol/errors.ts';

const folder = new URL('../../docs/errors/', import.meta.url);
const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const pages = readdirSync(folder).filter((name) => name !== 'README.md');
const pageOf = (code: string): string => readFileSync(new URL(`${code}.md`, folder), 'utf8');

describe('error pages', () => {
  it('exist for every code, and for no other', () => {
    expect(pages.sort()).toEqual(codes.map((code) => `${code}.md`).sort());
  });

  it.each(codes)('%s says what it means, what to do, and shows an answer that fits the schema', (code) => {
    const page = pageOf(code);
    const definition = ERROR_CODES[code];
    expect(page.startsWith(`# ${code}: ${definition.title}\n`)).toBe(true);
    expect(page).toContain(`HTTP ${definition.status} · \`${definition.error}\``);
    expect(page).toMatch(/## What it means\n\n.{20,}/);
    expect(page).toMatch(/## What to do\n\n.{10,}/);
    const example = errorResponseSchema.parse(JSON.parse(/```json\n([\s\S]+?)```/.exec(page)?.[1] ?? ''));
    expect(example).toMatchObject({ code, error: definition.error, retryable: definition.retryable });
  });

  it('are all listed in the index', () => {
    const index = readFileSync(new URL('README.md', folder), 'utf8');
    for (const code of codes) expect(index).toContain(`[${code}](${code}.md)`);
  });
});
