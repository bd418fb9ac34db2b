import type { Page } from 'playwright-core';
import type { Screen } from './screen.ts';

/** One view of the terminal, and how to come to it from nothing but its address. */
export interface ScreenPlan {
  readonly name: string;
  readonly path: string;
  /** Who sees it. */
  readonly as: 'visitor' | 'trader';
  /** Only where there is a phone's layout, or a desktop's. */
  readonly on?: 'phone' | 'desktop';
  /** What to press once the page is there. */
  readonly open?: (page: Page) => Promise<void>;
}

const trade = '/trade/SOL-PERP';
/** Whatever opens over a page. */
const windows = (page: Page) => page.locator('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]');
const opened = (page: Page) => windows(page).first().waitFor();
const press = (testId: string) => async (page: Page) => {
  await page.getByTestId(testId).first().click();
  await opened(page);
};
const type = (key: string) => async (page: Page) => {
  await page.keyboard.press(key);
  await opened(page);
};
const tab = (name: RegExp) => (page: Page) => page.getByRole('tab', { name }).first().click();
/** Deposit and withdraw stand in the account's panel, on a phone behind its tab. */
const money = (name: string) => async (page: Page) => {
  const accountTab = page.getByRole('tab', { name: 'Account', exact: true });
  if (await accountTab.isVisible()) await accountTab.click();
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
};

/** What is done with a position is in its menu; on a phone the table is a page of its own, on a desktop the first of its tabs. */
const fromPosition = (entry: string) => async (page: Page) => {
  const link = page.getByRole('navigation').getByRole('link', { name: /^Positions/ });
  if (await link.isVisible()) await link.click();
  else await tab(/^Positions/)(page);
  await page.getByTestId('position-menu').first().click();
  await page.getByTestId(entry).click();
  await page.getByRole('dialog').waitFor();
};

/** The assistant: a column of the desk, a drawer beside a page, a sheet on a phone. */
async function mikey(page: Page): Promise<void> {
  await page.getByTestId('open-mikey').click();
  await page.getByTestId('mikey').waitFor();
}
const asking = (question: string) => async (page: Page) => {
  await mikey(page);
  await page.getByTestId('mikey-question').fill(question);
  await page.getByTestId('mikey-send').click();
  await page.getByTestId('use-proposal').last().waitFor();
};
async function analysing(page: Page): Promise<void> {
  await mikey(page);
  await page.getByTestId('mikey').getByRole('radio', { name: 'Analyses' }).click();
  await page.getByTestId('run-analysis').click();
  await page.getByTestId('analysis').first().waitFor();
}

