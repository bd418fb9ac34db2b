import { MARKET_SYMBOLS } from '#shared/markets.ts';
import { openScreen } from '../support/terminal/screen.ts';
import { tradeAs } from '../support/terminal/trade-as.ts';
import { recordFrames, type Frame } from './frames.ts';
import { measureLoad, type Conditions, type LoadFigures } from './load.ts';

const loadsEach = 3;
export const positionCount = 50;
const tracedMs = 20_000;
/** One repaint of a screen at 60 Hz. */
export const frameMsMax = 16.7;

const slowLine = { latencyMs: 150, bytesPerSecond: 1_600_000 / 8 };
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const conditions: readonly Conditions[] = [
  { name: '1440, CPU 4× slower', ...desktop, cpuSlowdown: 4, line: undefined },
  { name: '390, CPU 4× slower', ...phone, cpuSlowdown: 4, line: undefined },
  { name: '390, CPU 4× slower, 1.6 Mbit/s, 150 ms', ...phone, cpuSlowdown: 4, line: slowLine },
];

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const share = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
const ms = (value: number): string => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
const kb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} KB`;

/** Loads of a market's screen under each of the conditions; `shifted` says what moved after it was shown. */
export async function measureLoads(webUrl: string): Promise<{ table: string; shifted: readonly string[] }> {
  const rows: string[] = [];
  const shifted = new Set<string>();
  for (const condition of conditions) {
    const runs: LoadFigures[] = [];
    for (let run = 0; run < loadsEach; run += 1) runs.push(await measureLoad(webUrl, '/trade/SOL-PERP', condition));
    const of = (key: Exclude<keyof LoadFigures, 'shifts'>) => middle(runs.map((figures) => figures[key]));
    const cls = Math.max(...runs.map((figures) => figures.cls));
    for (const { text } of runs.flatMap(({ shifts }) => shifts)) shifted.add(text);
    const cells = [condition.name, ms(of('fcpMs')), ms(of('lcpMs')), String(cls), ms(of('tbtMs')), ms(of('readyMs'))];
    rows.push(`| ${[...cells, kb(of('scriptBytes')), kb(of('totalBytes')), of('requests')].join(' | ')} |`);
    console.log(rows.at(-1));
  }
  const head = '| load of /trade/SOL-PERP | FCP | LCP | CLS | TBT | price and chart | JavaScript | all | requests |';
  return { table: `${head}\n|${' --- |'.repeat(9)}\n${rows.join('\n')}`, shifted: [...shifted] };
}

/** Repaints by ticks with many positions open; `slow` where more than one in 20 takes longer than a frame. */
export async function measureTicks(webUrl: string, apiUrl: string): Promise<{ table: string; slow: boolean }> {
  const screen = await openScreen({ url: webUrl, ...desktop });
  try {
    await screen.goto('/trade/SOL-PERP');
    await screen.startDemo();
    for (const symbol of MARKET_SYMBOLS)
      await tradeAs(screen.page, apiUrl, {
        symbol,
        ...{ side: 'buy', order_type: 'market', quantity: symbol === 'BTC-PERP' ? 0.01 : 0.5, leverage: 5 },
      });
    await screen.page.reload();
    await screen.counts('position', positionCount);
    const repaints = await recordFrames(screen.page, tracedMs);
    const frames = repaints.filter(({ messages }) => messages > 0);
    const between = repaints.filter(({ messages }) => messages === 0);
    const row = (name: string, key: keyof Frame, of: readonly Frame[] = frames) => {
      const values = of.map((frame) => frame[key]);
      return `| ${[name, ...[0.5, 0.95, 1].map((part) => share(values, part).toFixed(1))].join(' | ')} |`;
    };
    const rows = [
      row('scripting', 'scriptMs'),
      row('style and layout', 'layoutMs'),
      row('paint', 'paintMs'),
      row('whole repaint', 'busyMs'),
      row('of it since the first message', 'sinceMessageMs'),
      row('whole repaint by the clock', 'elapsedMs'),
      row(`whole repaint of the ${between.length} without a message`, 'busyMs', between),
      row('messages', 'messages'),
    ];
    const head = `| ${positionCount} positions, ${frames.length} repaints by ticks in ${tracedMs / 1_000} s, ms of the main thread | median | 95 % | longest |`;
    const busy = frames.map(({ busyMs }) => busyMs);
    return { table: `${head}\n| --- | --- | --- | --- |\n${rows.join('\n')}`, slow: share(busy, 0.95) > frameMsMax };
  } finally {
    await screen.close();
  }
}
