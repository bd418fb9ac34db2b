import { readFileSync, readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

const folder = new URL('.', import.meta.url);
const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));
const selectors = sheets.flatMap((name) =>
  readFileSync(new URL(name, folder), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split(/[{};]/)
    .map((text) => text.trim()),
);

/** What holds nothing that ticks, or is asked on a phone or by touch alone, where lines are few. */
const askedOf = [
  '.desk-side:has(',
  '.dialog-body:has(',
  '.frame:has(.phone-actions) .notices',
  '.grid-table :is(td, th):has(',
  '.grid-table thead th:has(',
];

test('no rule asks whether just anything is empty: each text that changes would have its style looked up', () => {
  expect(selectors.filter((selector) => /(^|[\s>+~(]|:[\w-]+(\([^)]*\))?):empty/.test(selector))).toEqual([]);
});

test('no rule of a page that ticks asks what an element holds: each element that comes would have the page looked up', () => {
  const asking = selectors.filter((selector) => selector.includes(':has('));
  expect(asking.filter((selector) => !askedOf.some((known) => selector.startsWith(known)))).toEqual([]);
});
