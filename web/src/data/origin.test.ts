import { expect, test } from 'vitest';

import { apiOriginOf } from './origin.ts';

const page = { origin: 'https://terminal.example' };

test('without a configured address requests and sockets go to the origin of the page', () => {
  expect(apiOriginOf('', page)).toEqual({ http: '', socket: 'wss://terminal.example' });
  expect(apiOriginOf('', { origin: 'http://127.0.0.1:5173' }).socket).toBe('ws://127.0.0.1:5173');
});

test('a configured address is the origin of requests and sockets alike, whatever follows it', () => {
  const api = { http: 'https://api.example:8443', socket: 'wss://api.example:8443' };
  expect(apiOriginOf('https://api.example:8443', page)).toEqual(api);
  expect(apiOriginOf('https://api.example:8443/', page)).toEqual(api);
});

test('what is no address is refused, not taken for the origin of the page', () => {
  expect(() => apiOriginOf('api.example', page)).toThrow(TypeError);
});
