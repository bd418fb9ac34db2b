import { expect, test } from 'vitest';

import { programOf } from './session-name.ts';

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'Chrome, Linux',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0', 'Edge, Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari, iPhone'],
  ['market-maker/1.4', 'market-maker/1.4'],
  [`bot ${'x'.repeat(80)}`, `bot ${'x'.repeat(36)}`],
  ['  ', undefined],
  [null, undefined],
])('a session is named by its program: %s', (userAgent, name) => {
  expect(programOf(userAgent)).toBe(name);
});
