import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const artifact = new URL('../../programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so', import.meta.url);
const [begin, end] = ['=======BEGIN SECURITY.TXT V1=======\0', '=======END SECURITY.TXT V1=======\0'];

it('the committed program says in its own bytes whom to tell about a vulnerability', () => {
  const bytes = readFileSync(artifact);
  const from = bytes.indexOf(begin);
  const to = bytes.indexOf(end);
  expect(from).toBeGreaterThan(0);
  expect(to).toBeGreaterThan(from);
  const words = bytes
    .toString('utf8', from + begin.length, to)
    .split('\0')
    .slice(0, -1);
  const pairs = words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]] as const] : []));
  const fields = new Map(pairs);
  for (const required of ['name', 'project_url', 'contacts', 'policy']) expect(fields.get(required)).toBeTruthy();
  expect(fields.get('contacts')).toContain('SECURITY.md');
});
