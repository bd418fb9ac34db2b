/**
 * Stands before the worker's bundle and counts what the platform charges for: requests, calls of objects, their rows, alarms and time, queue
 * messages, data points, and calls of Solana, the database and Hermes. Nothing of the worker is changed; `GET /__counts` answers the sums.
 */
import worker, * as parts from './index.js';

const counts = {};
/** Statements whose rows are not known before they were read to their end. */
const cursors = [];
const cursorsKept = 64;

function add(name, by = 1) {
  counts[name] = (counts[name] ?? 0) + by;
}

function settle(keep) {
  while (cursors.length > keep) {
    const { kind, cursor } = cursors.shift();
    add(`rows_read ${kind}`, cursor.rowsRead);
    add(`rows_written ${kind}`, cursor.rowsWritten);
  }
}

const ask = globalThis.fetch;

/** Calls of others, by whose they are and, of Solana, by method. */
globalThis.fetch = async (input, init) => {
  const url = typeof input === 'string' ? input : (input.url ?? String(input));
  const body = typeof init?.body === 'string' ? init.body : '';
  if (body.includes('"jsonrpc"')) add(`rpc ${/"method":"(\w+)"/.exec(body)?.[1]}`);
  else if (url.endsWith('/sql')) {
    add('database transactions');
    add('database statements', JSON.parse(body).queries?.length ?? 1);
    add('database bytes sent', body.length);
  } else add('other requests');
  const response = await ask(input, init);
  if (!url.endsWith('/sql')) return response;
  // The driver reads the whole text as well.
  const text = await response.text();
  add('database bytes received', text.length);
  return new Response(text, { status: response.status });
};

const methodOf = (target, name, note) => {
  if (typeof target[name] !== 'function') return target[name];
  return (...args) => {
    note(args);
    // Called as a member: of a stub, `apply` would be a method of the object.
    return target[name](...args);
  };
};

const watched = (target, note) =>
  new Proxy(target, { get: (of, name) => methodOf(of, name, (args) => note(String(name), args)) });

/** Stubs count the calls that pass them. */
function countedNamespace(namespace, name) {
  const counted = (stub) => watched(stub, (method) => add(`object ${name}.${method}`));
  return new Proxy(namespace, {
    get: (of, key) =>
      key === 'get' || key === 'getByName' ? (...args) => counted(of[key](...args)) : methodOf(of, key, () => {}),
  });
}

const messagesOf = (method, [messages]) => (method === 'sendBatch' ? [...messages].length : 1);

const countedEnvs = new WeakMap();

function countedEnv(env) {
  const known = countedEnvs.get(env);
  if (known !== undefined) return known;
  const counted = { ...env };
  for (const name of ['MARKETS', 'ACCOUNTS', 'INDEXER', 'METRIC_TOTALS'])
    counted[name] = countedNamespace(env[name], name);
  counted.RISK_CHECKS = watched(env.RISK_CHECKS, (method, args) => add('queue sent', messagesOf(method, args)));
  if (env.METRICS !== undefined) counted.METRICS = watched(env.METRICS, () => add('data points'));
  countedEnvs.set(env, counted);
  return counted;
}

function countStorage(ctx, kind) {
  const { storage } = ctx;
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  const setAlarm = storage.setAlarm.bind(storage);
  const define = (of, name, value) => Object.defineProperty(of, name, { value, configurable: true });
  define(sql, 'exec', (...args) => {
    const cursor = exec(...args);
    cursors.push({ kind, cursor });
    settle(cursorsKept);
    return cursor;
  });
  define(storage, 'setAlarm', (...args) => {
    add(`rows_written ${kind}`);
    return setAlarm(...args);
  });
  define(storage, 'sql', sql);
  define(ctx, 'storage', storage);
}

/** Everything an object can be woken by. Its time is what it spent with at least one of them unanswered. */
function countedClass(Base, kind) {
  const Counted = class extends Base {
    constructor(ctx, env) {
      countStorage(ctx, kind);
      super(ctx, countedEnv(env));
      add(`wakes ${kind}`);
      this.__busy = { calls: 0, sinceMs: 0 };
    }
  };
  for (const name of Object.getOwnPropertyNames(Base.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(Base.prototype, name);
    if (name === 'constructor' || typeof value !== 'function') continue;
    Counted.prototype[name] = function (...args) {
      if (name === 'alarm' || name === 'webSocketMessage') add(`${name} ${kind}`);
      return timed(this.__busy, kind, () => value.apply(this, args));
    };
  }
  return Counted;
}

function timed(busy, kind, run) {
  if (busy.calls++ === 0) busy.sinceMs = Date.now();
  const end = () => {
    if (--busy.calls === 0) add(`busy_ms ${kind}`, Date.now() - busy.sinceMs);
  };
  let result;
  try {
    result = run();
  } catch (error) {
    end();
    throw error;
  }
  if (typeof result?.then === 'function') result.then(end, end);
  else end();
  return result;
}

export const MarketObject = countedClass(parts.MarketObject, 'MARKETS');
export const AccountObject = countedClass(parts.AccountObject, 'ACCOUNTS');
export const IndexerObject = countedClass(parts.IndexerObject, 'INDEXER');
export const MetricTotalsObject = countedClass(parts.MetricTotalsObject, 'METRIC_TOTALS');

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === '/__counts') {
      settle(0);
      return Response.json(counts);
    }
    add('requests');
    return worker.fetch(request, countedEnv(env), context);
  },
  queue(batch, env, context) {
    add('queue batches');
    add('queue delivered', batch.messages.length);
    return worker.queue(batch, countedEnv(env), context);
  },
  scheduled(controller, env, context) {
    add('sweeps');
    return worker.scheduled(controller, countedEnv(env), context);
  },
};
