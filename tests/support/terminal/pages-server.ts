import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The built files as Cloudflare's pages serve them. */
export interface ServedPages {
  close(): Promise<void>;
}

/**
 * Serves built files by the handler that `wrangler pages dev` asks: it reads `_headers` and falls back to the page as the deployed service does.
 * The command itself ends when one of the connections within it breaks, as on a busy machine they do.
 *
 * @throws when it does not come up.
 */
export async function servePages(distDir: string, url: string): Promise<ServedPages> {
  const args = ['tests/support/terminal/pages-main.ts', distDir, new URL(url).port];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [first] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];
  if (!Buffer.isBuffer(first)) throw new Error(`the terminal is not served: ended with ${String(first)}`);
  child.stdout.resume();
  return {
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
