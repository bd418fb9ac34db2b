import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

/** Where systems keep a Chromium. */
const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Keeps the browser to the page under test: nothing looked up, updated or reported on the side. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The Chromium that npm carries; it runs on Linux x64 alone. */
async function packagedBrowser(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const path = await packaged.executablePath();
    return isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A Chromium to drive: `CHROMIUM_PATH`, one of the system, the one from npm, in that order.
 *
 * @throws when there is none; the message names the command that installs one.
 */
export async function findBrowser(
  env: NodeJS.ProcessEnv = process.env,
  installed: readonly string[] = systemPaths,
  packaged: () => Promise<string | undefined> = packagedBrowser,
): Promise<string> {
  const named = env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which is no program that can be run. Correct it, or unset it.`);
  }
  const found = installed.find(isExecutable) ?? (await packaged());
  if (found !== undefined) return found;
  const install = process.platform === 'darwin' ? 'brew install --cask chromium' : 'sudo apt-get install chromium';
  throw new Error(`No Chromium was found. Install one with \`${install}\`, or set CHROMIUM_PATH to one.`);
}

export interface OpenBrowserOptions {
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: 'dark' | 'light';
}

export interface OpenBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts a browser with an empty profile, which goes with it. */
export async function openBrowser(options: OpenBrowserOptions): Promise<OpenBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'quantdesk-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findBrowser(),
    args: flags,
    viewport: { width: options.width, height: options.height },
    colorScheme: options.colorScheme ?? 'dark',
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
