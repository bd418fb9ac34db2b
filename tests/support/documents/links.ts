import { existsSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';

/** A link of a page to a place in the repository. */
export interface DocumentedLink {
  readonly from: string;
  readonly target: string;
  /** Relative to the repository's root. */
  readonly path: string;
  readonly anchor: string | null;
}

const withoutCode = (page: string): string =>
  page.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '').replaceAll(/`[^`\n]*`/g, '``');

/** The links of a page, and its pictures, that lead nowhere outside; what stands in code is none. */
export function linksOf(from: string): DocumentedLink[] {
  const found = [...withoutCode(readFileSync(from, 'utf8')).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)];
  return found
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = null] = target.split('#');
      return { from, target, path: path === '' ? from : posix.join(posix.dirname(from), path), anchor };
    });
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  const source = readFileSync(page, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');
  return [...source.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, title = '']) => {
    const slug = title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Why a link does not lead where it says; null where it does. */
export function faultOf({ path, anchor }: DocumentedLink): string | null {
  if (!existsSync(path)) return `there is no ${path}`;
  if (anchor === null) return null;
  const page = statSync(path).isDirectory() ? posix.join(path, 'README.md') : path;
  if (!page.endsWith('.md')) return `${path} has no headings`;
  return anchorsOf(page).includes(anchor) ? null : `${page} has no heading #${anchor}`;
}
