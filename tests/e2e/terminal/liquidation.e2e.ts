import { hermesControl } from '#support/terminal/hermes-control.ts';
import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

/** Price crossing → re-check → liquidation landed → receipt, with the wait for the next second and a busy machine. */
const liquidatedMsMax = 45_000;

const terminal = inject('terminal');
const hermes = hermesControl(terminal.hermesUrl);
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/SOL-PERP');
  await screen.startDemo();
  await screen.page.getByTestId('leverage').fill('20');
  await screen.page.getByTestId('size').fill('15');
  await screen.page.getByTestId('submit-order').click();
  await screen.page.getByTestId('position').waitFor();
});

afterAll(async () => {
  await hermes.setPrice('SOL', null);
  await screen?.close();
});

test('when the price falls through the liquidation price, a part is liquidated, and its receipt is recomputed in the browser', async () => {
  const { page } = screen;
  await hermes.setPrice('SOL', Math.floor((await screen.figure('position-liquidation')) * 0.999 * 100) / 100);
  const receipt = page.getByTestId('liquidation-receipt');
  await receipt.waitFor({ timeout: liquidatedMsMax });
  await expect.poll(() => receipt.textContent(), { timeout: shownMsMax }).toMatch(/\d+\.\d+ of 15\.00 SOL/);
  await screen.reads('recomputed', /^Agrees in every figure$/);
  await screen.counts('position', 1);
  await screen.isAccessible();
  await page.keyboard.press('Escape');
});

test('when it falls on, beyond what the margin carries, the rest goes in full', async () => {
  const { page } = screen;
  await hermes.setPrice('SOL', Math.floor((await screen.figure('position-liquidation')) * 0.95 * 100) / 100);
  await screen.counts('position', 0, liquidatedMsMax);
  await page.getByRole('tab', { name: 'Liquidations' }).click();
  await expect.poll(() => page.getByText('Full', { exact: true }).count(), { timeout: shownMsMax }).toBe(1);
  await screen.isAccessible();
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
