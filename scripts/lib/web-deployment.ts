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

/** Points a built terminal at an exchange. One build can be pointed again and again. @throws for an origin that is none. */
export function pointAtExchange(distDir: string, apiOrigin: string): void {
  const origin = parseApiOrigin(apiOrigin);
  const headersFile = join(distDir, '_headers');
  writeFileSync(headersFile, headersFor(readFileSync(headersFile, 'utf8'), origin));
  writeFileSync(join(distDir, 'config.json'), `${JSON.stringify({ apiOrigin: origin })}\n`);
}
