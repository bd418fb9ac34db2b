import type { TestProject } from 'vitest/node';
import { startTerminal } from './built-terminal.ts';

/** What every test of the terminal shares. */
export interface SharedTerminal {
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly hermesUrl: string;
  /** Where the exchange keeps the file of its running parts. */
  readonly stateDir: string;
  /** The files that are served. */
  readonly distDir: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    terminal: SharedTerminal;
  }
}

/** One exchange and one served terminal for all files of a run: each takes what it needs with a wallet of its own. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { exchange, distDir, close } = await startTerminal();
  const { webUrl, apiUrl, hermesUrl, stateDir } = exchange;
  project.provide('terminal', { webUrl, apiUrl, hermesUrl, stateDir, distDir });
  return close;
}
