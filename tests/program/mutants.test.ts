import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../programs/mutants/catalog/index.ts';
import { mutate, occurrences, sourceFolder } from '../../programs/mutants/mutant.ts';

const root = new URL('../../', import.meta.url);
const sourceOf = (file: string): string => readFileSync(new URL(`${sourceFolder}/${file}`, root), 'utf8');

describe('the mutants of `npm run program:mutants`', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s still applies, exactly once',
    (_name, mutant) => {
      const source = sourceOf(mutant.file);
      expect(occurrences(source, mutant.find)).toBe(1);
      expect(mutate(mutant, source)).not.toBe(source);
    },
  );

  it('name existing tests, and are named once', () => {
    const files = new Set(mutants.flatMap(({ tests }) => tests));
    expect([...files].filter((file) => !existsSync(new URL(`tests/${file}`, root)))).toEqual([]);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});
