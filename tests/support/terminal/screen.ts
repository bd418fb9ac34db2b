import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page, Request } from 'playwright-core';
import { openBrowser, type OpenBrowserOptions } from '../browser.ts';

/** What a screen shows has to be there within this time. */
export const shownMsMax = 20_000;

export interface ScreenOptions extends Partial<OpenBrowserOptions> {
  /** Where the terminal is served. */
  readonly url: string;
}

/** Problems that a test causes on purpose, in words of their message. */
export type ExpectedProblem = RegExp;

/** One tab of a browser with nothing in it yet, and everything that goes wrong in it. */
export interface Screen {
  readonly page: Page;
  /** Goes to a path of the terminal. */
  goto(path: string): Promise<void>;
  /** From nothing to a funded demo wallet. */
  startDemo(): Promise<void>;
  text(testId: string): Promise<string>;
  /** The figure of a text, without its grouping and with a plain minus. */
  figure(testId: string): Promise<number>;
  /** Waits until a text is, or fits, what is expected. */
  reads(testId: string, expected: string | RegExp, timeout?: number): Promise<void>;
  /** Waits for so many elements. */
  counts(testId: string, count: number, timeout?: number): Promise<void>;
  /** Waits until nothing is loading: no answer is awaited, no place of something to come is shown, and what moves in stands still. */
  settled(): Promise<void>;
  /** No rule of WCAG A and AA is broken by what shows now, and nothing is wider than the screen. */
  isAccessible(): Promise<void>;
  /** What went wrong in the page so far, without what was expected to; each with the path it went wrong on. */
  problems(expected?: ExpectedProblem): readonly string[];
  /** @throws with every problem that was not expected. */
  metNoProblem(expected?: ExpectedProblem): void;
  close(): Promise<void>;
}

const desktop = { width: 1440, height: 900 } as const;
export const phone = { width: 390, height: 844 } as const;

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Says which rule the screen breaks, and where. */
async function violationsOf(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) => (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly }),
    rules,
  );
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}`));
}

/** What is cut off at the side within an open window. */
const cutOffIn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role=dialog], [role=dialog] *')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowY === 'auto')
      .map((part) => `${part.className}: ${part.scrollWidth} of ${part.clientWidth} px`),
  );

/** Of the text that comes with a refused request. */
const answerCharactersMax = 300;

/** Errors of the page and its console (a breach of the content security policy is one), answers that failed, requests without an answer. */
async function watchProblems(page: Page): Promise<string[]> {
  const problems: string[] = [];
  const note = (problem: string): number =>
    problems.push(`${problem} (on ${page.url().replace(/^\w+:\/\/[^/]+/, '')})`) - 1;
  page.on('pageerror', (error) => note(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('response', (response) => {
    if (response.status() < 400) return;
    const at = note(`answer: ${response.status()} ${response.request().method()} ${response.url()}`);
    const addText = (text: string) => (problems[at] += `: ${text.slice(0, answerCharactersMax)}`);
    // A page that is left takes its answers with it.
    response.text().then(addText, () => undefined);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // A page that is left, or a query that is no longer wanted, drops its requests.
    if (reason !== 'net::ERR_ABORTED') note(`request: ${reason} ${request.method()} ${request.url()}`);
  });
  await page.exposeFunction('reportBreach', (breach: string) => note(`policy: ${breach}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) => {
      const { reportBreach } = window as unknown as { reportBreach(text: string): void };
      reportBreach(`${effectiveDirective} forbids ${blockedURI} of ${sourceFile}`);
    });
  });
  return problems;
}

/** Requests under way: nothing can be said of a screen before their answers are there. */
function watchRequests(page: Page): ReadonlySet<Request> {
  const pending = new Set<Request>();
  page.on('request', (request) => pending.add(request));
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => pending.delete(request));
  // Requests of a page that is left may end without a word.
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) pending.clear();
  });
  return pending;
}

/** Runs in the page: what is still on its way. */
const placesToFill = (): string[] =>
  [...document.querySelectorAll('.skeleton, [aria-busy=true]')]
    .filter((place) => place.checkVisibility())
    .map((place) => place.closest('[aria-label]')?.getAttribute('aria-label') ?? place.className);

const lookAgainMs = 100;
/** In a row: between an answer and what it makes the page ask for there is a moment. */
const quietLooks = 2;

/** Looks until what shows fits. @throws with what showed last. */
async function until<T>(look: () => Promise<T>, fits: (seen: T) => boolean, what: string, ms: number): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return;
    assert(Date.now() < deadline, `not within ${ms / 1_000} s: ${what}; last seen: ${String(seen)}`);
    await new Promise((done) => setTimeout(done, lookAgainMs));
  }
}

/** Runs in the page: resolves when nothing appears or slides any more. What turns for ever is not waited for. */
async function whenStill(): Promise<void> {
  const passing = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(passing.map((one) => one.finished));
}

/** Opens a tab in a browser of its own. */
export async function openScreen({ url, ...look }: ScreenOptions): Promise<Screen> {
  const browser = await openBrowser({ ...desktop, ...look });
  const page = await browser.context.newPage();
  page.setDefaultTimeout(shownMsMax);
  const problems = await watchProblems(page);
  const pending = watchRequests(page);
  const text = async (testId: string) => (await page.getByTestId(testId).first().textContent()) ?? '';
  const unexpected = (expected?: ExpectedProblem) => problems.filter((problem) => expected?.test(problem) !== true);
  const plain = (shown: string) => shown.replaceAll(',', '').replace('−', '-');
  return {
    page,
    text,
    goto: async (path) => void (await page.goto(new URL(path, url).href)),
    startDemo: async () => {
      await page.getByTestId('connect-wallet').click();
      await page.getByTestId('start-demo').click();
      await page.getByTestId('onboarding-done').click({ timeout: shownMsMax * 2 });
      await page.getByTestId('wallet-menu').waitFor();
    },
    figure: async (testId) => Number(plain(await text(testId)).replace(/[^\d.-]/g, '')),
    reads: async (testId, expected, timeout = shownMsMax) => {
      const fits = (shown: string) => (typeof expected === 'string' ? shown.includes(expected) : expected.test(shown));
      await until(() => text(testId), fits, `${testId} reads ${String(expected)}`, timeout);
    },
    counts: (testId, count, timeout = shownMsMax) =>
      until(
        () => page.getByTestId(testId).count(),
        (shown) => shown === count,
        `${count} of ${testId}`,
        timeout,
      ),
    settled: async () => {
      let quiet = 0;
      const look = async () => [
        ...[...pending].map((request) => request.url()),
        ...(await page.evaluate(placesToFill)),
      ];
      const isQuiet = (awaited: string[]) => (quiet = awaited.length === 0 ? quiet + 1 : 0) >= quietLooks;
      await until(look, isQuiet, 'nothing is loading', shownMsMax);
      await page.evaluate(whenStill);
    },
    isAccessible: async () => {
      await page.evaluate(whenStill);
      assert.deepEqual(await violationsOf(page), []);
      const { width } = page.viewportSize() ?? desktop;
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(needed <= width, `the screen needs ${needed} of ${width} px`);
      assert.deepEqual(await cutOffIn(page), []);
    },
    problems: unexpected,
    metNoProblem: (expected) => {
      const met = unexpected(expected);
      assert(met.length === 0, `the page met ${met.length} problems:\n${met.join('\n')}`);
    },
    close: browser.close,
  };
}
