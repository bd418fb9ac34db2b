import { fullJitterMs, sleep } from '#sdk/backoff.ts';
import * as z from 'zod';

import { apiOriginOf, type ApiOrigin } from './origin.ts';
import type { SignInSite } from './wallet/sign-in-text.ts';

/**
 * What this deployment of the terminal was told about the exchange, by whoever deployed it. What is signed is held against this, not against
 * what the exchange says of itself.
 */
export interface Site extends SignInSite {
  readonly api: ApiOrigin;
  /** The one token that deposits, withdrawals and shares are paid in, base58. */
  readonly usdcMint: string;
}

/** Set when the terminal is deployed, so that one build serves every environment. */
const configPath = '/config.json';
const attemptsMax = 4;
const answerMsMax = 4_000;
const delays = { delayMsBase: 200, delayMsMax: 2_000 } as const;

/** Networks and their names in the Wallet Standard. */
const chainOf = { local: 'solana:localnet', devnet: 'solana:devnet', mainnet: 'solana:mainnet' } as const;

const configSchema = z.object({
  apiOrigin: z.string(),
  network: z.enum(['local', 'devnet', 'mainnet']),
  usdcMint: z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/),
  signInDomain: z.string(),
});

/** The configuration of a deployment, on the page that it serves. @throws when it is none. */
export function siteOf(config: unknown, page: Pick<Location, 'origin' | 'host'>): Site {
  const { apiOrigin, network, usdcMint, signInDomain } = configSchema.parse(config);
  return {
    api: apiOriginOf(apiOrigin, page),
    ...{ chain: chainOf[network], usdcMint, pageHost: page.host },
    signInDomain: signInDomain === '' ? undefined : signInDomain,
  };
}

/** Reads the configuration of this deployment. @throws when it cannot be read after several attempts, or is no configuration. */
export const readSite = async (page: Pick<Location, 'origin' | 'host'> = window.location): Promise<Site> =>
  siteOf(await readConfig(), page);

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
