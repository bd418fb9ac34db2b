import { join, resolve } from 'node:path';
import { addressOf, type LocalKeys } from './keys.ts';
import type { ProcessPlan } from './managed-process.ts';
import type { SupervisorOptions } from './options.ts';
import { programFile } from './program-build.ts';
import { tapeMoment, tapeStartedAt } from './tape-start.ts';
import { workerLine } from './worker-log.ts';
import { isReadyLine, untilAnswers } from './readiness.ts';

const bin = (name: string) => resolve('node_modules', '.bin', name);
const node = process.execPath;
const readyLine: ProcessPlan['ready'] = async (signal, nextLine) => {
  await nextLine(isReadyLine, signal);
};

const withoutReadyLine = (line: string) => (isReadyLine(line) ? null : line);

/** Everything a part's plan depends on. */
export interface PartsContext {
  readonly options: SupervisorOptions;
  readonly keys: LocalKeys;
  readonly programId: string;
  readonly marker: Readonly<Record<string, string>>;
}

/** The price replay, as Hermes. */
export function hermesPlan({ options, marker }: PartsContext): ProcessPlan {
  const startedAt = tapeStartedAt(options);
  const at = tapeMoment(options);
  const args = ['local/hermes/main.ts', '--port', String(options.ports.hermes), '--speed', String(options.speed)];
  args.push('--started-at', String(startedAt), ...(at === undefined ? [] : ['--at', at]));
  return { name: 'hermes', command: node, args, env: marker, show: withoutReadyLine, ready: readyLine };
}

/** The local Solana with the compiled program. */
export function solanaPlan({ options, keys, programId, marker }: PartsContext): ProcessPlan {
  return {
    name: 'solana',
    command: node,
    args: [
      'local/solana/main.ts',
      ...['--port', String(options.ports.solana)],
      ...['--state-dir', join(options.stateDir, 'solana')],
      ...['--hermes', `http://127.0.0.1:${options.ports.hermes}`],
      ...['--program', `${programId}=${programFile}`],
      ...['--upgrade-authority', addressOf(keys.admin)],
    ],
    env: marker,
    show: withoutReadyLine,
    ready: readyLine,
  };
}

/** Postgres behind Neon's protocol, migrated. */
export function neonPlan({ options, marker }: PartsContext): ProcessPlan {
  const source =
    options.databaseUrl === undefined
      ? ['--data-dir', join(options.stateDir, 'postgres')]
      : ['--database-url', options.databaseUrl];
  const args = ['local/neon/main.ts', '--port', String(options.ports.neon), ...source];
  return { name: 'database', command: node, args, env: marker, show: withoutReadyLine, ready: readyLine };
}

/** The worker in workerd, with its objects, queue and cron handler. */
export function workerPlan({ options, marker }: PartsContext, variablesFile: string): ProcessPlan {
  const { worker } = options.ports;
  const args = [
    ...['--port', String(worker)],
    ...['--inspector-port', String(worker + 20_000 > 65_535 ? worker - 1_000 : worker + 20_000)],
    ...['--persist-to', join(options.stateDir, 'worker'), '--env-file', variablesFile],
    ...['--registry', join(options.stateDir, 'wrangler-registry')],
  ];
  return {
    name: 'worker',
    command: node,
    args: ['local/worker/main.ts', ...args],
    env: {
      ...marker,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
    },
    show: workerLine,
    ready: (signal) => untilAnswers(`http://127.0.0.1:${worker}/health`, signal),
  };
}

/** The terminal, told what it signs for as a deployed one is by its own file. */
export function webPlan({ options, keys, marker }: PartsContext): ProcessPlan {
  const { web, worker } = options.ports;
  const signsFor = { network: 'local', usdcMint: addressOf(keys.usdcMint), signInDomain: `localhost:${web}` };
  return {
    name: 'web',
    command: node,
    args: [bin('vite'), '--config', 'web/vite.config.ts', '--port', String(web), '--strictPort', '--host', '127.0.0.1'],
    env: {
      ...marker,
      WORKER_PORT: String(worker),
      TERMINAL_CONFIG: JSON.stringify({ apiOrigin: '', ...signsFor }),
    },
    show: (line) => (/error|warn/i.test(line) ? line : null),
    ready: (signal) => untilAnswers(`http://127.0.0.1:${web}/`, signal),
  };
}
