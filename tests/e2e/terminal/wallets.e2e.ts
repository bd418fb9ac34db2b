import { installBurnerWallet } from '#support/burner-wallet.ts';
import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';

const terminal = inject('terminal');
const trade = '/trade/SOL-PERP';

let screen: Screen;
let page: Page;

beforeEach(async () => {
  screen = await openScreen({ url: terminal.webUrl });
  page = screen.page;
});
afterEach(() => screen?.close());

const kept = (of: Page) => of.evaluate(() => localStorage.getItem('quantdesk.session'));
const disconnect = async () => {
  await page.getByTestId('wallet-menu').click();
  await page.getByRole('menuitem', { name: 'Disconnect' }).click();
  await page.getByTestId('connect-wallet').waitFor();
};
const choose = async (name: string) => {
  await page.getByTestId('connect-wallet').click();
  await page.getByRole('dialog').getByRole('button', { name }).click();
};

test('who disconnects is out: no session stays, the wallet is asked nothing more, and a reload changes nothing', async () => {
  const wallet = await installBurnerWallet(page);
  await screen.goto(trade);
  await choose(wallet.name);
  await page.getByTestId('funds-amount').waitFor();
  await page.keyboard.press('Escape');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await disconnect();
  expect(await kept(page)).toBeNull();
  await page.reload();
  await page.getByTestId('connect-wallet').waitFor();
  expect(wallet.messagesAsked()).toBe(1);
  expect(asked.filter((url) => url.includes('/api/auth/nonce'))).toEqual([]);
});

test('a wallet that signs after its trader has left for another one changes nothing', async () => {
  const [slow, quick] = [await installBurnerWallet(page, 'Slow'), await installBurnerWallet(page, 'Quick')];
  const release = slow.hold();
  await screen.goto(trade);
  await choose(slow.name);
  await expect.poll(slow.messagesAsked, { timeout: shownMsMax }).toBe(1);
  await page.keyboard.press('Escape');
  await disconnect();
  await choose(quick.name);
  await page.getByTestId('funds-amount').waitFor();
  release();
  await page.keyboard.press('Escape');
  await page.reload();
  await screen.reads('wallet-menu', quick.address.slice(0, 4));
  expect(await kept(page)).toContain(quick.address);
});

