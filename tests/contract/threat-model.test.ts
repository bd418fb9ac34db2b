import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = new URL('../../docs/threat-model.md', import.meta.url);
const rows = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line) => line.includes('](../tests/'));
const linkWithTitles = /\[[^\]]+\]\((\.\.\/tests\/[^)]+)\): ((?:"[^"]+"(?:, )?)+)/g;

/** Every test that the page names: its file, relative to the page, and the beginning of its title. */
const named = rows.flatMap((row) =>
  [...row.matchAll(linkWithTitles)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
  ),
);

describe('the threat model', () => {
  it('names at least one test for every class of findings', () => {
    expect(rows.length).toBeGreaterThanOrEqual(18);
    for (const row of rows) expect([...row.matchAll(linkWithTitles)], row).not.toHaveLength(0);
  });

  it.each(named)('names a test that exists: $file, $title', ({ file, title }) => {
    const location = new URL(file, page);
    expect(existsSync(location)).toBe(true);
    expect(readFileSync(location, 'utf8')).toMatch(new RegExp(`['"\`]${RegExp.escape(title)}`));
  });
});
