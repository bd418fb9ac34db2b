import { parseArgs } from 'node:util';
import { unstable_DevEnv as DevEnv } from 'wrangler';
import { startRelay } from './relay.ts';

/**
 * The worker of `wrangler.toml` in workerd, as `wrangler dev` runs it, but for one thing: clients are led past the proxy that stands before it
 * there. That proxy keeps its connections to the worker, and on a busy machine uses one that is just being closed: a request fails that the
 * worker never saw, with an answer that no page may read. And when a client leaves in the middle of a request's body, `wrangler dev` ends.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'inspector-port': { type: 'string' },
    'persist-to': { type: 'string' },
    'env-file': { type: 'string' },
    registry: { type: 'string' },
  },
});

const required = (name: keyof typeof values): string => {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
};

const hostname = '127.0.0.1';
const relay = await startRelay(Number(required('port')), hostname);

/** Says when the worker is loaded anew, and where it runs then: often at another port. */
class Environment extends DevEnv {
  override dispatch(event: Parameters<DevEnv['dispatch']>[0]): void {
    if (event.type === 'reloadStart') relay.hold();
    if (event.type === 'reloadComplete') {
      const { userWorkerUrl: at } = event.proxyData;
      relay.leadTo({ hostname: at.hostname ?? hostname, port: Number(at.port) });
    }
    super.dispatch(event);
  }
}

const environment = new Environment();
const worker = await environment.startWorker({
  config: 'wrangler.toml',
  envFiles: [required('env-file')],
  dev: {
    server: { hostname, port: 0 },
    inspector: { hostname, port: Number(required('inspector-port')) },
    persist: required('persist-to'),
    registry: required('registry'),
    remote: false,
  },
});

let isEnding = false;
const end = async (): Promise<void> => {
  if (isEnding) return;
  isEnding = true;
  relay.close();
  await worker.dispose();
  process.exit(0);
};
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
await worker.ready;
