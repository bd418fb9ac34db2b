import { expect, test } from 'vitest';
import { findBrowser } from './browser.ts';

const runnable = process.execPath;
const nothing = () => Promise.resolve(undefined);
const packaged = () => Promise.resolve('/packaged/chromium');

test('CHROMIUM_PATH comes before any other browser', async () => {
  expect(await findBrowser({ CHROMIUM_PATH: runnable }, ['/bin/sh'], packaged)).toBe(runnable);
});

test('a CHROMIUM_PATH that is no program is an error, not a reason to take another browser', async () => {
  await expect(findBrowser({ CHROMIUM_PATH: '/nowhere/chromium' }, ['/bin/sh'], packaged)).rejects.toThrow(
    '/nowhere/chromium',
  );
});

test("the system's browser comes before the packaged one", async () => {
  expect(await findBrowser({}, ['/nowhere/chromium', '/bin/sh'], packaged)).toBe('/bin/sh');
  expect(await findBrowser({}, ['/nowhere/chromium'], packaged)).toBe('/packaged/chromium');
});

test('without any browser the message names the command that installs one', async () => {
  await expect(findBrowser({}, [], nothing)).rejects.toThrow(/apt-get install chromium|brew install --cask chromium/);
});
