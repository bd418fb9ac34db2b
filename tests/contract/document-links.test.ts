import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, faultOf, linksOf } from '#support/documents/links.ts';

const listed = (pattern: string): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', pattern], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '' && existsSync(path));

const pages = listed('*.md');

/** What can be reached by links from a page; a link to a folder leads to the README in it. */
function reachedFrom(start: string): Set<string> {
  const reached = new Set([start]);
  for (const page of reached) {
    if (!page.endsWith('.md')) continue;
    for (const { path } of linksOf(page)) {
      if (!existsSync(path)) continue;
      reached.add(statSync(path).isDirectory() ? posix.join(path, 'README.md') : path);
    }
  }
  return reached;
}

describe('the documents', () => {
  it.each(pages)('lead where they say: %s', (page) => {
    expect(linksOf(page).flatMap((link) => faultOf(link)?.replace(/^/, `${link.target}: `) ?? [])).toEqual([]);
  });

  it('can all be reached from docs/README.md, as can every other page of the repository', () => {
    const reached = reachedFrom('docs/README.md');
    expect(pages.length).toBeGreaterThan(100);
    expect([...listed('docs'), ...pages].filter((path) => !reached.has(path))).toEqual([]);
  });

  it('stand in the index itself, but for those that have an index of their own', () => {
    const direct = new Set(linksOf('docs/README.md').map(({ path }) => path));
    const own = listed('docs').filter(
      (path) => path.endsWith('.md') && !/^docs\/(errors|runbooks)\/(?!README)/.test(path),
    );
    expect(own.filter((path) => path !== 'docs/README.md' && !direct.has(path))).toEqual([]);
  });

  it('have the anchors that GitHub makes', () => {
    expect(anchorsOf('docs/how-an-order-lives.md')).toContain('7-executed');
    expect(anchorsOf('docs/architecture.md')).toContain('crash-safety-tested-by-killing');
  });
});
