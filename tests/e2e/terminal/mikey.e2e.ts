import { openScreen, phone, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { smallTargets } from '#support/terminal/small-targets.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

/** The exchange runs without a language model: the quantitative analyst answers. */
const terminal = inject('terminal');
let screen: Screen;

beforeAll(async () => {
  screen = await openScreen({ url: terminal.webUrl });
});

afterAll(() => screen?.close());

const panel = () => screen.page.getByTestId('mikey');
const view = (name: string) => panel().getByRole('radio', { name, exact: true }).click();
const focused = () => screen.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');

/** Every order that leaves the page from now on. */
function watchOrders(): string[] {
  const sent: string[] = [];
  screen.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/trading/orders')) sent.push(request.url());
  });
  return sent;
}

/** Asks with the keyboard and waits for the end of the answer. */
async function ask(question: string): Promise<string> {
  const answers = panel().getByTestId('answer');
  const before = await answers.count();
  await screen.page.getByTestId('mikey-question').fill(question);
  await screen.page.keyboard.press('Enter');
  await screen.counts('answer', before + 1);
  await screen.settled();
  return (await answers.last().textContent()) ?? '';
}

test('a visitor is invited, and asks nothing before he has a session', async () => {
  await screen.goto('/trade/SOL-PERP');
  await screen.page.getByTestId('chart').locator('canvas').first().waitFor();
  await screen.page.keyboard.press('a');
  await screen.page.getByTestId('mikey-visitor').waitFor();
  expect(await screen.page.getByTestId('mikey-question').count()).toBe(0);
  await screen.isAccessible();
});

test('its key puts the cursor into the question, Escape gives the focus back and folds the panel', async () => {
  const { page } = screen;
  await screen.startDemo();
  await tradeAs(page, terminal.apiUrl, {
    symbol: 'SOL-PERP',
    side: 'buy',
    order_type: 'market',
    quantity: 4,
    leverage: 5,
  });
  await screen.counts('position', 1);
  await page.getByTestId('mikey-question').waitFor();
  await page.getByTestId('pick-market').focus();
  await page.keyboard.press('a');
  await expect.poll(focused).toBe('mikey-question');
  await page.keyboard.press('Escape');
  await screen.counts('mikey', 0);
  await expect.poll(focused).toBe('pick-market');
  await page.keyboard.press('?');
  await page.getByTestId('shortcut-sheet').getByText('Ask MIKEY').waitFor();
  await page.keyboard.press('Escape');
  await screen.counts('shortcut-sheet', 0);
  await page.keyboard.press('a');
  await expect.poll(focused).toBe('mikey-question');
});

test('an answer streams in, names who gives it and what was looked up, and the notice is there once', async () => {
  const { page } = screen;
  await page.getByTestId('quick-question').filter({ hasText: 'liquidation' }).click();
  await screen.counts('answer', 1);
  await screen.settled();
  await screen.reads('answer', 'Your long position of 4');
  await screen.reads('author', 'Quantitative analyst');
  await screen.reads('tools', 'Looked up');
  await ask('How does my account stand?');
  await screen.counts('mikey-notice', 1);
  await screen.counts('author', 2);
  await screen.isAccessible();
});

