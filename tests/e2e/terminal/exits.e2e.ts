import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

/** Far enough to be a drag and another price; near enough to stay in the drawing. */
const dragPixels = 24;

const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/BTC-PERP');
  await screen.startDemo();
  const order = { symbol: 'BTC-PERP', side: 'buy', order_type: 'market', quantity: 0.02, leverage: 5 };
  await tradeAs(screen.page, terminal.apiUrl, order);
  await screen.counts('position', 1);
});

afterAll(() => screen?.close());

const lineName = async (kind: string) => (await screen.page.getByTestId(kind).getAttribute('aria-label')) ?? '';

test('a take-profit begins at the entry line, is set by keyboard, and can be seen before it is sent', async () => {
  const { page } = screen;
  await page.getByTestId('add-take-profit').click();
  await page.getByTestId('move-card').waitFor();
  const first = await screen.text('move-card');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => screen.text('move-card'), { timeout: shownMsMax }).not.toBe(first);
  await screen.isAccessible();
  await page.getByTestId('apply-move').click();
  await screen.counts('move-card', 0);
  await page.getByTestId('line-takeProfit').waitFor();
});

test('its line is dragged to another price; nothing is sent before that is confirmed', async () => {
  const { page } = screen;
  const before = await lineName('line-takeProfit');
  const box = await page.getByTestId('line-takeProfit').boundingBox();
  if (box === null) throw new Error('the line has no label in the drawing');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - dragPixels / 2);
  await page.mouse.move(x, y - dragPixels);
  await page.mouse.up();
  await page.getByTestId('apply-move').waitFor();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => ['PATCH', 'PUT', 'POST'].includes(response.request().method())),
    page.getByTestId('apply-move').click(),
  ]);
  expect(answer.ok()).toBe(true);
  await screen.counts('move-card', 0);
  await expect.poll(() => lineName('line-takeProfit'), { timeout: shownMsMax }).not.toBe(before);
});

test('both exits are set, moved and removed in the dialog of the position', async () => {
  const { page } = screen;
  await page.getByTestId('position-menu').click();
  await page.getByTestId('menu-exits').click();
  await page.getByTestId('exit-stop-loss').fill(String(Math.floor((await screen.figure('price')) * 0.95)));
  await screen.isAccessible();
  await page.getByTestId('exits-submit').click();
  await page.getByRole('tab', { name: /Open orders/ }).click();
  await screen.counts('order', 2);
  await page.getByRole('tab', { name: /Positions/ }).click();
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
