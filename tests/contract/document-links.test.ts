import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, faultOf, linksOf } from '#support/documents/links.ts';
import { documentPaths } from '#support/documents/shell-commands.ts';
import { operations } from '../../workers/api/routes/index.ts';

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

/** Paths from the root of the repository, in code. */
const inTree =
  /`((?:db|docs|examples|local|networks|observability|programs|scripts|sdk|tests|web|workers)\/[\w./@*{}<>-]*)`/g;
/** What stands for something else, and what a build makes. */
const placeholders = /[<>]|\/X\.|^web\/dist/;

const isPathOf = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);

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

  it.each(documentPaths())('name files, operations and errors that there are: %s', (page) => {
    const text = readFileSync(page, 'utf8');
    const files = [...text.matchAll(inTree)].map(([, path = '']) => path);
    expect(files.filter((path) => !placeholders.test(path) && globSync(path).length === 0)).toEqual([]);
    const asked = [...text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/(?:api|health|ready)[^\s`?]*)/g)];
    const missing = asked.filter(
      ([, method, path = '']) => !operations.some((one) => one.method === method && isPathOf(one.path, path)),
    );
    expect(missing.map(([said]) => said)).toEqual([]);
    const codes = [...text.matchAll(/\b(?:AI|AUTH|CHAIN|MARKET|ORACLE|RATE|RISK|SYSTEM|TRADING|VALIDATION)_\d{3}\b/g)];
    expect(codes.map(([code]) => code).filter((code) => !existsSync(`docs/errors/${code}.md`))).toEqual([]);
  });

  it('have the anchors that GitHub makes', () => {
    expect(anchorsOf('docs/how-an-order-lives.md')).toContain('7-executed');
    expect(anchorsOf('docs/architecture.md')).toContain('crash-safety-tested-by-killing');
  });
});
