import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type LocalKeys } from './keys.ts';

const socketsPerIpMax = 5_000;
const confirmPollMs = 25;
/** Tests and examples set prices by hand: only more than a doubling within a minute trips the brake here. */
const brakeMoveBps = 10_000;
const brakeCalmSeconds = 3;

/** The servers of one local network and who may call its worker. */
export interface LocalNetwork {
  readonly rpcUrl: string;
  readonly hermesUrl: string;
  readonly databaseUrl: string;
  readonly databaseHttpEndpoint: string;
  readonly webPort: number;
  readonly programId: string;
  readonly keys: LocalKeys;
}

/** The worker's variables and secrets on a local network; the names are those of `workers/env.ts`. */
export function workerVariables(network: LocalNetwork): Record<string, string> {
  const { keys, webPort } = network;
  return {
    NETWORK: 'local',
    VERSION: version(),
    RPC_URL: network.rpcUrl,
    PUBLIC_RPC_URL: network.rpcUrl,
    HERMES_URL: network.hermesUrl,
    DATABASE_URL: network.databaseUrl,
    DATABASE_HTTP_ENDPOINT: network.databaseHttpEndpoint,
    PROGRAM_ID: network.programId,
    USDC_MINT: addressOf(keys.usdcMint),
    PYTH_RECEIVER: 'rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ',
    KEEPER_SECRET_KEY: keys.keeper,
    FEE_PAYER_SECRET_KEYS: keys.feePayers.join(','),
    FAUCET_SECRET_KEY: keys.faucet,
    SESSION_KEYS: keys.sessionKeys,
    PERSONAL_DATA_KEYS: keys.personalDataKeys,
    ALLOWED_ORIGINS: `http://localhost:${webPort},http://127.0.0.1:${webPort}`,
    SIGN_IN_DOMAIN: `localhost:${webPort}`,
    // The wallet that holds the program's roles here, so that one key does both.
    ADMIN_WALLETS: addressOf(keys.admin),
    CONFIRM_POLL_MS: String(confirmPollMs),
    SOCKETS_PER_IP_MAX: String(socketsPerIpMax),
    BRAKE_MOVE_BPS: String(brakeMoveBps),
    BRAKE_CALM_SECONDS: String(brakeCalmSeconds),
  };
}

/** Writes the variables as an env file, readable by the user alone, and returns its path. */
export function writeWorkerVariables(stateDir: string, network: LocalNetwork): string {
  const path = join(stateDir, 'worker.env');
  const lines = Object.entries(workerVariables(network)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return path;
}

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
