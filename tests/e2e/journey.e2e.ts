import { openBrowser, type OpenBrowser } from '#support/browser.ts';
import { installBurnerWallet } from '#support/burner-wallet.ts';
import { startExchange, type RunningExchange } from '#support/running-exchange.ts';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a screen shows has to be there within this time. */
const shownMsMax = 20_000;
/** Price crossing → re-check → liquidation landed → receipt, with the wait for the next second and a busy machine. */
const liquidatedMsMax = 45_000;

let exchange: RunningExchange;
let browser: OpenBrowser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  exchange = await startExchange();
  browser = await openBrowser({ width: 1440, height: 900 });
  page = await browser.context.newPage();
  page.setDefaultTimeout(shownMsMax);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400)
      problems.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
});

afterAll(async () => {
  await browser?.close();
  await exchange?.close();
});

const text = async (testId: string): Promise<string> => (await page.getByTestId(testId).first().textContent()) ?? '';

/** The figure without its grouping and with a plain minus. */
const figure = async (testId: string): Promise<number> =>
  Number(
    (await text(testId))
      .replaceAll(',', '')
      .replace('−', '-')
      .replace(/[^\d.-]/g, ''),
  );

/** Says which rule of WCAG A and AA the screen breaks, and where. */
async function accessibilityViolations(of: Page = page): Promise<string[]> {
  await of.evaluate(axe.source);
  const { violations } = await of.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    }),
  );
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}`));
}

/** A price of the test's choosing in place of the tape's; null goes back to the tape. */
async function setPrice(usd: number | null): Promise<void> {
  const answer = await fetch(`${exchange.hermesUrl}/_control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ price: { base: 'SOL', usd: usd === null ? null : String(usd) } }),
  });
  expect(answer.status).toBe(200);
}

test('a visitor sees the live market without a wallet', async () => {
  await page.goto(`${exchange.webUrl}/`);
  await expect.poll(() => figure('price'), { timeout: shownMsMax }).toBeGreaterThan(0);
  await expect
    .poll(() => page.getByTestId('connection').getAttribute('data-state'), { timeout: shownMsMax })
    .toBe('live');
  await page.getByTestId('chart').locator('canvas').first().waitFor();
  const seen = await text('price');
  await expect.poll(() => text('price'), { timeout: shownMsMax }).not.toBe(seen);
  expect(await page.title()).toMatch(/^\d[\d,.]* SOL-PERP · QuantDesk$/);
  expect(await accessibilityViolations()).toEqual([]);
});

test('one click leads from nothing to a funded trading account', async () => {
  await page.getByTestId('start-trading').click();
  await page.getByTestId('start-demo').click();
  await page.getByTestId('onboarding-done').waitFor({ timeout: shownMsMax * 2 });
  expect(await accessibilityViolations()).toEqual([]);
  await page.getByTestId('onboarding-done').click();
  await expect.poll(() => text('available'), { timeout: shownMsMax }).toBe('5,000.00 USDC');
});

test('a limit order below the price rests until it is cancelled', async () => {
  await page.getByRole('radio', { name: 'Limit' }).click();
  await page.getByTestId('limit-price').fill(String(Math.floor((await figure('price')) * 0.9)));
  await page.getByTestId('size').fill('1');
  await page.getByTestId('submit-order').click();
  await page.getByRole('tab', { name: /Open orders/ }).click();
  await expect.poll(() => text('order'), { timeout: shownMsMax }).toContain('Resting');
  expect(await accessibilityViolations()).toEqual([]);
  await page.getByTestId('order').getByRole('button').click();
  await expect.poll(() => page.getByTestId('order').count(), { timeout: shownMsMax }).toBe(0);
  await page.getByRole('tab', { name: /Positions/ }).click();
  await page.getByRole('radio', { name: 'Market' }).click();
});

test('a market buy at 20× becomes a position whose profit moves with the price', async () => {
  await page.getByTestId('leverage').fill('20');
  await page.getByTestId('size').fill('20');
  const button = page.getByTestId('submit-order');
  await expect.poll(() => button.textContent(), { timeout: shownMsMax }).toBe('Buy / Long 20.00 SOL');
  expect(await accessibilityViolations()).toEqual([]);
  await button.click();

  await page.getByTestId('position').waitFor();
  expect(await text('position')).toContain('Long');
  expect(await figure('position-liquidation')).toBeLessThan(await figure('price'));
  const profit = await text('position-pnl');
  await expect.poll(() => text('position-pnl'), { timeout: shownMsMax }).not.toBe(profit);
  expect(await accessibilityViolations()).toEqual([]);
});

test('against a position the ticket says what is closed, and what a larger order opens on the other side', async () => {
  await page.getByRole('radio', { name: 'Sell / Short' }).click();
  await page.getByTestId('size').fill('8');
  await expect.poll(() => text('receipt-effect'), { timeout: shownMsMax }).toBe('Closes 8.00 long');
  await page.getByTestId('size').fill('32');
  await expect.poll(() => text('receipt-effect'), { timeout: shownMsMax }).toBe('Closes 20.00 long, opens 12.00 short');
  expect(await accessibilityViolations()).toEqual([]);
  await page.getByRole('radio', { name: 'Buy / Long' }).click();
  await page.getByTestId('size').fill('');
});

