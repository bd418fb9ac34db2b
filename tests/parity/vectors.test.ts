import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ParityCase, answer, differences, isProgramOnly } from './functions.ts';

const directory = new URL('./vectors/', import.meta.url);

for (const file of readdirSync(directory).sort()) {
  const { group, cases } = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as {
    group: string;
    cases: ParityCase[];
  };
  describe(`golden vectors: ${group}`, () => {
    test('every case has a name of its own and exactly one expectation', () => {
      expect(new Set(cases.map(({ name, fn }) => `${fn}: ${name}`)).size).toBe(cases.length);
      for (const { output, error } of cases) expect((output === undefined) !== (error === undefined)).toBe(true);
    });
    const ours = cases.filter(({ fn }) => !isProgramOnly(fn));
    test.each(ours.map((item) => [`${item.fn}: ${item.name}`, item] as const))('%s', (_title, item) => {
      const actual = answer(item);
      const expected = item.error === undefined ? { output: item.output ?? {} } : { error: item.error };
      expect(differences(expected, actual)).toEqual([]);
    });
  });
}
