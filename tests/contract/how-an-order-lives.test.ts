import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAILPOINTS_BY_NAME } from '../../workers/platform/failpoint-names.ts';

const page = readFileSync('docs/how-an-order-lives.md', 'utf8');

/** Every file of the page with the names it says are defined there; a class is named once, before its first method. */
const named = [...page.matchAll(/^- \[`([^`]+)`\]\(\.\.\/([^)]+)\): (.+)$/gm)].map(
  ([, shown = '', file = '', names = '']) => ({
    shown,
    file,
    names: [...names.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => name.split('.')),
  }),
);

/** A definition, not a use: a declaration, a method, or a field that holds a function. */
const isDefined = (source: string, name: string): boolean =>
  new RegExp(`\\b(?:function|const|class|fn|struct) ${name}\\b|^  (?:async )?${name}(?:<.+>)?\\((?:.*\\{)?$`, 'm').test(
    source,
  );

describe('the page "how an order lives"', () => {
  it('names files, and nothing that is no file', () => {
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(({ shown, file }) => shown !== file || !existsSync(file)).map(({ file }) => file)).toEqual([]);
    const links = [...page.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file]) => file);
    expect(links).toEqual(named.map(({ file }) => file));
  });

  it.each(named)('names what $file defines', ({ file, names }) => {
    const source = readFileSync(file, 'utf8');
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !isDefined(source, name))).toEqual([]);
  });

  it('says of every step what is left when everything dies there', () => {
    const sections = page.split(/^## /m).slice(1);
    const steps = sections.filter((section) => /^\d/.test(section) || section.startsWith('Aside: a liquidation'));
    expect(steps.length).toBeGreaterThan(10);
    expect(
      steps.filter((step) => !step.includes('**If everything dies here**')).map((step) => step.slice(0, 30)),
    ).toEqual([]);
  });

  it('names every failpoint on the way of an order, and none that there is not', () => {
    const points = [...page.matchAll(/`([a-z]+\.[a-z]+)`/g)].map(([, name = '']) => name);
    expect(points.filter((name) => !(name in FAILPOINTS_BY_NAME))).toEqual([]);
    const onTheWay = Object.keys(FAILPOINTS_BY_NAME).filter((name) =>
      /^(command|trigger|order|claim|events)\./.test(name),
    );
    expect(onTheWay.filter((name) => !points.includes(name))).toEqual([]);
  });
});