test('a quarter of the position is closed by one press, and the header says what holding the rest costs', async () => {
  await page.getByRole('radiogroup', { name: 'Share to close, percent' }).getByRole('radio', { name: '25%' }).click();
  await page.getByTestId('close-position').click();
  await expect.poll(() => text('position'), { timeout: shownMsMax }).toContain('15.00 SOL');
  await expect.poll(() => figure('funding-rate'), { timeout: shownMsMax }).toBeGreaterThan(0);
  expect(await figure('borrow-rate')).toBeGreaterThan(0);
  expect(await text('position-borrow')).toMatch(/^−\d+\.\d{4}−\d+\.\d{4}\/h$/);
});

test('when the price falls through the liquidation price, a part is liquidated, and its receipt is recomputed in the browser', async () => {
  await setPrice(Math.floor((await figure('position-liquidation')) * 0.999 * 100) / 100);
  const receipt = page.getByTestId('liquidation-receipt');
  await receipt.waitFor({ timeout: liquidatedMsMax });
  await expect.poll(() => receipt.textContent(), { timeout: shownMsMax }).toMatch(/\d+\.\d\d of 15\.00 SOL/);
  await expect.poll(() => text('recomputed'), { timeout: shownMsMax }).toBe('Agrees in every figure');
  expect(await page.getByTestId('position').count()).toBe(1);
  expect(await accessibilityViolations()).toEqual([]);
  await page.keyboard.press('Escape');
});

test('when it falls on, beyond what the margin carries, the rest goes in full', async () => {
  await setPrice(Math.floor((await figure('position-liquidation')) * 0.95 * 100) / 100);
  await expect.poll(() => page.getByTestId('position').count(), { timeout: liquidatedMsMax }).toBe(0);
  await page.getByRole('tab', { name: 'Liquidations' }).click();
  await expect.poll(() => page.getByText('Full', { exact: true }).count(), { timeout: shownMsMax }).toBe(1);
  expect(await accessibilityViolations()).toEqual([]);
  await page.getByRole('tab', { name: /Positions/ }).click();
});

test('a wallet of the Wallet Standard signs in, sees what it signs, opens an account, and closes what it opened', async () => {
  const own = await openBrowser({ width: 1440, height: 900, colorScheme: 'light' });
  try {
    await setPrice(null);
    const tab = await own.context.newPage();
    tab.setDefaultTimeout(shownMsMax);
    const wallet = await installBurnerWallet(tab);
    await tab.goto(`${exchange.webUrl}/trade/SOL-PERP`);
    await tab.getByTestId('connect-wallet').click();
    await tab.getByRole('button', { name: wallet.name }).click();
    await tab.getByRole('button', { name: 'Get test funds' }).click();
    await tab.getByText('are in your wallet').waitFor();
    await tab.getByTestId('funds-amount').fill('1000');
    await tab.getByRole('button', { name: 'Review and sign' }).click();
    await tab
      .getByText(/1,?000 USDC/)
      .first()
      .waitFor();
    expect(wallet.transactionsSigned()).toBe(0);
    await tab.getByTestId('sign').click();
    await expect.poll(() => tab.getByTestId('available').textContent(), { timeout: shownMsMax }).toBe('1,000.00 USDC');
    expect(wallet.transactionsSigned()).toBe(1);

    expect(await accessibilityViolations(tab)).toEqual([]);

    await tab.getByRole('radio', { name: 'Sell / Short' }).click();
    await tab.getByTestId('size').fill('5');
    await tab.getByTestId('submit-order').click();
    await tab.getByTestId('close-position').click();
    await expect.poll(() => tab.getByTestId('position').count(), { timeout: shownMsMax }).toBe(0);
    await tab.getByRole('tab', { name: 'Fills' }).click();
    await expect.poll(() => tab.getByRole('row').count(), { timeout: shownMsMax }).toBeGreaterThanOrEqual(3);
    await tab.reload();
    await expect
      .poll(() => tab.getByTestId('wallet-menu').textContent(), { timeout: shownMsMax })
      .toContain(wallet.address.slice(0, 4));
  } finally {
    await own.close();
  }
});

test('on a phone everything fits the width, and the ticket opens in a sheet', async () => {
  const phone = await openBrowser({ width: 390, height: 844 });
  try {
    const tab = await phone.context.newPage();
    tab.setDefaultTimeout(shownMsMax);
    await tab.goto(`${exchange.webUrl}/trade/BTC-PERP`);
    await tab.getByTestId('chart').locator('canvas').first().waitFor();
    expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await accessibilityViolations(tab)).toEqual([]);
    await tab.getByTestId('open-sell').click();
    expect(await tab.getByRole('radio', { name: 'Sell / Short' }).getAttribute('aria-checked')).toBe('true');
    expect(await accessibilityViolations(tab)).toEqual([]);
  } finally {
    await phone.close();
  }
});

test('nothing failed in the page on the way', () => {
  expect(problems).toEqual([]);
});
