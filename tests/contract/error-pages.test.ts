import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import { errorResponseSchema } from '#shared/protocol/errors.ts';
import { errorPagesPath, errorPagesText, readErrorPage } from '../../scripts/lib/error-pages.ts';

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
    expect(page).toMatch(/## Why\n\n- .{10,}/);
    expect(page).toMatch(/## What to do\n\n.{8,}/);
    expect(page).toMatch(/## Retrying\n\n.{3,}/);
    expect(page).toContain(
      definition.retryable ? 'may succeed later without a change' : 'will not succeed without a change',
    );
    const example = errorResponseSchema.parse(JSON.parse(/```json\n([\s\S]+?)```/.exec(page)?.[1] ?? ''));
    expect(example).toMatchObject({ code, error: definition.error, retryable: definition.retryable });
  });

  it('say something of their own: no two explain or advise in the same words', () => {
    const read = codes.map((code) => readErrorPage(pageOf(code)));
    for (const part of ['means', 'why'] as const) {
      expect(new Set(read.map((page) => page[part])).size).toBe(codes.length);
    }
  });

  it('are in the reference as they are here; `npm run docs` gathers them', () => {
    expect(readFileSync(errorPagesPath, 'utf8')).toBe(errorPagesText());
  });

  it('are all listed in the index', () => {
    const index = readFileSync(new URL('README.md', folder), 'utf8');
    for (const code of codes) {
      expect(index).toMatch(new RegExp(`\\[${code}\\]\\(${code}\\.md\\) *\\| *${ERROR_CODES[code].status} `));
      expect(index).toContain(ERROR_CODES[code].title);
    }
  });
});