test('what stands around the messages keeps its place while an answer comes and ends, and a quick question keeps the focus', async () => {
  const { page } = screen;
  const chat = '**/api/ai/chat';
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(chat, (route) => held.then(() => route.continue()));
  const places = () =>
    page.evaluate(() =>
      ['.mikey-bar', '.mikey-log', '.mikey-quick', '.mikey-composer'].map((part) => {
        const { x, y, width, height } = document.querySelector(part)?.getBoundingClientRect() ?? new DOMRect();
        return [part, x, y, width, height];
      }),
    );
  const answers = await panel().getByTestId('answer').count();
  const before = await places();
  await page.getByTestId('quick-question').first().focus();
  await page.keyboard.press('Enter');
  await screen.counts('answer', answers + 1);
  expect(await places()).toEqual(before);
  expect(await page.getByTestId('quick-question').first().getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.press('Enter');
  release();
  await panel().locator('.mikey-answer[data-state=done]').nth(answers).waitFor();
  await screen.settled();
  expect(await places()).toEqual(before);
  expect(await focused()).toBe('quick-question');
  expect(await panel().getByTestId('answer').count()).toBe(answers + 1);
  await page.unroute(chat);
});

test('who does not see the answer hears it in sentences, without its marks', async () => {
  await expect.poll(() => screen.text('mikey-said'), { timeout: shownMsMax }).toMatch(/\w/);
  expect(await screen.text('mikey-said')).not.toMatch(/\[\w+\]/);
});

test('a citation of the position marks the position, one of the market its chart', async () => {
  const { page } = screen;
  await page.getByRole('tab', { name: /^Fills/ }).click();
  await page.locator('[data-testid=citation][data-figure=margin_ratio]').first().click();
  await page.locator('[data-testid=position][data-highlighted]').waitFor();
  await page.locator('[data-testid=citation][data-figure=volatility]').first().click();
  await page.locator('section[data-highlighted]').getByTestId('chart').waitFor();
});

test('markup that somebody asks with stays text', async () => {
  const { page } = screen;
  await ask('<img src=x onerror=alert(1)> [me](https://example.com)');
  await panel().getByText('<img src=x onerror=alert(1)> [me](https://example.com)').waitFor();
  expect(await panel().locator('img, a[href^=http]').count()).toBe(0);
  expect(page.url()).toMatch(/SOL-PERP$/);
});

test('a proposal shows before and after and fills in the ticket; the order goes out from the ticket alone', async () => {
  const { page } = screen;
  const sent = watchOrders();
  await ask('Buy 2 SOL at 3x');
  const proposal = page.getByTestId('proposal').last();
  await proposal.getByText('Buy 2.00 SOL at the market').waitFor();
  expect(await proposal.getByRole('row', { name: /^Position/ }).textContent()).toMatch(/Long 4.00 SOL.*Long 6.00 SOL/);
  await screen.isAccessible();
  await proposal.getByTestId('use-proposal').click();
  await expect.poll(() => page.getByTestId('size').inputValue(), { timeout: shownMsMax }).toBe('2');
  expect(await page.getByTestId('leverage').inputValue()).toBe('3');
  await screen.reads('submit-order', 'Buy / Long 2.00 SOL');
  expect(sent).toEqual([]);
  await page.getByTestId('submit-order').click();
  await screen.reads('position', '6.00 SOL');
  expect(sent).toHaveLength(1);
});

test('an answer can be stopped, and one that is lost can be asked for again', async () => {
  const { page } = screen;
  const chat = '**/api/ai/chat';
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  // The question is on its way until it is let go.
  await page.route(chat, (route) => held.then(() => route.continue()).catch(() => undefined));
  await page.getByTestId('mikey-question').fill('How does my account stand?');
  await page.keyboard.press('Enter');
  await page.getByTestId('mikey-stop').click();
  await panel().getByText('Stopped here').waitFor();
  expect(await focused()).toBe('mikey-question');
  release();
  await page.unroute(chat);
  await page.route(chat, (route) => route.abort());
  await page.getByTestId('mikey-question').fill('How does my account stand?');
  await page.keyboard.press('Enter');
  await screen.reads('mikey-failure', 'The connection was lost');
  await screen.isAccessible();
  await page.unroute(chat);
  const answers = await panel().getByTestId('answer').count();
  await page.getByTestId('ask-again').click();
  await screen.counts('answer', answers + 1);
  await screen.settled();
  await expect
    .poll(() => panel().getByTestId('answer').last().textContent(), { timeout: shownMsMax })
    .toContain('Your account is worth');
});

test('an analysis is a card with direction, confidence, expiry and the figures it cites', async () => {
  const { page } = screen;
  await view('Analyses');
  await screen.reads('mikey', 'No analysis yet');
  await panel().getByRole('radio', { name: '15 min' }).click();
  await page.getByTestId('run-analysis').click();
  await screen.counts('analysis', 1);
  await screen.reads('analysis', /SOL-PERP.*(Buy|Sell|Hold|Close)/);
  await screen.reads('confidence', /^\d{1,3}%$/);
  await screen.reads('expiry', /^Expires in (14 min|15 min)/);
  await page.locator('.mikey-figures summary').first().click();
  await screen.isAccessible();
});

test('the risk of a position is an analysis too, and a figure of it leads to the position', async () => {
  const { page } = screen;
  await page.getByLabel('Kind').selectOption({ label: 'Risk' });
  await page.getByTestId('run-analysis').click();
  await screen.counts('analysis', 2);
  await screen.reads('analysis', 'Your long position of 6');
  await panel().locator('[data-figure=margin_ratio]').first().click();
  await page.locator('[data-testid=position][data-highlighted]').waitFor();
});

test('an order that follows an analysis says so in the ticket and names it; one press makes it the trader’s own', async () => {
  const { page } = screen;
  const analyze = '**/api/ai/analyze';
  // Which way the market goes is not for a test to say: the analysis is the exchange's own but for its direction.
  await page.route(analyze, async (route) => {
    const answer = await route.fetch();
    const analysis = (await answer.json()) as Record<string, unknown>;
    await route.fulfill({ response: answer, json: { ...analysis, recommendation: 'sell' } });
  });
  await page.getByTestId('run-analysis').click();
  await screen.counts('analysis', 3);
  await page.unroute(analyze);
  await page.getByTestId('use-analysis').first().click();
  await page.getByTestId('follows-analysis').waitFor();
  await screen.isAccessible();
  await page.getByTestId('size').fill('1');
  await screen.reads('submit-order', 'Sell / Short 1.00 SOL');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/trading/orders')),
    page.getByTestId('submit-order').click(),
  ]);
  expect(answer.status()).toBe(201);
  expect(answer.request().postDataJSON()).toMatchObject({
    side: 'sell',
    analysis_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await screen.reads('position', '5.00 SOL');
  await screen.counts('follows-analysis', 0);
  await page.getByTestId('use-analysis').first().click();
  await page.getByTestId('follows-analysis').getByRole('button').click();
  await screen.counts('follows-analysis', 0);
});

test('a conversation is kept, opened again and deleted after a second press', async () => {
  const { page } = screen;
  await view('History');
  await screen.counts('conversation', 1);
  await screen.isAccessible();
  await page.reload();
  await page.getByTestId('mikey-question').waitFor();
  await view('History');
  await page.getByTestId('open-conversation').click();
  await screen.reads('answer', 'Your long position of 4');
  await screen.counts('mikey-notice', 0);
  await view('History');
  await page.getByTestId('delete-conversation').click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Keep');
  await page.getByTestId('delete-yes').click();
  await screen.counts('conversation', 0);
  await screen.reads('mikey', 'No conversation yet');
  await page.reload();
  await page.getByTestId('mikey-question').waitFor();
  await view('History');
  await screen.reads('mikey', 'No conversation yet');
});

test('the track record is one press away, says that nothing is scored yet, and keeps MIKEY beside it', async () => {
  const { page } = screen;
  await page.getByTestId('to-track-record').click();
  await screen.reads('record-empty', 'No forecast has been scored yet');
  await page.keyboard.press('a');
  await page.getByTestId('mikey-drawer').waitFor();
  await expect.poll(focused).toBe('mikey-question');
  await screen.isAccessible();
  await ask('How often were you right?');
  await screen.reads('answer', 'No forecast has been scored yet');
  await page.keyboard.press('Escape');
  await screen.counts('mikey-drawer', 0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('track record');
  await page
    .getByRole('option', { name: /Track record/ })
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
});

test('on a narrow desk it stands in the place of the ticket, which comes back when a proposal is put into it', async () => {
  const { page } = screen;
  const wide = page.viewportSize() ?? expect.fail('no window');
  await page.setViewportSize({ width: 1_024, height: 768 });
  await screen.goto('/trade/SOL-PERP');
  await page.getByTestId('chart').locator('canvas').first().waitFor();
  await page.keyboard.press('a');
  await expect.poll(focused).toBe('mikey-question');
  await page.getByTestId('size').waitFor({ state: 'hidden' });
  const chart = await page.getByTestId('chart').boundingBox();
  expect(chart?.width).toBeGreaterThan(600);
  await screen.isAccessible();
  await ask('sell 1 SOL at 3x');
  await panel().getByTestId('use-proposal').last().click();
  await page.getByTestId('size').waitFor();
  expect(await page.getByTestId('size').inputValue()).toBe('1');
  await page.setViewportSize(wide);
});

test('beside it and in its place the keys of a position stay in sight, on a laptop and on a tablet', async () => {
  const { page } = screen;
  const wide = page.viewportSize() ?? expect.fail('no window');
  await tradeAs(page, terminal.apiUrl, {
    symbol: 'SOL-PERP',
    side: 'buy',
    order_type: 'market',
    quantity: 1,
    leverage: 4,
  });
  for (const width of [1_024, 1_366]) {
    await page.setViewportSize({ width, height: 768 });
    await screen.goto('/trade/SOL-PERP');
    await page.getByTestId('edit-exits').first().waitFor();
    if (!(await panel().isVisible())) await page.getByTestId('open-mikey').click();
    await panel().waitFor();
    // Not covered by the keys that stand at the edge: a press in its middle meets it.
    await page.getByTestId('edit-exits').first().click({ trial: true, timeout: shownMsMax });
    const tables = page.locator('.account-content');
    expect(await tables.evaluate((part) => part.scrollWidth - part.clientWidth)).toBe(0);
  }
  await page.setViewportSize(wide);
});

test('an answer lists the figures it cites as the exchange counted them', async () => {
  const { page } = screen;
  await screen.goto('/trade/SOL-PERP');
  await page.keyboard.press('a');
  await ask('What is the outlook of SOL?');
  const figures = panel().getByTestId('figures').last();
  await figures.locator('summary').click();
  await figures.getByText('Usual size of a move over the horizon').waitFor();
  expect(await panel().getByTestId('misquoted').count()).toBe(0);
});

test('nothing failed in the page on the way but the question that was cut off', () => {
  screen.metNoProblem(/WebSocket connection to .* failed|\/api\/ai\/chat/);
});

describe('on a phone', () => {
  let small: Screen;
  beforeAll(async () => {
    small = await openScreen({ url: terminal.webUrl, ...phone });
    await small.goto('/trade/SOL-PERP');
    await small.startDemo();
  });
  afterAll(() => small?.close());

  test('MIKEY rises as a sheet that a thumb can use, and a proposal leads to the ticket', async () => {
    const { page } = small;
    await page.getByTestId('open-mikey').click();
    await page.getByTestId('mikey-question').waitFor();
    await small.isAccessible();
    await page.getByTestId('mikey-question').fill('Buy 1 SOL at 2x');
    await page.getByTestId('mikey-send').click();
    await page.getByTestId('use-proposal').waitFor();
    await small.settled();
    await small.isAccessible();
    expect(await smallTargets(page)).toEqual([]);
    await page.getByTestId('use-proposal').click();
    await expect.poll(() => page.getByTestId('size').inputValue(), { timeout: shownMsMax }).toBe('1');
    await small.counts('mikey', 0);
    await page.keyboard.press('Escape');
  });

  test('the track record is in the sheet of pages', async () => {
    const { page } = small;
    await page.getByTestId('bottom-more').click();
    await page.getByTestId('more-track-record').click();
    await page.getByTestId('record-empty').waitFor();
    await small.isAccessible();
    small.metNoProblem(/WebSocket connection to .* failed/);
  });
});
