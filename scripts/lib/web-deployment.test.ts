import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headersFor, parseApiOrigin, parseDeployment, pointAtExchange } from './web-deployment.ts';

const headers = readFileSync('web/public/_headers', 'utf8');
const policyOf = (text: string): Map<string, string[]> => {
  const policy = /Content-Security-Policy: (.*)/.exec(text)?.[1] ?? '';
  return new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
};

test('the policy allows nothing that it does not name, no inline code, no inline style, and no other host', () => {
  const policy = policyOf(headers);
  expect(policy.get('default-src')).toEqual(["'none'"]);
  const allowed = [...policy.values()].flat().filter((source) => !["'none'", "'self'"].includes(source));
  expect(allowed).toEqual([expect.stringMatching(/^'sha256-/), 'data:']);
  expect(policy.get('img-src')).toContain('data:');
  expect(policy.get('connect-src')).toEqual(["'self'"]);
  for (const closed of ['base-uri', 'form-action', 'frame-ancestors']) expect(policy.get(closed)).toEqual(["'none'"]);
});

test('the one style allowed by its hash is what the chart library inserts', () => {
  const source = readFileSync('node_modules/lightweight-charts/dist/lightweight-charts.production.mjs', 'utf8');
  const style = /createElement\("style"\),this\.\w+\.innerText="([^"]*)"/.exec(source)?.[1];
  const hash = createHash('sha256')
    .update(style ?? '')
    .digest('base64');
  expect(policyOf(headers).get('style-src')).toEqual(["'self'", `'sha256-${hash}'`]);
});

test('a terminal pointed at an exchange may connect to it and to its own files, by requests and sockets, and to nothing else', () => {
  const connects = (origin: string) => policyOf(headersFor(headers, origin)).get('connect-src');
  expect(connects('https://api.quantdesk.com')).toEqual([
    "'self'",
    'https://api.quantdesk.com',
    'wss://api.quantdesk.com',
  ]);
  const again = headersFor(headersFor(headers, 'https://old.quantdesk.com'), '');
  expect(again).toBe(headers);
});

test('a file without a policy, or with two, is not deployed', () => {
  expect(() => headersFor('/*\n  X-Frame-Options: DENY\n', '')).toThrow('exactly once');
  expect(() => headersFor(headers + headers, '')).toThrow('exactly once');
});

test.each([
  ['https://api.quantdesk.com/', 'https://api.quantdesk.com'],
  ['https://api.quantdesk.com:8443', 'https://api.quantdesk.com:8443'],
  ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
  ['', ''],
])('"%s" is the origin "%s"', (text, origin) => {
  expect(parseApiOrigin(text)).toBe(origin);
});

test.each([
  'api.quantdesk.com',
  'http://api.quantdesk.com',
  'https://api.quantdesk.com/v1',
  'https://*.quantdesk.com',
  "https://api.quantdesk.com; script-src 'unsafe-inline'",
  'https://user:pass@api.quantdesk.com',
  'javascript:alert(1)',
])('"%s" is refused', (text) => {
  expect(() => parseApiOrigin(text)).toThrow();
});

const mint = '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU';

test('a terminal that is pointed elsewhere signs for the same network, token and domain until it is told others', () => {
  const dist = mkdtempSync(join(tmpdir(), 'quantdesk-dist-'));
  try {
    for (const file of ['_headers', 'config.json']) copyFileSync(join('web/public', file), join(dist, file));
    const config = () => JSON.parse(readFileSync(join(dist, 'config.json'), 'utf8')) as object;
    const flags = { network: 'devnet', 'usdc-mint': mint, 'sign-in-domain': 'dev.quantdesk.com' };
    const signsFor = { network: 'devnet', usdcMint: mint, signInDomain: 'dev.quantdesk.com' };
    pointAtExchange(dist, parseDeployment('https://api.quantdesk.com', flags));
    expect(config()).toEqual({ apiOrigin: 'https://api.quantdesk.com', ...signsFor });
    pointAtExchange(dist, parseDeployment('', {}));
    expect(config()).toEqual({ apiOrigin: '', ...signsFor });
    pointAtExchange(dist, parseDeployment('', { 'sign-in-domain': '' }));
    expect(config()).toEqual({ apiOrigin: '', ...signsFor, signInDomain: '' });
  } finally {
    rmSync(dist, { recursive: true });
  }
});

test.each([{ network: 'testnet' }, { 'usdc-mint': 'USDC' }, { 'sign-in-domain': 'https://quantdesk.com' }])(
  'a terminal is not told %o',
  (flags) => {
    expect(() => parseDeployment('', flags)).toThrow('is no');
  },
);
