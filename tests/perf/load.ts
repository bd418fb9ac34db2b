import type { CDPSession } from 'playwright-core';
import { openScreen, shownMsMax } from '../support/terminal/screen.ts';
import { clsOf, shiftsOf, watchShifts, type Shift } from '../support/terminal/shifts.ts';

/** How a visitor's machine and line are slowed down. */
export interface Conditions {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Times slower than this machine. */
  readonly cpuSlowdown: number;
  readonly line: Line | undefined;
}

interface Line {
  readonly latencyMs: number;
  readonly bytesPerSecond: number;
}

/** What a load came to; times in milliseconds from the start of the navigation. */
export interface LoadFigures {
  readonly fcpMs: number;
  readonly lcpMs: number;
  readonly cls: number;
  /** What moved, where `cls` is not 0. */
  readonly shifts: readonly Shift[];
  /** What long tasks took beyond 50 ms each, from the first paint until the page is settled. */
  readonly tbtMs: number;
  /** The first price and the drawn chart. */
  readonly readyMs: number;
  /** On the wire, compressed. */
  readonly scriptBytes: number;
  readonly totalBytes: number;
  readonly requests: number;
}

const settledMs = 5_000;
const lookAgainMs = 100;
const longTaskMs = 50;

interface Observed {
  lcp: number;
  long: { start: number; ms: number }[];
}

/** Loads a path once with nothing in any cache. */
export async function measureLoad(url: string, path: string, conditions: Conditions): Promise<LoadFigures> {
  const { width, height, cpuSlowdown, line } = conditions;
  const screen = await openScreen({ url, width, height });
  try {
    const { page } = screen;
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const wire = { script: 0, total: 0, requests: 0 };
    const scripts = new Set<string>();
    session.on('Network.responseReceived', ({ requestId, type }) => void (type === 'Script' && scripts.add(requestId)));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      wire.requests += 1;
      wire.total += encodedDataLength;
      if (scripts.has(requestId)) wire.script += encodedDataLength;
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    if (line !== undefined) {
      const { latencyMs: latency, bytesPerSecond: throughput } = line;
      const speed = { latency, downloadThroughput: throughput, uploadThroughput: throughput };
      await session.send('Network.emulateNetworkConditions', { offline: false, ...speed });
    }
    await page.addInitScript(observe);
    await watchShifts(page);
    await screen.goto(path);
    const readyMs = await whenReady(session);
    await page.waitForTimeout(settledMs);
    const { lcp, long, fcp } = await page.evaluate(() => ({
      ...(window as unknown as { observed: Observed }).observed,
      fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    }));
    const shifts = await shiftsOf(page);
    const blocking = long.filter(({ start }) => start >= fcp).map(({ ms }) => Math.max(0, ms - longTaskMs));
    return {
      fcpMs: fcp,
      lcpMs: lcp,
      cls: clsOf(shifts),
      shifts,
      tbtMs: blocking.reduce((sum, ms) => sum + ms, 0),
      readyMs,
      scriptBytes: wire.script,
      totalBytes: wire.total,
      requests: wire.requests,
    };
  } finally {
    await screen.close();
  }
}

/**
 * Asks until the price and the drawn chart are there. Asked over the protocol itself: the tools by which a test looks for elements would be
 * loaded into the page, and what they take is no part of it.
 *
 * @returns milliseconds from the start of the navigation
 */
async function whenReady(session: CDPSession): Promise<number> {
  const expression = `(${readyAt.toString()})()`;
  const deadline = Date.now() + shownMsMax;
  for (;;) {
    const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true });
    if (typeof result.value === 'number') return result.value;
    if (Date.now() > deadline) throw new Error(`no price and no chart within ${shownMsMax / 1_000} s`);
    await new Promise((done) => setTimeout(done, lookAgainMs));
  }
}

/** Runs in the page. @returns the time of the page, or null while something is missing */
function readyAt(): number | null {
  const price = document.querySelector('[data-testid=price]')?.textContent ?? '';
  const isDrawn = document.querySelector('[data-testid=chart] canvas')?.checkVisibility({ visibilityProperty: true });
  return /\d/.test(price) && isDrawn === true ? performance.now() : null;
}

/** Runs in the page, before anything else of it: it may use nothing from outside itself. */
function observe(): void {
  const observed: Observed = { lcp: 0, long: [] };
  (window as unknown as { observed: Observed }).observed = observed;
  const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch('largest-contentful-paint', (entry) => (observed.lcp = entry.startTime));
  watch('longtask', ({ startTime, duration }) => observed.long.push({ start: startTime, ms: duration }));
}
