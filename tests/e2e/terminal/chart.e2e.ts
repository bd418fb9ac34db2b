import { openScreen, phone, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.goto('/trade/BTC-PERP');
  await screen.startDemo();
});

afterAll(() => screen?.close());

const label = async (testId: string) => (await screen.page.getByTestId(testId).getAttribute('aria-label')) ?? '';
/** The price that a line's label names. */
const priceOf = async (testId: string) => Number(/at ([\d,.]+)/.exec(await label(testId))?.[1]?.replaceAll(',', ''));
const focused = () => screen.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

/** The change of an order that goes out with a press. */
async function sent(method: string, path: RegExp, press: () => Promise<void>): Promise<Record<string, unknown>> {
  const [answer] = await Promise.all([
    screen.page.waitForResponse((response) => response.request().method() === method && path.test(response.url())),
    press(),
  ]);
  expect(answer.ok()).toBe(true);
  return answer.request().postDataJSON() as Record<string, unknown>;
}

async function drag(testId: string, byPixels: number): Promise<void> {
  const box = await screen.page.getByTestId(testId).boundingBox();
  if (box === null) throw new Error(`${testId} is not in sight`);
  const [x, y] = [box.x + 10, box.y + box.height / 2];
  await screen.page.mouse.move(x, y);
  await screen.page.mouse.down();
  await screen.page.mouse.move(x, y + byPixels, { steps: 8 });
  await screen.page.mouse.up();
}

test('a take-profit is put on the chart, dragged, and set with its result in sight', async () => {
  await screen.page.getByTestId('size').fill('0.05');
  await screen.page.getByTestId('submit-order').click();
  await screen.page.getByTestId('line-entry').waitFor();
  await screen.page.getByTestId('add-take-profit').click();
  const first = await priceOf('line-takeProfit');
  await drag('line-takeProfit', -25);
  expect(await priceOf('line-takeProfit')).toBeGreaterThan(first);
  await screen.reads('move-result', /\+[\d,.]+ USDC/);
  await screen.isAccessible();
  const price = await priceOf('line-takeProfit');
  const body = await sent('POST', /\/positions\/.+\/exits$/, () => screen.page.getByTestId('apply-move').click());
  expect(body).toEqual({ take_profit: price });
  await screen.counts('move-card', 0);
  await expect.poll(focused, { timeout: shownMsMax }).toBe('line-takeProfit');
  expect(await priceOf('line-takeProfit')).toBe(price);
});

test('a line is moved by keys alone, and Escape takes it back', async () => {
  const price = await priceOf('line-takeProfit');
  await screen.page.getByTestId('line-takeProfit').focus();
  await screen.page.keyboard.press('ArrowUp');
  await screen.page.keyboard.press('Escape');
  expect(await priceOf('line-takeProfit')).toBe(price);
  await screen.page.keyboard.press('ArrowUp');
  await screen.page.keyboard.press('ArrowUp');
  const moved = await priceOf('line-takeProfit');
  expect(moved).toBeGreaterThan(price);
  const body = await sent('PATCH', /\/orders\/.+$/, () => screen.page.keyboard.press('Enter'));
  expect(body).toEqual({ price: moved });
  await expect.poll(() => priceOf('line-takeProfit'), { timeout: shownMsMax }).toBe(moved);
  await screen.counts('move-card', 0);
});

test('where the exchange would refuse an exit, the card says so and sends nothing', async () => {
  await screen.page.getByTestId('add-stop-loss').click();
  await drag('line-stopLoss', -400);
  await expect.poll(() => screen.page.getByTestId('apply-move').isDisabled(), { timeout: shownMsMax }).toBe(true);
  expect(await screen.page.getByTestId('move-card').textContent()).toContain('the exchange refuses it');
  await screen.page.keyboard.press('Escape');
  await screen.counts('line-stopLoss', 0);
});

test('an order that the exchange does not change goes back to where it was', async () => {
  const price = await priceOf('line-takeProfit');
  await screen.page.route('**/api/trading/orders/*', (route) => route.abort());
  await screen.page.getByTestId('line-takeProfit').focus();
  await screen.page.keyboard.press('ArrowUp');
  await screen.page.keyboard.press('Enter');
  await screen.page.getByText('The price was not changed').waitFor({ timeout: shownMsMax * 2 });
  await expect.poll(() => priceOf('line-takeProfit'), { timeout: shownMsMax }).toBe(price);
  await screen.page.unroute('**/api/trading/orders/*');
});

