import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const stepsMax = 80;

const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/SOL-PERP');
  await screen.startDemo();
  await screen.page.reload();
  await screen.reads('available', '5,000.00');
});

afterAll(() => screen?.close());

const isFocused = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Steps through the page with the Tab key until the focus is there; every stop on the way shows its focus. */
async function tabTo(target: Locator): Promise<void> {
  for (let step = 0; step < stepsMax; step += 1) {
    await screen.page.keyboard.press('Tab');
    const shown = await screen.page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return 'nothing has the focus';
      const hasRing = (element: Element | null) => {
        if (element === null) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      };
      // A field shows it on its frame.
      const isSeen = hasRing(at) || hasRing(at.parentElement) || at.closest('.field') !== null;
      return isSeen ? '' : `no focus is seen on ${at.outerHTML.slice(0, 160)}`;
    });
    if (shown.startsWith('no focus')) expect(shown).toBe('');
    if (await isFocused(target)) return;
  }
  throw new Error(`the Tab key does not come to ${target.toString()} within ${stepsMax} steps`);
}

test('a whole order is placed, seen and closed without a pointer, and the focus can be seen at every step', async () => {
  const { page } = screen;
  await tabTo(page.getByRole('link', { name: 'Skip to the order ticket' }));
  await page.keyboard.press('Enter');
  expect(await isFocused(page.locator('#ticket'))).toBe(true);
  await tabTo(page.getByTestId('size'));
  await page.keyboard.type('2');
  await expect
    .poll(() => page.getByTestId('submit-order').textContent(), { timeout: shownMsMax })
    .toBe('Buy / Long 2.00 SOL');
  await tabTo(page.getByTestId('submit-order'));
  await page.keyboard.press('Enter');
  await page.getByTestId('position').waitFor();
  await tabTo(page.getByTestId('close-position').first());
  await page.keyboard.press('Enter');
  await screen.counts('position', 0);
  // The row is gone with its button: the focus stays where the rows are.
  const isLost = () => page.evaluate(() => document.activeElement === document.body);
  await expect.poll(isLost, { timeout: shownMsMax }).toBe(false);
});

test('Enter sends an order from its figures and its button alone, and a held key confirms nothing unread', async () => {
  const { page } = screen;
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/trading/orders')) sent.push(request.url());
  });
  await page.getByTestId('size').fill('1');
  await expect.poll(() => page.getByTestId('submit-order').isEnabled(), { timeout: shownMsMax }).toBe(true);
  const reduceOnly = page.getByRole('checkbox', { name: 'Reduce only' });
  await reduceOnly.focus();
  await page.keyboard.press('Enter');
  expect(await reduceOnly.isChecked()).toBe(true);
  await page.keyboard.press('Enter');
  expect(await reduceOnly.isChecked()).toBe(false);
  await page.getByTestId('leverage').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('slider', { name: 'Leverage' }).focus();
  await page.keyboard.press('Enter');
  await page.evaluate(() => {
    const key = 'quantdesk.preferences';
    localStorage.setItem(
      key,
      JSON.stringify({ ...JSON.parse(localStorage.getItem(key) ?? '{}'), confirmOrders: true }),
    );
  });
  await page.reload();
  await page.getByTestId('size').fill('1');
  await expect.poll(() => page.getByTestId('submit-order').isEnabled(), { timeout: shownMsMax }).toBe(true);
  await page.getByTestId('size').focus();
  await page.keyboard.down('Enter');
  await page.getByTestId('confirm-order').waitFor();
  const send = page.getByTestId('confirm-send');
  await expect.poll(() => send.isEnabled(), { timeout: shownMsMax }).toBe(true);
  await send.focus();
  // The second press of a key that is down repeats it.
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.getByTestId('confirm-order').waitFor();
  expect(sent).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('size').fill('');
});

test('a dialog takes the focus, keeps it, and gives it back where it came from', async () => {
  const { page } = screen;
  const opener = page.getByRole('button', { name: 'Deposit', exact: true }).first();
  await tabTo(opener);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect.poll(() => isFocused(opener)).toBe(true);
});

test('a slash opens the list of markets at its search, and Enter goes to what was found', async () => {
  const { page } = screen;
  await page.keyboard.press('/');
  await page.getByTestId('market-search').waitFor();
  await expect.poll(() => isFocused(page.getByTestId('market-search'))).toBe(true);
  await page.keyboard.type('btc');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toMatch(/BTC-PERP$/);
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
