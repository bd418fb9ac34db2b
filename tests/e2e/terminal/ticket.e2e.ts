import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const terminal = inject('terminal');
let screen: Screen;

/** The clock of this browser is wrong by so much. */
const clockAheadMs = 2 * 3_600_000;

/** Runs in the page. */
function setClock(aheadMs: number): void {
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given: [number?]) {
      super(...((given.length === 0 ? [Right.now() + aheadMs] : given) as [number]));
    }
    static override now(): number {
      return Right.now() + aheadMs;
    }
  } as DateConstructor;
}

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  await screen.page.addInitScript(setClock, clockAheadMs);
  await screen.goto('/trade/SOL-PERP');
  await screen.startDemo();
});

afterAll(() => screen?.close());

const choose = (name: string) => screen.page.getByRole('radio', { name, exact: true }).click();
const fill = (testId: string, figure: number | string) => screen.page.getByTestId(testId).fill(String(figure));

/** The body of the order that goes out with a press of the button. */
async function placed(press: () => Promise<void>): Promise<Record<string, unknown>> {
  const isOrder = (url: string, method: string) => url.endsWith('/api/trading/orders') && method === 'POST';
  const [answer] = await Promise.all([
    screen.page.waitForResponse((response) => isOrder(response.url(), response.request().method())),
    press(),
  ]);
  expect(answer.status()).toBe(201);
  return answer.request().postDataJSON() as Record<string, unknown>;
}

const submit = () => screen.page.getByTestId('submit-order').click();
/** The button names the order: nothing keeps it back. */
const isReady = () => screen.reads('submit-order', /^(Buy|Sell) \//);

test('a stop lies where the price is not yet; elsewhere the ticket says which side is right', async () => {
  const price = await screen.figure('price');
  await choose('Stop');
  await fill('size', 1);
  await fill('stop-price', Math.floor(price * 0.9));
  await screen.reads('submit-order', 'Trigger must be above the price');
  await screen.isAccessible();
  const trigger = Math.ceil(price * 1.1);
  await fill('stop-price', trigger);
  await isReady();
  expect(await placed(submit)).toMatchObject({ order_type: 'stop', stop_price: trigger, max_slippage_bps: 50 });
});

test('a stop-limit has one try at its limit once it fires, where it is told to', async () => {
  const price = await screen.figure('price');
  await choose('Stop limit');
  await fill('size', 1);
  await fill('stop-price', Math.ceil(price * 1.1));
  await fill('limit-price', Math.ceil(price * 1.2));
  await screen.page.getByTestId('execution-toggle').click();
  await choose('IOC');
  await isReady();
  expect(await placed(submit)).toMatchObject({ order_type: 'stop_limit', time_in_force: 'ioc' });
});

test('a limit order ends when it is told to, by the clock of the exchange, and brings both exits, each by a share of the margin', async () => {
  const limit = Math.floor((await screen.figure('price')) * 0.9);
  // Half of the margin at 10×, before the costs of closing, which lie within a thousandth.
  const [gross, farthest] = [limit * 1.05, limit * 1.051];
  await choose('Limit');
  await fill('limit-price', limit);
  await fill('size', 1);
  await choose('GTT');
  await choose('1 day');
  await screen.page.getByTestId('exits-toggle').check();
  await fill('take-profit-percent', 50);
  await fill('stop-loss-percent', 20);
  const takeProfit = Number(await screen.page.getByTestId('take-profit').inputValue());
  expect(takeProfit).toBeGreaterThan(gross);
  expect(takeProfit).toBeLessThan(farthest);
  await screen.reads('take-profit-pnl', /^\+/);
  await screen.reads('stop-loss-pnl', /^−/);
  await screen.isAccessible();
  await isReady();
  const order = await placed(submit);
  expect(order).toMatchObject({ order_type: 'limit', time_in_force: 'gtt', take_profit: takeProfit });
  const asked = Date.now() + 24 * 3_600_000;
  expect(Math.abs(Date.parse(String(order.expires_at)) - asked)).toBeLessThan(clockAheadMs / 2);
});

test('a market order with exits opens the position and both of them', async () => {
  const price = await screen.figure('price');
  await choose('Market');
  await fill('size', 2);
  await screen.page.getByTestId('exits-toggle').check();
  await fill('take-profit', Math.ceil(price * 1.3));
  await fill('stop-loss', Math.floor(price * 0.95));
  await isReady();
  await submit();
  await screen.counts('position', 1);
  await screen.page.getByRole('tab', { name: /Open orders/ }).click();
  await screen.counts('order', 5);
  await screen.page.getByRole('tab', { name: /Positions/ }).click();
});

test('who wants to be asked is asked, and what is sent is what was read', async () => {
  const { page } = screen;
  await page.evaluate(() => localStorage.setItem('quantdesk.preferences', JSON.stringify({ confirmOrders: true })));
  await page.reload();
  await screen.counts('position', 1);
  await choose('Sell / Short');
  await fill('size', 1);
  await page.getByTestId('reduce-only').check();
  await isReady();
  await submit();
  const dialog = page.getByTestId('confirm-order');
  await dialog.waitFor();
  await page.getByText('Sell 1.00 SOL at the next price.').waitFor();
  await screen.isAccessible();
  expect(await placed(() => page.getByTestId('confirm-send').click())).toMatchObject({
    side: 'sell',
    quantity: 1,
    reduce_only: true,
  });
  await screen.reads('position', '1.00 SOL');
});

test('a locked leverage comes along into another market and through a reload', async () => {
  const { page } = screen;
  await fill('leverage', 7);
  await screen.goto('/trade/ETH-PERP');
  await expect.poll(() => page.getByTestId('leverage').inputValue(), { timeout: shownMsMax }).toBe('7');
  expect(await page.getByTestId('leverage-lock').getAttribute('aria-pressed')).toBe('true');
});

test('an unlocked leverage rises to what the size needs', async () => {
  const { page } = screen;
  await screen.reads('available', 'USDC');
  await page.getByTestId('leverage-lock').click();
  await fill('leverage', 1);
  await fill('size', Math.ceil(8_000 / (await screen.figure('price'))));
  await expect.poll(async () => Number(await page.getByTestId('leverage').inputValue())).toBeGreaterThan(1);
});

test('nothing failed in the page on the way', () => {
  screen.metNoProblem();
});
