/**
 * `npm run screens`: every screen of the terminal at three widths in both themes, as pictures in test-results/screens with one page that shows
 * them side by side.
 *
 *   npm run screens                       all of them
 *   npm run screens -- --only trade,earn  the named ones
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTerminal } from '../support/terminal/built-terminal.ts';
import { openScreen } from '../support/terminal/screen.ts';
import { bringTo, plansFor } from '../support/terminal/screens.ts';
import { tradeAs } from '../support/terminal/trade-as.ts';
import { contactSheet, type Picture } from './contact-sheet.ts';

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;
const themes = ['dark', 'light'] as const;
const folder = join('test-results', 'screens');

const { values: flags } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = flags.only?.split(',');

const orders = [
  { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 12, leverage: 8 },
  { symbol: 'BTC-PERP', side: 'sell', order_type: 'market', quantity: 0.02, leverage: 5 },
  { symbol: 'ETH-PERP', side: 'buy', order_type: 'market', quantity: 0.4, leverage: 3 },
  { symbol: 'SOL-PERP', side: 'buy', order_type: 'limit', quantity: 2, price: 120, leverage: 4 },
];

const terminal = await startTerminal();
const { webUrl, apiUrl } = terminal.exchange;

/** All wanted screens of one size and theme, one after the other in one browser. */
async function picture(size: (typeof sizes)[number], theme: (typeof themes)[number]): Promise<Picture[]> {
  const screen = await openScreen({ url: webUrl, ...size, colorScheme: theme });
  const taken: Picture[] = [];
  let isTrader = false;
  try {
    for (const plan of plansFor(size.width)) {
      if (wanted !== undefined && !wanted.includes(plan.name)) continue;
      if (plan.as === 'trader' && !isTrader) {
        await screen.goto('/trade/SOL-PERP');
        await screen.startDemo();
        for (const order of orders) await tradeAs(screen.page, apiUrl, order);
        isTrader = true;
      }
      const file = `${plan.name}-${size.width}-${theme}.png`;
      try {
        await bringTo(screen, plan);
        await screen.page.screenshot({ path: join(folder, file) });
        taken.push({ screen: plan.name, width: size.width, theme, file });
      } catch (error) {
        console.error(`${file}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
        process.exitCode = 1;
      }
    }
    for (const problem of screen.problems()) console.error(`${size.width} ${theme}: ${problem}`);
    return taken;
  } finally {
    await screen.close();
  }
}

try {
  if (wanted === undefined) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pictures: Picture[] = [];
  for (const size of sizes) for (const theme of themes) pictures.push(...(await picture(size, theme)));
  writeFileSync(join(folder, 'index.html'), contactSheet(pictures));
  console.log(`${pictures.length} pictures in ${folder}; ${join(folder, 'index.html')} shows them side by side`);
} finally {
  await terminal.close();
}
