import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../docs/errors/', import.meta.url);

/** Where the gathered pages are kept. */
export const errorPagesPath = new URL('../../workers/api/docs/error-pages.json', import.meta.url);

/** A page of `docs/errors`, by its headings. */
export interface ErrorPage {
  readonly means: string;
  readonly why: string;
  readonly todo: string;
  readonly retrying: string;
  readonly example: unknown;
}

const headings = { means: 'What it means', why: 'Why', todo: 'What to do', retrying: 'Retrying' } as const;

function sectionOf(page: string, heading: string): string {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  return (section.split('\n## ')[0] ?? '').trim();
}

/** @throws SyntaxError for an example that is not JSON */
export function readErrorPage(page: string): ErrorPage {
  const example = /```json\n([\s\S]+?)```/.exec(sectionOf(page, 'Example'))?.[1] ?? 'null';
  return {
    means: sectionOf(page, headings.means),
    why: sectionOf(page, headings.why),
    todo: sectionOf(page, headings.todo),
    retrying: sectionOf(page, headings.retrying),
    example: JSON.parse(example) as unknown,
  };
}

/** Every page by its code, as the reference reads them. */
export function errorPagesText(): string {
  const pages = readdirSync(folder)
    .filter((name) => /^[A-Z]+_\d{3}\.md$/.test(name))
    .sort()
    .map((name): [string, ErrorPage] => [
      name.slice(0, -'.md'.length),
      readErrorPage(readFileSync(new URL(name, folder), 'utf8')),
    ]);
  return `${JSON.stringify(Object.fromEntries(pages), null, 2)}\n`;
}
