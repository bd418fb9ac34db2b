import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';

const folder = new URL('../', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('every-error.test.ts'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'));

it('every refusal the program knows is expected by name in a test of the compiled program', () => {
  const names = idl.errors.map(({ name }) => name.charAt(0).toUpperCase() + name.slice(1));
  expect(names.filter((name) => !sources.some((source) => source.includes(`'${name}'`)))).toEqual([]);
});