test('a reload never shows a signed-in trader the way in, and a wallet of another address is not taken up', async () => {
  await screen.goto(trade);
  await screen.startDemo();
  await screen.reads('available', '5,000.00 USDC');
  await page.addInitScript(() => {
    const seen = ((window as unknown as { seen: string[] }).seen = []) as string[];
    const look = () => {
      if (document.querySelector('[data-testid=connect-wallet], [data-testid=ticket-connect]')) seen.push('connect');
      if (document.querySelector('.ticket-foot')?.textContent?.includes('Open a trading account')) seen.push('open');
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.reload();
  await screen.reads('available', '5,000.00 USDC');
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);

  const impostor = await installBurnerWallet(page, 'Demo wallet');
  await page.evaluate(() => {
    const session = JSON.parse(localStorage.getItem('quantdesk.session') ?? '{}') as Record<string, unknown>;
    localStorage.setItem('quantdesk.session', JSON.stringify({ ...session, kind: 'standard' }));
  });
  await page.reload();
  await page.getByTestId('connect-wallet').waitFor();
  expect(impostor.messagesAsked()).toBe(0);
});

test('a second tab is signed in too, and both leave together', async () => {
  await screen.goto(trade);
  await screen.startDemo();
  const second = await page.context().newPage();
  await second.goto(new URL('/portfolio', terminal.webUrl).href);
  await second.getByTestId('wallet-menu').waitFor();
  await second.getByTestId('portfolio-deposit').waitFor();
  await disconnect();
  await second.getByTestId('connect-wallet').waitFor();
  expect(await kept(second)).toBeNull();
  // Back in one, back in the other.
  await page.getByTestId('connect-wallet').click();
  await page.getByTestId('continue-demo').click();
  await screen.reads('available', '5,000.00 USDC');
  await second.getByTestId('portfolio-deposit').waitFor();
});

test('who has an account is told what it holds when he starts again, and draws nothing', async () => {
  await screen.goto(trade);
  await screen.startDemo();
  await disconnect();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByTestId('connect-wallet').click();
  await page.getByTestId('start-demo').click();
  await screen.reads('onboarding-result', '5,000.00 test USDC');
  expect(asked.filter((url) => url.includes('/faucet') || url.includes('/transactions'))).toEqual([]);
});

test('a session that was ended elsewhere says so for good, clears the account, and one press signs in again', async () => {
  await screen.goto(trade);
  await screen.startDemo();
  await page.getByTestId('size').fill('1');
  await page.getByTestId('submit-order').click();
  await screen.counts('position', 1);
  const { token } = JSON.parse((await kept(page)) ?? '{}') as { token: string };
  const ended = await fetch(`${terminal.apiUrl}/api/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(ended.status).toBe(204);
  await page.getByTestId('session-ended').waitFor({ timeout: shownMsMax * 2 });
  await screen.counts('position', 0);
  expect(await page.getByTestId('submit-order').count()).toBe(0);
  await screen.isAccessible();
  await page.getByTestId('sign-in-again').first().click();
  await screen.counts('position', 1);
  await screen.counts('session-ended', 0);
});

test('while the account was not heard of, nobody is offered to open one', async () => {
  await screen.goto(trade);
  await screen.startDemo();
  await page.routeWebSocket(/\/ws\/account/, () => undefined);
  await page.reload();
  await page.getByRole('button', { name: 'Loading your account' }).waitFor();
  await page.getByTestId('wallet-menu').click();
  await page.getByRole('menuitem', { name: 'Disconnect' }).waitFor();
  expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Copy address', 'Disconnect']);
});

test('a transaction that is not the one asked for reaches no wallet', async () => {
  const wallet = await installBurnerWallet(page);
  await screen.goto(trade);
  await choose(wallet.name);
  await page.getByRole('button', { name: 'Get test funds' }).click();
  await page.getByText('are in your wallet').waitFor();
  await page.route('**/api/trading/transactions', async (route) => {
    const answer = await route.fetch();
    const built = (await answer.json()) as { transaction: string };
    const bytes = Buffer.from(built.transaction, 'base64');
    // The amount is what the transaction ends with.
    bytes.writeBigUInt64LE(9_000_000_000n, bytes.length - 9);
    await route.fulfill({ response: answer, json: { ...built, transaction: bytes.toString('base64') } });
  });
  await page.getByTestId('funds-amount').fill('1000');
  await page.getByRole('button', { name: 'Review and sign' }).click();
  await page.getByText('not what you asked for').waitFor();
  expect(await page.getByTestId('sign').count()).toBe(0);
  await page.unroute('**/api/trading/transactions');
  await page.getByRole('button', { name: 'Review and sign' }).click();
  await page.getByText(/Deposit 1,?000 USDC as collateral/).waitFor();
  expect(wallet.transactionsSigned()).toBe(0);
});

test('a text of another site is shown to no wallet', async () => {
  const wallet = await installBurnerWallet(page);
  await page.route('**/api/auth/nonce', async (route) => {
    const answer = await route.fetch();
    const told = (await answer.json()) as { message: string };
    const message = told.message.replace(/^\S+ wants/, 'other.example wants');
    await route.fulfill({ response: answer, json: { ...told, message } });
  });
  await screen.goto(trade);
  await choose(wallet.name);
  await page.getByText('not the one of this site').waitFor();
  expect(wallet.messagesAsked()).toBe(0);
});

test('a window whose file is gone says so, and how to go on', async () => {
  await page.route('**/assets/connect-dialog*.js', (route) => route.fulfill({ status: 404 }));
  await screen.goto(trade);
  await page.getByTestId('connect-wallet').click();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
});
