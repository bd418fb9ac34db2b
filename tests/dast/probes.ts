import { request } from 'node:http';

/** Something that should not be so. */
export interface Finding {
  readonly probe: string;
  readonly what: string;
}

const requestMsMax = 10_000;

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security: readonly unknown[] }>>>>;
}

/** Headers that every answer has to carry, and what each has to say. */
const wantedHeaders: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'|default-src 'self'/,
  'strict-transport-security': /max-age=\d{8}/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^no-referrer$/,
};
/** Headers that tell a stranger what runs here. */
const tellingHeaders = ['server', 'x-powered-by'];

/** Paths that lead out of what is served, where something reads files by them. */
const strayPaths = [
  '/../../etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/.dev.vars',
  '/api/..;/..;/etc/passwd',
  '/api/market/prices/..%5c..%5c.dev.vars',
  '/docs/../wrangler.toml',
  '/docs/%2e%2e%2fpackage.json',
  '/.git/config',
  '/.env',
  '/.dev.vars',
  '/wrangler.toml',
  '/package.json',
  '/node_modules/hono/package.json',
];

/** Texts that would show in an answer if one became part of a statement, a template, a path or a header. */
const injections = [
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '" OR ""="',
  '{{7*7}}',
  '${7*7}',
  '$(id)',
  '`id`',
  '%0d%0aset-cookie:%20x=1',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  '\u0000',
];

const leaks = /root:x:|DATABASE_URL|SECRET_KEY|\[core\]|syntax error at or near|at \S+ \(\S+:\d+:\d+\)/;

/** What was found by asking as a stranger who reads the description, one request after the other. */
export async function probe(url: string): Promise<{ readonly findings: Finding[]; readonly requests: number }> {
  const findings: Finding[] = [];
  let requests = 0;
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    requests += 1;
    return fetch(`${url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(requestMsMax), ...init });
  };
  const found = (probeName: string, what: string): void => void findings.push({ probe: probeName, what });

  const described = (await (await ask('/openapi.json')).json()) as Described;
  for (const path of [
    '/health',
    '/api/market/markets',
    '/api/trading/orders',
    '/api/nothing',
    '/docs',
    '/openapi.json',
  ]) {
    const { headers } = await ask(path);
    for (const [name, wanted] of Object.entries(wantedHeaders))
      if (!wanted.test(headers.get(name) ?? '')) found('headers', `${path} answers ${name}: ${headers.get(name)}`);
    for (const name of tellingHeaders)
      if (headers.has(name)) found('headers', `${path} answers ${name}: ${headers.get(name)}`);
  }
  for (const [path, methods] of Object.entries(described.paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      if (security.length === 0) continue;
      for (const authorization of [
        '',
        'Bearer x',
        'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.',
        'Basic YWRtaW46YWRtaW4=',
      ]) {
        const filled = path.replaceAll(/\{\w+\}/g, '3f2504e0-4f89-41d3-9a0c-0305e82c3301');
        const headers = authorization === '' ? {} : { authorization };
        const { status } = await ask(filled, { method: method.toUpperCase(), headers });
        if (status !== 401 && status !== 429)
          found('auth', `${method} ${path} with "${authorization}" answers ${status}`);
      }
    }
  }
  for (const path of strayPaths) {
    requests += 1;
    const { status, text } = await askAsWritten(url, path);
    if (leaks.test(text) || (status < 400 && status !== 308))
      found('traversal', `${path} answers ${status}: ${text.slice(0, 80)}`);
  }
  for (const text of injections) {
    for (const path of [
      `/api/market/candles?symbol=${encodeURIComponent(text)}&interval=1m`,
      `/api/trading/receipts/${encodeURIComponent(text)}`,
    ]) {
      const response = await ask(path);
      const body = await response.text();
      if (response.status >= 500 || leaks.test(body) || response.headers.has('set-cookie'))
        found('injection', `${path} answers ${response.status}: ${body.slice(0, 80)}`);
    }
  }
  if (url.startsWith('https:')) {
    requests += 1;
    const plain = url.replace(/^https:/, 'http:');
    const response = await fetch(`${plain}/health?a=b`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(requestMsMax),
    });
    if (![301, 308].includes(response.status) || response.headers.get('location') !== `${url}/health?a=b`)
      found('tls', `plain HTTP answers ${response.status} to ${response.headers.get('location')}`);
  }
  return { findings, requests };
}

/** `fetch` tidies a path before it sends it; this sends it as it is. Over plain HTTP alone. */
async function askAsWritten(url: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'http:') {
    const response = await fetch(`${url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(requestMsMax) });
    return { status: response.status, text: await response.text() };
  }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, timeout: requestMsMax }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}