/** Every screen and every dialog of the terminal. */
export const screenPlans: readonly ScreenPlan[] = [
  { name: 'trade-visitor', path: trade, as: 'visitor' },
  { name: 'connect', path: trade, as: 'visitor', open: press('connect-wallet') },
  { name: 'not-found', path: '/no/such/page', as: 'visitor' },
  { name: 'trade', path: trade, as: 'trader' },
  { name: 'trade-btc', path: '/trade/BTC-PERP', as: 'trader' },
  { name: 'positions', path: `${trade}?view=positions`, as: 'trader' },
  { name: 'orders', path: trade, as: 'trader', on: 'desktop', open: tab(/^Open orders/) },
  { name: 'fills', path: trade, as: 'trader', on: 'desktop', open: tab(/^Fills/) },
  { name: 'liquidations', path: trade, as: 'trader', on: 'desktop', open: tab(/^Liquidations/) },
  { name: 'order-history', path: trade, as: 'trader', on: 'desktop', open: tab(/^Order history/) },
  { name: 'funding', path: trade, as: 'trader', on: 'desktop', open: tab(/^Funding/) },
  ...(['Open orders', 'Fills', 'Liquidations', 'Order history', 'Funding'] as const).map((table): ScreenPlan => ({
    name: `phone-${table.toLowerCase().replace(' ', '-')}`,
    ...{ path: `${trade}?view=positions`, as: 'trader', on: 'phone', open: tab(new RegExp(`^${table}`)) },
  })),
  { name: 'market-picker', path: trade, as: 'trader', open: press('pick-market') },
  { name: 'notice-history', path: trade, as: 'trader', open: press('notice-bell') },
  { name: 'palette', path: trade, as: 'trader', on: 'desktop', open: type('Control+k') },
  { name: 'shortcuts', path: trade, as: 'trader', on: 'desktop', open: type('?') },
  { name: 'close-terms', path: trade, as: 'trader', open: fromPosition('close-terms') },
  { name: 'flip', path: trade, as: 'trader', open: fromPosition('flip-position') },
  { name: 'margin', path: trade, as: 'trader', open: fromPosition('menu-margin') },
  { name: 'exits', path: trade, as: 'trader', open: fromPosition('menu-exits') },
  { name: 'position-costs', path: trade, as: 'trader', open: fromPosition('menu-costs') },
  { name: 'share-position', path: trade, as: 'trader', open: fromPosition('menu-share') },
  { name: 'wallet-menu', path: trade, as: 'trader', open: press('wallet-menu') },
  { name: 'ticket-sheet', path: trade, as: 'trader', on: 'phone', open: press('open-buy') },
  { name: 'account-tab', path: trade, as: 'trader', on: 'phone', open: tab(/^Account$/) },
  { name: 'deposit', path: trade, as: 'trader', open: money('Deposit') },
  { name: 'withdraw', path: trade, as: 'trader', open: money('Withdraw') },
  { name: 'portfolio', path: '/portfolio', as: 'trader' },
  { name: 'portfolio-visitor', path: '/portfolio', as: 'visitor' },
  { name: 'earn', path: '/earn', as: 'trader' },
  { name: 'earn-visitor', path: '/earn', as: 'visitor' },
  { name: 'risk', path: '/risk', as: 'trader' },
  { name: 'risk-visitor', path: '/risk', as: 'visitor' },
  { name: 'mikey-visitor', path: trade, as: 'visitor', open: mikey },
  { name: 'mikey', path: trade, as: 'trader', open: mikey },
  { name: 'mikey-answer', path: trade, as: 'trader', open: asking('Buy 2 SOL at 3x') },
  { name: 'mikey-analysis', path: trade, as: 'trader', open: analysing },
  { name: 'mikey-beside-page', path: '/risk', as: 'trader', open: mikey },
  { name: 'track-record', path: '/track-record', as: 'visitor' },
  { name: 'status', path: '/status', as: 'visitor' },
  { name: 'settings', path: '/settings', as: 'visitor' },
];

/** Windows within windows. */
const windowsMax = 3;

/** Whether the tab stands where a plan begins, with nothing over the page. */
async function standsAt(page: Page, path: string): Promise<boolean> {
  if (!page.url().endsWith(path)) return false;
  for (let closed = 0; closed < windowsMax && (await windows(page).count()) > 0; closed += 1) {
    const one = windows(page).last();
    await page.keyboard.press('Escape');
    await one.waitFor({ state: 'detached' }).catch(() => undefined);
  }
  return (await windows(page).count()) === 0;
}

/** Brings a tab to one of the plans; a tab that traded stays signed in. A page is loaded for itself, and not again for each part of it. */
export async function bringTo(screen: Screen, plan: ScreenPlan): Promise<void> {
  const { page } = screen;
  if (plan.open === undefined || !(await standsAt(page, plan.path))) {
    // As it comes: a panel that an earlier plan opened is remembered, and would take the room of another.
    if (page.url().startsWith('http')) await page.evaluate(() => localStorage.removeItem('quantdesk.layout'));
    await screen.goto(plan.path);
    await page.getByTestId('connection').first().waitFor();
    if (plan.path.startsWith('/trade/') && !plan.path.includes('view='))
      await page.getByTestId('chart').locator('canvas').first().waitFor();
    if (plan.as === 'trader') await page.getByTestId('wallet-menu').waitFor();
    await screen.settled();
  }
  await plan.open?.(page);
  await screen.settled();
}

/** The plans for a width, visitors first: afterwards the tab belongs to a trader. */
export function plansFor(width: number, phoneWidthMax = 640): ScreenPlan[] {
  const layout = width <= phoneWidthMax ? 'phone' : 'desktop';
  const fitting = screenPlans.filter(({ on }) => on === undefined || on === layout);
  return fitting.toSorted((a, b) => Number(a.as === 'trader') - Number(b.as === 'trader'));
}
