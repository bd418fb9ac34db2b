import { openScreen, type Screen } from '../support/terminal/screen.ts';
import { screenPlans } from '../support/terminal/screens.ts';
import { clsOf, shiftsOf, watchShifts, type Shift } from '../support/terminal/shifts.ts';
import { tradeAs } from '../support/terminal/trade-as.ts';

const sizes = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
] as const;
/** Times slower than this machine: what comes one after the other shows one after the other. */
const cpuSlowdown = 4;
/** After nothing is awaited any more: live figures have changed a few times. */
const watchedMs = 2_000;
/** Each screen once. */
const addresses = new Map(
  screenPlans
    .filter(({ open }) => open === undefined)
    .map((plan) => [plan.path, plan.name.replace(/-visitor$/, '')] as const),
);

const orders = [
  { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 12, leverage: 8 },
  { symbol: 'BTC-PERP', side: 'sell', order_type: 'market', quantity: 0.02, leverage: 5 },
  { symbol: 'SOL-PERP', side: 'buy', order_type: 'limit', quantity: 2, price: 90, leverage: 4 },
];

/**
 * What moves on each screen while it is loaded by a trader who comes back: signed in, with positions and an open order. The scores hold every
 * shift; `shifted` leaves out live figures that got another length where they stand.
 */
export async function measureReturning(
  webUrl: string,
  apiUrl: string,
): Promise<{ table: string; shifted: readonly string[] }> {
  const scores = new Map<string, number[]>();
  const shifted: string[] = [];
  for (const size of sizes) {
    const screen = await openScreen({ url: webUrl, ...size });
    try {
      await watchShifts(screen.page);
      await screen.goto('/trade/SOL-PERP');
      await screen.startDemo();
      for (const order of orders) await tradeAs(screen.page, apiUrl, order);
      const session = await screen.page.context().newCDPSession(screen.page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
      for (const [path, name] of addresses) {
        const shifts = await shiftsOfLoad(screen, path);
        scores.set(name, [...(scores.get(name) ?? []), clsOf(shifts)]);
        const moved = shifts.filter(({ isInPlace }) => !isInPlace);
        shifted.push(...moved.map(({ score, text }) => `${name} at ${size.width} px, ${score.toFixed(4)}: ${text}`));
      }
    } finally {
      await screen.close();
    }
  }
  const rows = [...scores].map(([name, row]) => `| ${[name, ...row.map((score) => score.toFixed(4))].join(' | ')} |`);
  const head = `| CLS of a returning trader's load | ${sizes.map(({ width }) => `${width} px`).join(' | ')} |`;
  return { table: `${head}\n|${' --- |'.repeat(sizes.length + 1)}\n${rows.join('\n')}`, shifted };
}

async function shiftsOfLoad(screen: Screen, path: string): Promise<readonly Shift[]> {
  await screen.goto(path);
  if (path !== '/no/such/page') await screen.page.getByTestId('wallet-menu').waitFor();
  await screen.settled();
  await screen.page.waitForTimeout(watchedMs);
  return shiftsOf(screen.page);
}
