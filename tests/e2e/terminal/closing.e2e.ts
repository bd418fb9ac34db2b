import { hermesControl } from '#support/terminal/hermes-control.ts';
import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

/** Prices may be some seconds old before they count as stale, and the object looks at its own pace. */
const staleMsMax = 40_000;
/** A table of this desk has room for a word in place of the button's, and not for a sentence. */
const narrow = { width: 1024, height: 768 } as const;
/** Two lines of the button's text are higher. */
const oneLinePxMax = 30;

const terminal = inject('terminal');
const hermes = hermesControl(terminal.hermesUrl);
let screen: Screen;

const buy = (symbol: string, quantity: number) =>
  tradeAs(screen.page, terminal.apiUrl, { symbol, side: 'buy', order_type: 'market', quantity, leverage: 4 });
const closeRequest = () =>
  screen.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/close'));

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/SOL-PERP');
  await screen.startDemo();
});

afterAll(async () => {
  await hermes.send({ stale: false });
  await screen?.close();
});

test('one press of Close sends the slippage that its hint says, and that is the one of the ticket', async () => {
  const { page } = screen;
  await buy('SOL-PERP', 2);
  const button = page.getByTestId('close-position');
  await button.waitFor();
  expect(await button.getAttribute('title')).toContain('slippage up to 0.50%');
  await page.getByTestId('execution-toggle').click();
  await page.getByLabel('Max slippage').fill('1.25');
  await expect.poll(() => button.getAttribute('title')).toContain('slippage up to 1.25%');
  const [request] = await Promise.all([closeRequest(), button.click()]);
  expect(request.postDataJSON()).toEqual({ max_slippage_bps: 125 });
  await screen.counts('position', 0);
});

test('the window of a position closes it with the same slippage, and says at what price that ends', async () => {
  const { page } = screen;
  await buy('SOL-PERP', 2);
  await page.getByTestId('position-menu').click();
  await page.getByTestId('close-terms').click();
  await screen.reads('draft-receipt', /slippage up to 1\.25%\d+\.\d+/);
  await screen.isAccessible();
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/orders'));
  await page.getByTestId('close-submit').click();
  expect((await sent).postDataJSON()).toMatchObject({ reduce_only: true, max_slippage_bps: 125 });
  await screen.counts('position', 0);
});

test('Close all asks with a list, until the trader has said that it need not', async () => {
  const { page } = screen;
  await buy('SOL-PERP', 2);
  await buy('ETH-PERP', 0.2);
  await screen.counts('position', 2);
  await page.getByTestId('close-all').click();
  await screen.reads('close-all-list', /ETH-PERP/);
  await page.getByRole('dialog').getByText('slippage up to 1.25%').waitFor();
  await screen.isAccessible();
  await page.getByLabel('Ask the next time too').uncheck();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await screen.counts('close-all-list', 0);
  await screen.counts('position', 2);
  const [request] = await Promise.all([closeRequest(), page.getByTestId('close-all').click()]);
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(request.postDataJSON()).toEqual({ max_slippage_bps: 125 });
  await screen.counts('position', 0);
});

test('in a narrow table the button says in one line why a position cannot be closed, and the sentence is its hint', async () => {
  const { page } = screen;
  await page.setViewportSize(narrow);
  await buy('SOL-PERP', 2);
  const button = page.getByTestId('close-position');
  await button.waitFor();
  const { width } = (await button.boundingBox()) ?? { width: 0 };
  await hermes.send({ stale: true });
  await expect.poll(() => button.innerText(), { timeout: staleMsMax }).toMatch(/^Stale price/);
  const box = (await button.boundingBox()) ?? { width: 0, height: 0 };
  expect([box.width, box.height <= oneLinePxMax]).toEqual([width, true]);
  expect(await button.getAttribute('title')).toContain('limit order to close');
  await screen.isAccessible();
  await hermes.send({ stale: false });
  await expect.poll(() => button.innerText(), { timeout: staleMsMax }).toBe('Close');
  await button.click({ timeout: shownMsMax });
  await screen.counts('position', 0);
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
