import { openScreen, phone, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { smallTargets } from '#support/terminal/small-targets.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { pressedUnderToasts } from '#support/terminal/under-toasts.ts';
import type { WebSocket } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl, ...phone });
  await screen.goto('/trade/BTC-PERP');
});

afterAll(() => screen?.close());

test('everything fits the width, and the ticket opens in a sheet on the side that was pressed', async () => {
  const { page } = screen;
  await page.getByTestId('chart').locator('canvas').first().waitFor();
  await screen.isAccessible();
  await page.getByTestId('open-sell').click();
  expect(await page.getByRole('radio', { name: 'Sell / Short' }).getAttribute('aria-checked')).toBe('true');
  await screen.isAccessible();
  await page.keyboard.press('Escape');
});

/** Fields and buttons of the ticket that something lies over once they are scrolled into sight. */
const coveredFields = () =>
  screen.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.ticket :is(input, button)')]
      .filter((field) => field.checkVisibility())
      .filter((field) => {
        field.scrollIntoView({ block: 'nearest' });
        const { left, right, top, bottom } = field.getBoundingClientRect();
        const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return seen === null || !(field.contains(seen) || seen.contains(field));
      })
      .map((field) => field.getAttribute('aria-label') ?? field.dataset['testid'] ?? field.textContent),
  );

test('a closed ticket keeps what was typed, and with a keyboard on the screen every field of it can be reached', async () => {
  const { page } = screen;
  await page.getByTestId('open-buy').click();
  await page.getByTestId('size').fill('0.02');
  await page.keyboard.press('Escape');
  await screen.counts('size', 0);
  await page.getByTestId('open-buy').click();
  expect(await page.getByTestId('size').inputValue()).toBe('0.02');
  await page.getByTestId('exits-toggle').click();
  await page.getByTestId('stop-loss').waitFor();
  await page.setViewportSize({ width: phone.width, height: 360 });
  expect(await coveredFields()).toEqual([]);
  await page.setViewportSize({ width: phone.width, height: phone.height });
  await page.getByTestId('exits-toggle').click();
  await page.getByTestId('size').fill('');
  await page.keyboard.press('Escape');
  await screen.counts('size', 0);
});

test('an order is placed and closed again with a thumb', async () => {
  const { page } = screen;
  await screen.startDemo();
  await page.getByTestId('open-buy').click();
  await page.getByTestId('size').fill('0.01');
  await page.getByTestId('submit-order').click();
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Positions/ })
    .click();
  await screen.reads('position', 'BTC-PERP');
  await screen.isAccessible();
  await page.getByTestId('close-position').click();
  await screen.counts('position', 0);
});

/** Goes to a page and waits until the account's stream has said where it stands: what comes afterwards is news, of which the page gives notice. */
async function gotoAndHear(path: string): Promise<void> {
  const { page } = screen;
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const listen = (socket: WebSocket) => {
    if (!socket.url().includes('/ws/account')) return;
    socket.on('framereceived', ({ payload }) => String(payload).includes('"snapshot"') && resolve());
  };
  page.on('websocket', listen);
  await screen.goto(path);
  await heard;
  page.off('websocket', listen);
}

test('a toast lies over nothing that can be pressed: the page makes room for it, and takes the room back', async () => {
  const { page } = screen;
  const order = { symbol: 'BTC-PERP', side: 'buy', order_type: 'limit', quantity: 0.01, price: 50_000, leverage: 2 };
  const rest = () => tradeAs(page, terminal.apiUrl, order);
  const bottom = async () => page.locator('#main').evaluate((main) => main.getBoundingClientRect().bottom);
  for (let count = 0; count < 6; count += 1) await rest();
  await page.getByRole('tab', { name: /^Open orders/ }).click();
  await page.getByTestId('order').nth(5).waitFor();
  await page.getByTestId('order').last().scrollIntoViewIfNeeded();
  expect(await page.getByTestId('notice').count()).toBeGreaterThan(0);
  expect(await pressedUnderToasts(page)).toEqual([]);
  for (const path of ['/trade/BTC-PERP', '/settings', '/portfolio']) {
    await gotoAndHear(path);
    await screen.settled();
    const without = await bottom();
    await rest();
    await page.getByTestId('notice').first().waitFor();
    // The page hears of a notice's height, and of its end, a frame later.
    await expect.poll(bottom, { timeout: shownMsMax }).toBeLessThan(without);
    expect([path, await pressedUnderToasts(page)]).toEqual([path, []]);
    await screen.counts('notice', 0);
    await expect.poll(bottom, { timeout: shownMsMax }).toBe(without);
  }
});

test('zoomed to 400 %, the bar keeps the wallet whole', async () => {
  const { page } = screen;
  await page.setViewportSize({ width: 320, height: phone.height });
  await page.getByTestId('wallet-menu').waitFor();
  const needed = await page.locator('.top-bar').evaluate((bar) => bar.scrollWidth);
  await page.setViewportSize(phone);
  expect(needed).toBeLessThanOrEqual(320);
});

test('nothing that is pressed is lower than a thumb', async () => {
  expect(await smallTargets(screen.page)).toEqual([]);
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
