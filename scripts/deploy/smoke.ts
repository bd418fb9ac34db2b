import { readySchema, healthSchema } from '#shared/protocol/health.ts';
import { attempt, callTimeoutMs, messageOf } from './attempt.ts';
import { socketTicks } from './smoke-socket.ts';

/** What is looked at, and what it has to say of itself where that is known. */
export interface SmokeTarget {
  /** Like https://api.quantdesk.com. */
  readonly origin: string;
  /** Sent with every request: names the version that is to answer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly network?: string;
}

export interface SmokeResult {
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, or what was wrong. */
  readonly text: string;
}

const attemptsMax = 5;
/** Older prices of a market that trades mean that nothing can be traded. */
const priceAgeMsMax = 15_000;
const operationsMin = 50;

const requiredHeaders: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'strict-transport-security': /max-age=\d{8}/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'cache-control': /no-store/,
  'x-request-id': /^[\w-]{8,64}$/,
};

type Check = (target: SmokeTarget) => Promise<string>;

const checks: readonly (readonly [string, Check])[] = [
  ['health', health],
  ['ready', ready],
  ['prices', prices],
  ['markets', markets],
  ['socket', ({ origin, headers = {} }) => socketTicks(origin, headers)],
  ['openapi', openapi],
  ['headers', securityHeaders],
  ['sign-in', askedToSignIn],
  ['https', redirectsToHttps],
];

/** Looks at a running exchange and changes nothing. Each check is made again a few times: what was just deployed needs a moment. Never throws. */
export async function smoke(target: SmokeTarget, report: (result: SmokeResult) => void): Promise<boolean> {
  let isFine = true;
  for (const [name, check] of checks) {
    const result = await attempt(attemptsMax, () => check(target)).then(
      (text): SmokeResult => ({ name, ok: true, text }),
      (error: unknown): SmokeResult => ({ name, ok: false, text: messageOf(error) }),
    );
    isFine &&= result.ok;
    report(result);
  }
  return isFine;
}

const ask = ({ origin, headers = {} }: SmokeTarget, path: string): Promise<Response> =>
  fetch(new URL(path, origin), { headers, redirect: 'manual', signal: AbortSignal.timeout(callTimeoutMs) });

async function json(target: SmokeTarget, path: string, statuses: readonly number[] = [200]): Promise<unknown> {
  const answer = await ask(target, path);
  const text = await answer.text();
  if (!statuses.includes(answer.status)) throw new Error(`${path} answers ${answer.status}`);
  return JSON.parse(text);
}

async function health(target: SmokeTarget): Promise<string> {
  const { version, network } = healthSchema.parse(await json(target, '/health'));
  if (target.version !== undefined && version !== target.version)
    throw new Error(`version ${version} answers, not ${target.version}`);
  if (target.network !== undefined && network !== target.network)
    throw new Error(`it trades on ${network}, not on ${target.network}`);
  return `version ${version} on ${network}`;
}

async function ready(target: SmokeTarget): Promise<string> {
  const state = readySchema.parse(await json(target, '/ready', [200, 503]));
  if (state.ready) return 'every part that trading needs is well';
  const { settings, markets: symbols, ...parts } = state;
  const unwell = (['database', 'chain', 'indexer'] as const).flatMap((part) =>
    parts[part].ok ? [] : [`${part}: ${parts[part].message ?? ''}`],
  );
  const markets = symbols.flatMap(({ ok, symbol, message }) => (ok ? [] : [`${symbol}: ${message ?? ''}`]));
  const wrong = settings?.problems.map(({ name, message }) => `${name}: ${message}`) ?? [];
  throw new Error([...wrong, ...unwell, ...markets].join('; '));
}

async function prices(target: SmokeTarget): Promise<string> {
  const { markets: states } = readySchema.parse(await json(target, '/ready', [200, 503]));
  const old = states.filter(({ price_age_ms: age }) => age === null || age > priceAgeMsMax);
  if (states.length === 0 || old.length > 0)
    throw new Error(`no fresh price of ${old.map(({ symbol }) => symbol).join(', ') || 'any market'}`);
  return `the oldest is ${Math.max(...states.map(({ price_age_ms: age }) => age ?? 0))} ms old`;
}

async function markets(target: SmokeTarget): Promise<string> {
  const listed = (await json(target, '/api/market/markets')) as readonly { symbol?: unknown }[];
  if (!Array.isArray(listed) || listed.length === 0) throw new Error('no market is listed');
  return listed.map(({ symbol }) => String(symbol)).join(', ');
}

async function openapi(target: SmokeTarget): Promise<string> {
  const document = (await json(target, '/openapi.json')) as { openapi?: string; paths?: Record<string, object> };
  const count = Object.values(document.paths ?? {}).flatMap((methods) => Object.keys(methods)).length;
  if (document.openapi?.startsWith('3.1') !== true || count < operationsMin)
    throw new Error(`/openapi.json describes ${count} operations`);
  return `${count} operations`;
}

async function securityHeaders(target: SmokeTarget): Promise<string> {
  for (const path of ['/health', '/api/nothing']) {
    const { headers } = await ask(target, path);
    const lacking = Object.entries(requiredHeaders).filter(([name, form]) => !form.test(headers.get(name) ?? ''));
    if (lacking.length > 0) throw new Error(`${path} lacks ${lacking.map(([name]) => name).join(', ')}`);
  }
  return 'on answers and on refusals';
}

async function askedToSignIn(target: SmokeTarget): Promise<string> {
  const { code } = (await json(target, '/api/trading/orders', [401])) as { code?: string };
  if (code !== 'AUTH_001') throw new Error(`orders are refused with ${code ?? 'no code'}`);
  return 'strangers see no orders';
}

async function redirectsToHttps(target: SmokeTarget): Promise<string> {
  if (!target.origin.startsWith('https:')) return 'not asked: this address has no certificate';
  const plain = { ...target, origin: target.origin.replace('https:', 'http:') };
  const { status, headers } = await ask(plain, '/health');
  if (![301, 308].includes(status) || headers.get('location')?.startsWith('https://') !== true)
    throw new Error(`http is answered with ${status}`);
  return 'http is sent there';
}
