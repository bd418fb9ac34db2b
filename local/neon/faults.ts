import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';

/** How long a hanging request is kept open. */
const hangMsMax = 120_000;

/** `ok` serves; `refuse` cuts the connection; `hang` does not answer; `error` answers 500. */
export const faultSchema = z.object({ mode: z.enum(['ok', 'refuse', 'hang', 'error']) });
export type FaultMode = z.infer<typeof faultSchema>['mode'];

/** A database that is down, for tests: set through POST /_control. */
export class Faults {
  mode: FaultMode = 'ok';

  /** Answers in the manner of the fault; true when there is one. */
  async apply(response: ServerResponse): Promise<boolean> {
    if (this.mode === 'ok') return false;
    if (this.mode === 'refuse') response.destroy();
    else if (this.mode === 'error') response.writeHead(500).end('the database is down');
    else await this.#hang(response);
    return true;
  }

  async #hang(response: ServerResponse): Promise<void> {
    const ended = new AbortController();
    response.once('close', () => ended.abort());
    await sleep(hangMsMax, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    response.destroy();
  }
}
