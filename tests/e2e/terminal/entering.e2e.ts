import { installBurnerWallet } from '#support/burner-wallet.ts';
import { openScreen, shownMsMax, type Screen } from '#support/terminal/screen.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const terminal = inject('terminal');

describe('a visitor', () => {
  let screen: Screen;
  beforeAll(async () => {
    screen = await openScreen({ url: terminal.webUrl });
  });
  afterAll(() => screen?.close());

  test('sees the live market without a wallet, with its price in the title of the tab', async () => {
    await screen.goto('/');
    await screen.reads('price', /\d/);
    await expect
      .poll(() => screen.page.getByTestId('connection').getAttribute('data-state'), { timeout: shownMsMax })
      .toBe('live');
    await screen.page.getByTestId('chart').locator('canvas').first().waitFor();
    const seen = await screen.text('price');
    await expect.poll(() => screen.text('price'), { timeout: shownMsMax }).not.toBe(seen);
    expect(await screen.page.title()).toMatch(/^\d[\d,.]* SOL-PERP · QuantDesk$/);
    await screen.isAccessible();
  });

  test('comes with one click from nothing to a funded trading account, and stays signed in over a reload', async () => {
    await screen.page.getByTestId('start-trading').click();
    await screen.page.getByTestId('start-demo').waitFor();
    await screen.isAccessible();
    await screen.page.getByTestId('start-demo').click();
    await screen.page.getByTestId('onboarding-done').waitFor({ timeout: shownMsMax * 2 });
    await screen.isAccessible();
    await screen.page.getByTestId('onboarding-done').click();
    await screen.reads('available', '5,000.00 USDC');
    await screen.page.reload();
    await screen.reads('available', '5,000.00 USDC');
  });

  test('who disconnects stays out, and another wallet finds nothing of the one before', async () => {
    const { page } = screen;
    const told = async () => {
      await page.getByTestId('notice-bell').click();
      await page.getByRole('heading', { name: 'Notifications' }).waitFor();
      const count = await page.getByTestId('notice-record').count();
      await page.keyboard.press('Escape');
      return count;
    };
    await page.getByTestId('size').fill('1');
    await page.getByTestId('submit-order').click();
    await screen.counts('position', 1);
    expect(await told()).toBeGreaterThan(0);
    await page.getByTestId('size').fill('3');
    await page.getByTestId('wallet-menu').click();
    await page.getByRole('menuitem', { name: 'Disconnect' }).click();
    await page.getByTestId('connect-wallet').waitFor();
    await page.evaluate(() => localStorage.removeItem('quantdesk.demo-wallet'));
    await screen.startDemo();
    await screen.reads('available', '5,000.00 USDC');
    await screen.counts('position', 0);
    expect(await page.getByTestId('size').inputValue()).toBe('');
    expect(await told()).toBe(0);
  });

  test('met no error, no failed request and no breach of the policy on the way', () => {
    screen.metNoProblem();
  });
});

test('a wallet of the Wallet Standard signs in, sees what it signs, opens an account, and closes what it opened', async () => {
  const screen = await openScreen({ url: terminal.webUrl, colorScheme: 'light' });
  try {
    const { page } = screen;
    const wallet = await installBurnerWallet(page);
    await screen.goto('/trade/SOL-PERP');
    await page.getByTestId('connect-wallet').click();
    await page.getByRole('button', { name: wallet.name }).click();
    await page.getByRole('button', { name: 'Get test funds' }).click();
    await page.getByText('are in your wallet').waitFor();
    await screen.isAccessible();
    await page.getByTestId('funds-amount').fill('1000');
    await page.getByRole('button', { name: 'Review and sign' }).click();
    await page
      .getByText(/1,?000 USDC/)
      .first()
      .waitFor();
    expect(wallet.transactionsSigned()).toBe(0);
    await screen.isAccessible();
    await page.getByTestId('sign').click();
    await screen.reads('available', '1,000.00 USDC');
    expect(wallet.transactionsSigned()).toBe(1);
    await screen.isAccessible();

    await page.getByRole('radio', { name: 'Sell / Short' }).click();
    await page.getByTestId('size').fill('5');
    await page.getByTestId('submit-order').click();
    await page.getByTestId('close-position').click();
    await screen.counts('position', 0);
    await page.getByRole('tab', { name: 'Fills' }).click();
    await expect.poll(() => page.getByRole('row').count(), { timeout: shownMsMax }).toBeGreaterThanOrEqual(3);
    await page.reload();
    await screen.reads('wallet-menu', wallet.address.slice(0, 4));
    screen.metNoProblem();
  } finally {
    await screen.close();
  }
});
