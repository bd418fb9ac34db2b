import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type LocalKeys } from './keys.ts';
import type { SupervisorOptions } from './options.ts';

const socketsPerIpMax = 5_000;
const confirmPollMs = 25;

/** Commit of the checkout, for `/ready`; `local` outside a git checkout. */
function version(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'local';
  }
}

/**
 * Writes the worker's variables and secrets of this local network as an env file and returns its path.
 * The names are those of `workers/env.ts`.
 */
export function writeWorkerVariables(options: SupervisorOptions, keys: LocalKeys, programId: string): string {
  const { ports } = options;
  const variables: Record<string, string> = {
    NETWORK: 'local',
    VERSION: version(),
    RPC_URL: `http://127.0.0.1:${ports.solana}`,
    PUBLIC_RPC_URL: `http://127.0.0.1:${ports.solana}`,
    HERMES_URL: `http://127.0.0.1:${ports.hermes}`,
    DATABASE_URL: 'postgres://quantdesk:quantdesk@127.0.0.1/quantdesk',
    DATABASE_HTTP_ENDPOINT: `http://127.0.0.1:${ports.neon}/sql`,
    PROGRAM_ID: programId,
    USDC_MINT: addressOf(keys.usdcMint),
    PYTH_RECEIVER: 'rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ',
    KEEPER_SECRET_KEY: keys.keeper,
    FEE_PAYER_SECRET_KEYS: keys.feePayers.join(','),
    FAUCET_SECRET_KEY: keys.faucet,
    SESSION_KEYS: keys.sessionKeys,
    ALLOWED_ORIGINS: `http://localhost:${ports.web},http://127.0.0.1:${ports.web}`,
    SIGN_IN_DOMAIN: `localhost:${ports.web}`,
    CONFIRM_POLL_MS: String(confirmPollMs),
    SOCKETS_PER_IP_MAX: String(socketsPerIpMax),
  };
  const path = join(options.stateDir, 'worker.env');
  const text = Object.entries(variables)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join('\n');
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
}
