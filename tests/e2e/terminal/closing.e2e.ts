import { readFileSync } from 'node:fs';
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
/** Has the screen be one that is touched: no pointer shows a hint. */
async function isTouched(enabled: boolean): Promise<void> {
  const session = await screen.page.context().newCDPSession(screen.page);
  await session.send('Emulation.setTouchEmulationEnabled', { enabled });
}
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

test('a position and its fill are shared as a picture that is drawn here: amounts only when asked for, nothing sent', async () => {
  const { page } = screen;
  await buy('SOL-PERP', 2);
  await page.getByTestId('position-menu').waitFor();
  const sent: string[] = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  // This browser has no sheet of the system: in its place one that keeps what it is given.
  await page.evaluate(() => {
    const share = ({ files }: ShareData) => Promise.resolve(void (document.title = `shared ${files?.[0]?.name}`));
    Object.assign(navigator, { canShare: () => true, share });
  });
  await page.getByTestId('position-menu').click();
  await page.getByTestId('menu-share').click();
  const card = page.getByRole('img', { name: /^QuantDesk: SOL-PERP Long .* Open\. ROE [+−]?\d/ });
  await card.waitFor();
  expect(await card.getAttribute('aria-label')).not.toContain('USDC');
  await screen.isAccessible();
  await page.getByTestId('share-amounts').click();
  await expect.poll(() => card.getAttribute('aria-label')).toMatch(/PnL .* USDC\. Size 2\.00 SOL/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('share-save').click()]);
  expect(download.suggestedFilename()).toBe('quantdesk-sol-perp-open.png');
  const picture = readFileSync(await download.path());
  expect([picture.toString('latin1', 1, 4), picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([
    'PNG',
    1200,
    630,
  ]);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTestId('share-copy').click();
  await screen.reads('share-said', 'Image copied');
  const copied = () => page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
  expect(await copied()).toContain('image/png');
  await page.getByTestId('share-send').click();
  await expect.poll(() => page.title()).toBe('shared quantdesk-sol-perp-open.png');
  await page.keyboard.press('Escape');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
    .toBe('position-menu');
  expect(sent).toEqual([]);
  await page.getByTestId('close-position').click();
  await screen.counts('position', 0);
  await page.getByRole('tab', { name: /^Fills/ }).click();
  await page.getByTestId('fill').filter({ hasText: 'Sell' }).first().getByTestId('share-fill').click();
  await page.getByRole('img', { name: /Long .*× Closed\. ROE .*Entry .*Exit / }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: /^Positions/ }).click();
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

test('in a narrow table the button says its slippage where it is touched, and in one line why a position cannot be closed, the sentence being its hint', async () => {
  const { page } = screen;
  await page.setViewportSize(narrow);
  await buy('SOL-PERP', 2);
  const button = page.getByTestId('close-position');
  await button.waitFor();
  const { width } = (await button.boundingBox()) ?? { width: 0 };
  const hidden = () =>
    page.locator('.account-content').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(await hidden()).toBe(0);
  await isTouched(true);
  await expect.poll(() => button.innerText()).toMatch(/^Close\s+slippage 1\.25%$/);
  // The keys at the edge leave what is beside them in sight: a press in the middle of the exits' key meets it.
  expect(await hidden()).toBe(0);
  await page.getByTestId('edit-exits').click({ trial: true, timeout: shownMsMax });
  await isTouched(false);
  await expect.poll(() => button.innerText()).toBe('Close');
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
