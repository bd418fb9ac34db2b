import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

/** A request of the pool waits for the keeper's next turn. */
const executedMsMax = 90_000;

const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/ETH-PERP');
  await screen.startDemo();
  const order = { symbol: 'ETH-PERP', side: 'buy', order_type: 'market', quantity: 0.5, leverage: 10 };
  await tradeAs(screen.page, terminal.apiUrl, order);
  await screen.counts('position', 1);
});

afterAll(() => screen?.close());

test('the portfolio shows what the account is worth and what moved in', async () => {
  await screen.page.getByTestId('nav-portfolio').click();
  await expect.poll(() => screen.figure('portfolio-equity'), { timeout: shownMsMax }).toBeGreaterThan(4_000);
  await expect
    .poll(() => screen.page.getByTestId('transfer').count(), { timeout: shownMsMax })
    .toBeGreaterThanOrEqual(1);
  await screen.isAccessible();
});

test('a deposit into the pool is previewed, signed in words, executed and owned', async () => {
  const { page } = screen;
  await page.getByTestId('nav-earn').click();
  await page.getByTestId('pool-amount').fill('500');
  await expect.poll(() => screen.text('pool-receives'), { timeout: shownMsMax }).toMatch(/\d/);
  await screen.isAccessible();
  await page.getByTestId('pool-submit').click();
  await page.getByTestId('sign').click();
  await expect.poll(() => screen.figure('own-worth'), { timeout: executedMsMax }).toBeGreaterThan(400);
});

test('the what-if slider says which positions a fall would liquidate', async () => {
  const { page } = screen;
  await page.getByTestId('nav-risk').click();
  await screen.counts('ratio', 1);
  await page.getByTestId('what-if-percent').fill('-40');
  await page.keyboard.press('Enter');
  await screen.reads('what-if-liquidated', '1 of 1');
  await screen.isAccessible();
});

test('the settings give a copy of everything that is kept, and erase the person by a signature, which signs out', async () => {
  const { page } = screen;
  await screen.goto('/settings');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-data').click()]);
  const file = JSON.parse(await readFile(await download.path(), 'utf8')) as { fills: unknown[]; sessions: unknown[] };
  expect([file.fills.length, file.sessions.length]).toEqual([1, 1]);
  await page.getByTestId('erase-data').click();
  await page.getByTestId('sign').click();
  await expect.poll(() => screen.text('own-data'), { timeout: shownMsMax }).toContain('What stays');
  await expect.poll(() => page.getByTestId('export-data').isDisabled(), { timeout: shownMsMax }).toBe(true);
});

test('nothing failed in the page on the way', () => {
  // The session that was ended with the data is not renewed.
  screen.metNoProblem(/\/api\/auth\/refresh/);
});
