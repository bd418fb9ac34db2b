import { html, raw } from 'hono/html';
import { ERROR_CODES } from '#shared/protocol/error-codes.ts';
import { Components } from '../components.ts';
import type { Json } from '../describe.ts';
import { operationIdOf } from '../guide.ts';
import { tagGuides, tagsInOrder } from '../tags.ts';
import type { Operation } from '../../operation.ts';
import { errorCodes, errorSections } from './errors.ts';
import { methodBadge, operationSection } from './operation.ts';
import type { Schemas } from './fields.ts';
import { socketSections } from './sockets.ts';
import { startSections } from './start.ts';
import { inline, joined, none, slug, type Html } from './text.ts';

/** Where the page finds its style and its script. */
export interface PageFiles {
  readonly css: string;
  readonly script: string;
}

interface Entry {
  readonly id: string;
  readonly label: Html;
  readonly find: string;
}

interface Group {
  readonly title: string;
  readonly intro: string;
  readonly entries: readonly Entry[];
  readonly sections: Html;
}

/** The whole reference, from the same operations that make `/openapi.json`. */
export function referencePage(operations: readonly Operation[], document: Json, files: PageFiles): string {
  const groups = [startGroup(), ...operationGroups(operations, document), socketGroup(), errorGroup()];
  return `<!doctype html>${html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>QuantDesk API reference</title>
      <meta
        name="description"
        content="REST operations, sockets and errors of the QuantDesk exchange, with examples that run."
      />
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="${files.css}" />
      <script src="${files.script}" defer></script>
    </head>
    <body>
      <a class="skip" href="#reference">To the reference</a>
      ${topBar()} ${sidebar(groups)}
      <main id="reference" tabindex="-1">
        <h1>API reference</h1>
        <p class="lead">
          REST, sockets and errors of the exchange. The same description for machines:
          <a href="/openapi.json">openapi.json</a>.
        </p>
        <p id="nothing" hidden>Nothing fits the filter.</p>
        ${groups.map(groupSection)}
      </main>
    </body>
  </html>`}`;
}

const topBar = (): Html =>
  html`<header>
    <button type="button" class="menu" popovertarget="contents">Contents</button>
    <a class="brand" href="#start">QuantDesk <span>API</span></a>
    <fieldset class="language">
      <legend>Examples in</legend>
      <input type="radio" name="language" id="language-curl" checked /><label for="language-curl">curl</label>
      <input type="radio" name="language" id="language-typescript" /><label for="language-typescript">TypeScript</label>
    </fieldset>
  </header>` as Html;

const sidebar = (groups: readonly Group[]): Html =>
  html`<nav id="contents" popover aria-label="Contents">
    <p class="filter" hidden>
      <label for="filter">Filter</label>
      <input type="search" id="filter" placeholder="orders, TRADING_004, /ws …" autocomplete="off" spellcheck="false" />
    </p>
    ${groups.map(
      ({ title, entries }) =>
        html`<details open>
          <summary>${title}</summary>
          <ul>
            ${entries.map(({ id, label, find }) => html`<li data-find="${find}"><a href="#${id}">${label}</a></li>`)}
          </ul>
        </details>`,
    )}
  </nav>` as Html;

const groupSection = ({ title, intro, sections }: Group): Html =>
  html`<section class="group" aria-labelledby="group-${slug(title)}">
    <h2 id="group-${slug(title)}">${title}</h2>
    ${intro === '' ? none : html`<p class="lead">${inline(intro)}</p>`} ${sections}
  </section>` as Html;

const named = (id: string, text: string): Entry => ({ id, label: raw(text), find: text.toLowerCase() });

const startGroup = (): Group => ({
  title: 'Getting started',
  intro: '',
  entries: [
    named('start', 'First steps'),
    named('conventions', 'Numbers, times, requests'),
    named('landed', 'Did it land?'),
    named('compatibility', 'Versions'),
  ],
  sections: startSections(),
});

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function operationGroups(operations: readonly Operation[], document: Json): Group[] {
  const paths = isJson(document.paths) ? document.paths : {};
  const components = isJson(document.components) ? document.components : {};
  const schemas: Schemas = isJson(components.schemas) ? components.schemas : {};
  return tagsInOrder.flatMap((tag) => {
    const own = operations.filter((operation) => operation.tag === tag);
    if (own.length === 0) return [];
    const sections = own.map((operation) => {
      const path = paths[operation.path];
      const described = isJson(path) ? path[operation.method.toLowerCase()] : undefined;
      return operationSection(operation, isJson(described) ? described : {}, schemas);
    });
    return [{ title: tag, intro: tagGuides[tag], entries: own.map(operationEntry), sections: joined(sections) }];
  });
}

const operationEntry = (operation: Operation): Entry => ({
  id: operationIdOf(operation),
  label: html`${methodBadge(operation.method)} <span class="path">${shortPath(operation.path)}</span>` as Html,
  find: `${operation.method} ${operation.path} ${operation.summary}`.toLowerCase(),
});

/** The group says the first part already. */
const shortPath = (path: string): string =>
  path.replace(/^\/api(\/(trading|market|auth|portfolio|admin|risk)(?=\/))?/, '');

const socketGroup = (): Group => ({
  title: 'Sockets',
  intro: 'Prices, trades and your account as they change.',
  entries: [
    named('sockets', 'The protocol'),
    named('client-messages', 'What you send'),
    named('server-messages', 'What you receive'),
    named('channels', 'Channels'),
    named('close-codes', 'Close codes'),
  ],
  sections: socketSections(new Components()),
});

const errorGroup = (): Group => ({
  title: 'Errors',
  intro:
    'Every refusal has one shape: `{error, message, code, timestamp, request_id, retryable, details?}`. Branch on `code`; it never changes its meaning.',
  entries: errorCodes.map((code) => ({
    ...named(code, code),
    find: `${code} ${ERROR_CODES[code].title}`.toLowerCase(),
  })),
  sections: joined(errorSections()),
});
