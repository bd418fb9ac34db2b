import { fullJitterMs, sleep } from '#sdk/backoff.ts';
import * as z from 'zod';

/** Where the exchange answers, without a path. */
export interface ApiOrigin {
  /** For requests; empty for the origin of the page. */
  readonly http: string;
  /** For sockets. */
  readonly socket: string;
}

/** Set when the terminal is deployed, so that one build serves every environment. */
const configPath = '/config.json';
const attemptsMax = 4;
const answerMsMax = 4_000;
const delays = { delayMsBase: 200, delayMsMax: 2_000 } as const;

const configSchema = z.object({ apiOrigin: z.string() });

/** The origin of a configured address; the page's own where none is configured. @throws TypeError when it is no address. */
export function apiOriginOf(configured: string, page: Pick<Location, 'origin'>): ApiOrigin {
  const { origin } = new URL(configured === '' ? page.origin : configured);
  return { http: configured === '' ? '' : origin, socket: origin.replace(/^http/, 'ws') };
}

/** Reads the configuration of this deployment. @throws when it cannot be read after several attempts, or is no configuration. */
export async function readApiOrigin(page: Pick<Location, 'origin'> = window.location): Promise<ApiOrigin> {
  return apiOriginOf(configSchema.parse(await readConfig()).apiOrigin, page);
}

async function readConfig(): Promise<unknown> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await fetch(configPath, { signal: AbortSignal.timeout(answerMsMax) });
      if (!answer.ok) throw new Error(`${configPath} is answered with ${answer.status}`);
      return await answer.json();
    } catch (error) {
      if (attempt + 1 >= attemptsMax) throw error;
      await sleep(fullJitterMs(attempt, delays));
    }
  }
}
