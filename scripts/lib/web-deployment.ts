import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The build as it leaves the bundler: requests and sockets go to the origin of the page. */
const ownOrigin = "connect-src 'self'";
const connectDirective = /connect-src [^;]*/g;

/**
 * The origin of the exchange for a deployed terminal: https, or http on this machine alone; empty for the origin of the page.
 * @throws when it is anything else, or says more than an origin.
 */
export function parseApiOrigin(text: string): string {
  if (text === '') return '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && (text === url.origin || text === `${url.origin}/`);
  // Addresses may hold characters that mean something else in a policy, as * and ; do.
  if (!isPlain || !/^[a-z\d.-]+$/.test(url.hostname))
    throw new Error(
      `"${text}" is no origin: give a scheme, a host and perhaps a port, as in https://api.quantdesk.com`,
    );
  const isLocal = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))
    throw new Error(`"${text}" is not encrypted: the exchange is reached over https`);
  return url.origin;
}

/**
 * `_headers` in which pages may connect to themselves (their configuration lies there) and to that exchange, and to nothing else.
 * @throws when there is not exactly one policy to change.
 */
export function headersFor(headers: string, apiOrigin: string): string {
  if (headers.match(connectDirective)?.length !== 1) throw new Error('_headers has to name connect-src exactly once');
  const exchange = apiOrigin === '' ? '' : ` ${apiOrigin} ${apiOrigin.replace(/^http/, 'ws')}`;
  return headers.replace(connectDirective, `${ownOrigin}${exchange}`);
}

/** What a deployed terminal is told, and holds what it signs against. What is left out stays as it was. */
export interface Deployment {
  /** Empty for the origin of the page. */
  readonly apiOrigin: string;
  readonly network?: string | undefined;
  /** The token of the exchange, base58. */
  readonly usdcMint?: string | undefined;
  /** The domain in the texts of a sign-in; empty for the host of the page. */
  readonly signInDomain?: string | undefined;
}

/** The flags of the commands that deploy: names and what each has to be. */
export const deploymentFlags = {
  network: { type: 'string' },
  'usdc-mint': { type: 'string' },
  'sign-in-domain': { type: 'string' },
} as const;

const patterns = {
  network: /^(local|devnet|mainnet)$/,
  usdcMint: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/,
  signInDomain: /^([a-z\d.-]+(:\d+)?)?$/i,
} as const;

/** What a command was told by an address and its flags. @throws when one of them is not what it has to be. */
export function parseDeployment(
  origin: string,
  flags: { readonly [Flag in keyof typeof deploymentFlags]?: string | undefined },
): Deployment {
  const told = { network: flags.network, usdcMint: flags['usdc-mint'], signInDomain: flags['sign-in-domain'] };
  for (const [name, pattern] of Object.entries(patterns)) {
    const text = told[name as keyof typeof told];
    if (text !== undefined && !pattern.test(text)) throw new Error(`"${text}" is no ${name}`);
  }
  return { apiOrigin: parseApiOrigin(origin), ...told };
}

/** Points a built terminal at an exchange. One build can be pointed again and again. @throws for an origin that is none. */
export function pointAtExchange(distDir: string, deployment: Deployment): void {
  const [headersFile, configFile] = [join(distDir, '_headers'), join(distDir, 'config.json')];
  const apiOrigin = parseApiOrigin(deployment.apiOrigin);
  const before = JSON.parse(readFileSync(configFile, 'utf8')) as object;
  // JSON leaves out what is undefined: without a flag the value of before stays.
  const told = JSON.parse(JSON.stringify({ ...deployment, apiOrigin })) as object;
  writeFileSync(headersFile, headersFor(readFileSync(headersFile, 'utf8'), apiOrigin));
  writeFileSync(configFile, `${JSON.stringify({ ...before, ...told })}\n`);
}
