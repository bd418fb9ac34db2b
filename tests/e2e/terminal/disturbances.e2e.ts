import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hermesControl } from '#support/terminal/hermes-control.ts';
import { openScreen, type Screen } from '#support/terminal/screen.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

/** A killed worker is started again by the supervisor; a busy machine takes its time. */
const restartedMsMax = 60_000;
/** Prices may be some seconds old before they count as stale, and the object looks at its own pace. */
const staleMsMax = 40_000;
const minuteSeconds = 60;

const terminal = inject('terminal');
const hermes = hermesControl(terminal.hermesUrl);
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/ETH-PERP');
  await screen.startDemo();
});

afterAll(async () => {
  await hermes.send({ stale: false });
  await screen?.close();
});

const connection = () => screen.page.getByTestId('connection').getAttribute('data-state');

/** Kills the worker with everything in its process group, as a crash of the machine would. */
function killWorker(): void {
  const parts = JSON.parse(readFileSync(join(terminal.stateDir, 'run.json'), 'utf8')) as { worker?: number };
  if (parts.worker === undefined) throw new Error('no worker is running');
  process.kill(-parts.worker, 'SIGKILL');
}

test('without a network nothing passes for live; what happened meanwhile is on the screen as soon as it is back', async () => {
  const { page } = screen;
  await page.getByRole('tab', { name: /Open orders/ }).click();
  await screen.counts('order', 0);
  await page.context().setOffline(true);
  await expect.poll(connection, { timeout: restartedMsMax }).toBe('offline');
  await page.getByText('No connection since').waitFor();
  await page.getByTestId('size').fill('0.5');
  await screen.reads('oracle-state', 'Silent');
  await screen.reads('submit-order', 'No live price');
  await page.getByTestId('size').fill('');
  const order = { symbol: 'ETH-PERP', side: 'buy', order_type: 'limit', quantity: 0.5, price: 900, leverage: 2 };
  await tradeAs(page, terminal.apiUrl, order);
  await page.context().setOffline(false);
  await expect.poll(connection, { timeout: restartedMsMax }).toBe('live');
  await screen.reads('order', 'Resting');
  await page
    .getByTestId('order')
    .getByRole('button', { name: /Cancel/ })
    .click();
  await screen.counts('order', 0);
  await page.getByRole('tab', { name: /Positions/ }).click();
});

test('a dead worker is told by a banner; when it is back, figures move on and no minute of the chart is missing', async () => {
  const { page } = screen;
  killWorker();
  await expect.poll(connection, { timeout: restartedMsMax }).toBe('offline');
  await page.getByText('No connection since').waitFor();
  await screen.isAccessible();
  await expect.poll(connection, { timeout: restartedMsMax }).toBe('live');
  await expect.poll(() => page.getByText('No connection since').count()).toBe(0);
  const seen = await screen.text('price');
  await expect.poll(() => screen.text('price'), { timeout: restartedMsMax }).not.toBe(seen);
  await page.getByRole('button', { name: '1m', exact: true }).click();
  await page.getByTestId('chart-as-table').click();
  const rows = page.getByTestId('bar-table').locator('tbody th');
  await expect.poll(() => rows.count(), { timeout: restartedMsMax }).toBeGreaterThan(2);
  const times = (await rows.allTextContents()).map((told) => {
    const [day, month, clock] = told.split(' ');
    return Date.parse(`${day} ${month} 2000 ${clock} UTC`) / 1_000;
  });
  await page.getByTestId('chart-as-table').click();
  expect(times.length).toBeGreaterThan(2);
  const steps = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? 0)));
  expect(new Set(steps)).toEqual(new Set([minuteSeconds]));
});

test('while the oracle is stale the ticket is closed and says why; it opens again by itself', async () => {
  const { page } = screen;
  await page.getByTestId('size').fill('0.5');
  const button = page.getByTestId('submit-order');
  await expect.poll(() => button.isEnabled(), { timeout: staleMsMax }).toBe(true);
  await hermes.send({ stale: true });
  await screen.reads('oracle-state', 'Stale', staleMsMax);
  await screen.reads('submit-order', 'Price is stale', staleMsMax);
  expect(await button.isDisabled()).toBe(true);
  await page.getByText('Orders wait until the oracle price moves again.').first().waitFor();
  await screen.isAccessible();
  await hermes.send({ stale: false });
  await screen.reads('oracle-state', 'Live', staleMsMax);
  await expect.poll(() => button.isEnabled(), { timeout: staleMsMax }).toBe(true);
});

test('beside the connection that was cut nothing failed in the page', () => {
  const cut = /WebSocket connection|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_SOCKET|answer: 503/;
  screen.metNoProblem(cut);
});
