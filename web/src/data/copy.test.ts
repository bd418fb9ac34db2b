import { afterEach, expect, test, vi } from 'vitest';

import type { Notice } from '../domain/notices.ts';
import { copyText } from './copy.ts';

afterEach(() => void vi.unstubAllGlobals());

async function toldOf(clipboard: unknown): Promise<readonly Notice[]> {
  vi.stubGlobal('navigator', { clipboard });
  const told: Notice[] = [];
  await copyText({ show: (notice) => void told.push(notice) }, 'a text', { title: 'Copied', text: 'a text' });
  return told;
}

test('what is copied is told as copied', async () => {
  const copied: string[] = [];
  const told = await toldOf({ writeText: async (text: string) => void copied.push(text) });
  expect([copied, told]).toEqual([['a text'], [{ tone: 'neutral', title: 'Copied', text: 'a text' }]]);
});

test.each([
  ['forbids it', { writeText: () => Promise.reject(new Error('NotAllowedError')) }],
  ['has no clipboard on this page', undefined],
])('a browser that %s copies nothing, and says so', async (_what, clipboard) => {
  expect(await toldOf(clipboard)).toMatchObject([{ tone: 'warn', title: 'Not copied' }]);
});
