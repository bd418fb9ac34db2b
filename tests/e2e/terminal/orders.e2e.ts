import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/SOL-PERP');
  await screen.startDemo();
});

afterAll(() => screen?.close());

const choose = (name: string) => screen.page.getByRole('radio', { name, exact: true }).click();

test('a limit order below the price rests until it is cancelled', async () => {
  const { page } = screen;
  await choose('Limit');
  await page.getByTestId('limit-price').fill(String(Math.floor((await screen.figure('price')) * 0.9)));
  await page.getByTestId('size').fill('1');
  await page.getByTestId('submit-order').click();
  await page.getByRole('tab', { name: /Open orders/ }).click();
  await screen.reads('order', 'Resting');
  await screen.isAccessible();
  await page
    .getByTestId('order')
    .getByRole('button', { name: /Cancel/ })
    .click();
  await screen.counts('order', 0);
  await page.getByRole('tab', { name: /Positions/ }).click();
  await choose('Market');
});

test('a market buy at 20× becomes a position whose profit moves with the price', async () => {
  const { page } = screen;
  await page.getByTestId('leverage').fill('20');
  await page.getByTestId('size').fill('20');
  const button = page.getByTestId('submit-order');
  await expect.poll(() => button.textContent(), { timeout: shownMsMax }).toBe('Buy / Long 20.00 SOL');
  await screen.isAccessible();
  await button.click();
  await page.getByTestId('position').waitFor();
  await screen.reads('position', 'Long');
  expect(await screen.figure('position-liquidation')).toBeLessThan(await screen.figure('price'));
  const profit = await screen.text('position-pnl');
  await expect.poll(() => screen.text('position-pnl'), { timeout: shownMsMax }).not.toBe(profit);
  await screen.isAccessible();
});

test('against a position the ticket says what is closed, and what a larger order opens on the other side', async () => {
  const { page } = screen;
  await choose('Sell / Short');
  await page.getByTestId('size').fill('8');
  await screen.reads('receipt-effect', /^Closes 8.00 long$/);
  await page.getByTestId('size').fill('32');
  await screen.reads('receipt-effect', /^Closes 20.00 long, opens 12.00 short$/);
  await screen.isAccessible();
});

test('a quarter of the position is closed by one press, and the header says what holding the rest costs', async () => {
  const { page } = screen;
  await page.getByRole('radiogroup', { name: 'Share to close, percent' }).getByRole('radio', { name: '25%' }).click();
  await page.getByTestId('close-position').click();
  await screen.reads('position', '15.00 SOL');
  await expect.poll(() => screen.figure('funding-rate'), { timeout: shownMsMax }).toBeGreaterThan(0);
  expect(await screen.figure('borrow-rate')).toBeGreaterThan(0);
  expect(await screen.text('position-borrow')).toMatch(/^−\d+\.\d{4}−\d+\.\d{4}\/h$/);
});

test('a larger order on the other side flips the position', async () => {
  const { page } = screen;
  await choose('Sell / Short');
  await page.getByTestId('size').fill('25');
  await screen.reads('receipt-effect', /^Closes 15.00 long, opens 10.00 short$/);
  await page.getByTestId('submit-order').click();
  await screen.reads('position', /Short.*10\.00 SOL/);
  await screen.counts('position', 1);
  await page.getByTestId('close-position').click();
  await screen.counts('position', 0);
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