test('a price picked in the chart is filled into the ticket, which sends nothing by itself', async () => {
  const chart = await screen.page.getByTestId('chart').boundingBox();
  if (chart === null) throw new Error('no chart');
  await screen.page.mouse.click(chart.x + 300, chart.y + 120, { button: 'right' });
  await screen.page.getByTestId('chart-menu').waitFor();
  await screen.isAccessible();
  const choice = (await screen.page.getByRole('menuitem').first().textContent()) ?? '';
  await screen.page.keyboard.press('Enter');
  const price = await screen.page.getByTestId('limit-price').inputValue();
  expect(choice.replaceAll(',', '')).toContain(price);
  await screen.counts('order', 0);
});

test('the chart can be read as a table, and its older bars are fetched by scrolling back', async () => {
  await screen.page.getByTestId('chart-as-table').click();
  expect(await screen.page.getByTestId('bar-table').getByRole('row').count()).toBeGreaterThan(50);
  await screen.isAccessible();
  await screen.page.getByTestId('chart-as-table').click();
  await screen.page.getByRole('button', { name: '1m', exact: true }).click();
  const chart = await screen.page.getByTestId('chart').boundingBox();
  if (chart === null) throw new Error('no chart');
  const asked: string[] = [];
  screen.page.on('request', (request) => {
    if (/candles\?.*interval=1m.*to=/.test(request.url())) asked.push(request.url());
  });
  // Until the bars of a minute are there, a pull moves nothing.
  const pull = async () => {
    await screen.page.mouse.move(chart.x + 120, chart.y + 200);
    await screen.page.mouse.down();
    await screen.page.mouse.move(chart.x + 900, chart.y + 200, { steps: 5 });
    await screen.page.mouse.up();
    return asked.length > 0 && (await screen.page.getByTestId('to-latest').count()) > 0;
  };
  await expect.poll(pull, { timeout: shownMsMax }).toBe(true);
  await screen.page.getByTestId('to-latest').click();
  await screen.counts('to-latest', 0);
});

test('the link of the drawing’s maker can be met: 24 px of it, more than is seen', async () => {
  const met = await screen.page.locator('#tv-attr-logo').evaluate((link) => {
    const { left, width, top, bottom } = link.getBoundingClientRect();
    const isMet = (y: number) => document.elementFromPoint(left + width / 2, y)?.closest('a') === link;
    let [from, to] = [top + 1, bottom - 1];
    while (isMet(from - 1)) from -= 1;
    while (isMet(to + 1)) to += 1;
    return Math.round(to - from);
  });
  expect(met).toBeGreaterThanOrEqual(24);
});

test('depth says what a size costs and what can be opened, and trades are listed as they happen', async () => {
  await screen.page.getByTestId('view-depth').click();
  await screen.reads('depth-spreads', /[\d.]+ bps/);
  await screen.reads('room-long', /^[\d,.]+ BTC$/);
  await screen.isAccessible();
  await screen.page.getByTestId('view-trades').click();
  await screen.page.getByTestId('trade').first().waitFor();
  await screen.isAccessible();
  await screen.page.getByTestId('view-chart').click();
});

test('the list of markets is used by keys alone: found, kept on top, left, chosen', async () => {
  const trigger = screen.page.getByTestId('pick-market');
  await trigger.focus();
  await screen.page.keyboard.press('Enter');
  await screen.page.getByTestId('market-search').waitFor();
  await screen.isAccessible();
  await screen.page.keyboard.type('eth');
  await screen.counts('market-row', 1);
  await screen.page.keyboard.press('Home');
  await screen.page.keyboard.press('ArrowLeft');
  await screen.page.keyboard.press('Enter');
  await screen.page.keyboard.press('Control+a');
  await screen.page.keyboard.press('Delete');
  const first = screen.page.getByTestId('market-row').first();
  await expect.poll(() => first.getAttribute('data-symbol'), { timeout: shownMsMax }).toBe('ETH-PERP');
  await screen.page.keyboard.press('Escape');
  await expect.poll(focused, { timeout: shownMsMax }).toBe('pick-market');
  await screen.page.keyboard.press('Enter');
  await screen.page.getByTestId('market-search').waitFor();
  await screen.page.keyboard.type('sol');
  await screen.page.keyboard.press('Enter');
  await screen.page.waitForURL('**/trade/SOL-PERP');
});

test('on a phone the chart, depth and trades fit the width', async () => {
  const small = await openScreen({ url: terminal.webUrl, ...phone });
  try {
    await small.goto('/trade/BTC-PERP');
    await small.page.getByTestId('chart').locator('canvas').first().waitFor();
    await small.isAccessible();
    for (const view of ['view-depth', 'view-trades'] as const) {
      await small.page.getByTestId(view).click();
      await small.page.getByTestId(view.replace('view-', '')).waitFor();
      await small.isAccessible();
    }
  } finally {
    await small.close();
  }
});

test('nothing failed in the page on the way', () => {
  // The change that was cut off on purpose, as the page and its console tell it.
  screen.metNoProblem(/api\/trading\/orders|ERR_FAILED/);
});
