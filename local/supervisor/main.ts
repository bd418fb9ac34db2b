import { mkdirSync, rmSync } from 'node:fs';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { startCron } from './cron.ts';
import { addressOf, loadOrCreateKeys } from './keys.ts';
import { ManagedProcess, type ProcessPlan } from './managed-process.ts';
import { parseOptions, USAGE, type SupervisorOptions } from './options.ts';
import { logNotice, logProblem, logStep } from './output.ts';
import { untilAnswers } from './readiness.ts';
import { hermesPlan, neonPlan, solanaPlan, webPlan, workerPlan, type PartsContext } from './parts.ts';
import { watchHealth } from './health-watch.ts';
import { checkProgramBuild } from './program-build.ts';
import { portHolder, portIsFree } from './ports.ts';
import { RunFile } from './run-file.ts';
import { saysRuntimeCrashed } from './worker-log.ts';
import { writeWorkerVariables } from './worker-variables.ts';

const partReadyMsMax = 120_000;
const repeatedSignalMs = 1_000;
const startedAt = Date.now();
const parts: ManagedProcess[] = [];
let stopping: Promise<void> | null = null;
let stoppingSince = 0;

/** Ends every part, the last started first; the second call waits for the first. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const part of [...parts].reverse()) await part.stop();
  })();
  return stopping;
}

async function refuseTakenPorts(options: SupervisorOptions): Promise<void> {
  const wanted = Object.entries(options.ports).filter(([name]) => options.web || name !== 'web');
  const problems: string[] = [];
  for (const [name, port] of wanted) {
    if (!(await portIsFree(port))) problems.push(`port ${port} (${name}) is taken by ${await portHolder(port)}`);
  }
  if (problems.length > 0)
    throw new Error(`${problems.join('\n  ')}\n  End it, or choose another port: npm start -- --help`);
}

async function launch(plan: ProcessPlan, runFile: RunFile, what: string): Promise<ManagedProcess> {
  const began = Date.now();
  const part = new ManagedProcess(plan, (name, pid) => runFile.record(name, pid));
  parts.push(part);
  await part.start(partReadyMsMax);
  logStep(what, Date.now() - began);
  return part;
}

async function startEverything(options: SupervisorOptions): Promise<void> {
  const runFile = new RunFile(options.stateDir);
  const running = runFile.livingSupervisor();
  if (running !== null)
    throw new Error(`the exchange runs already on ${options.stateDir} (pid ${running}); end it first`);
  const leftovers = runFile.endLeftovers();
  if (leftovers.length > 0) logNotice(`ended what an earlier run left behind: ${leftovers.join(', ')}`);
  await refuseTakenPorts(options);
  if (options.fresh) rmSync(options.stateDir, { recursive: true, force: true });
  mkdirSync(options.stateDir, { recursive: true });
  runFile.claim();
  checkProgramBuild(options.stateDir);

  const keys = loadOrCreateKeys(options.stateDir);
  const context: PartsContext = { options, keys, programId: idl.address, marker: runFile.marker };
  process.on('exit', () => {
    for (const part of parts) part.kill();
    runFile.remove();
  });

  const variablesFile = writeWorkerVariables(options.stateDir, {
    rpcUrl: `http://127.0.0.1:${options.ports.solana}`,
    hermesUrl: `http://127.0.0.1:${options.ports.hermes}`,
    databaseUrl: options.databaseUrl ?? `postgres://quantdesk:quantdesk@127.0.0.1:${options.ports.neon}/quantdesk`,
    databaseHttpEndpoint: `http://127.0.0.1:${options.ports.neon}/sql`,
    webPort: options.ports.web,
    programId: idl.address,
    keys,
  });
  const chain = async () => {
    // Read while the parts start: nothing before needs it.
    const bootstrapping = import('../bootstrap/bootstrap.ts');
    await launch(hermesPlan(context), runFile, 'price replay (Hermes)');
    await launch(solanaPlan(context), runFile, 'local Solana with the program');
    const began = Date.now();
    const { bootstrap } = await bootstrapping;
    await bootstrap({ rpcUrl: `http://127.0.0.1:${options.ports.solana}`, keys });
    logStep('exchange, markets and pool on chain', Date.now() - began);
  };
  // Everything at once: a part that needs another one waits for it by itself, and says so in /ready.
  const [worker] = await Promise.all([
    launch(workerPlan(context, variablesFile), runFile, 'worker (API, objects, queue)'),
    chain(),
    launch(neonPlan(context), runFile, 'database, migrated'),
    options.web ? launch(webPlan(context), runFile, 'terminal') : undefined,
  ]);
  const workerUrl = `http://127.0.0.1:${options.ports.worker}`;
  await untilAnswers(`${workerUrl}/ready`, AbortSignal.timeout(partReadyMsMax));
  startCron(workerUrl);
  const watch = watchHealth(`${workerUrl}/health`, () => worker.recycle());
  worker.onLine((line) => {
    if (saysRuntimeCrashed(line)) watch.doubt();
  });
}

function announce(options: SupervisorOptions, adminWallet: string): void {
  const { ports } = options;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  logNotice(`
QuantDesk is ready after ${seconds} s.

  terminal   ${options.web ? `http://localhost:${ports.web}` : 'not started (--no-web)'}
  API        http://localhost:${ports.worker}/api   readiness http://localhost:${ports.worker}/ready   OpenAPI http://localhost:${ports.worker}/openapi.json
  Solana     http://localhost:${ports.solana}   WebSocket ws://localhost:${ports.solanaSocket}
  Hermes     http://localhost:${ports.hermes}
  admin      ${adminWallet}   (its key: "admin" in ${options.stateDir}/keys.json)

Ctrl-C stops everything; state stays in ${options.stateDir} (npm start -- --fresh starts over).
`);
}

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) return logNotice(USAGE);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A terminal, npm and the start script may each pass the same signal on: only one that comes later is impatience.
      if (stopping !== null) return Date.now() - stoppingSince > repeatedSignalMs ? process.exit(1) : undefined;
      stoppingSince = Date.now();
      logNotice('\nstopping…');
      void stopAll().then(() => process.exit(0));
    });
  }
  try {
    const options = parseOptions(argv, process.env);
    await startEverything(options);
    announce(options, addressOf(loadOrCreateKeys(options.stateDir).admin));
  } catch (error) {
    if (stopping !== null) return;
    logProblem(error instanceof Error ? error.message : String(error));
    await stopAll();
    process.exit(1);
  }
}

await main();
