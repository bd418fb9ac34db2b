import { readSignInMessage } from './sign-in-message.ts';
import { WalletRefused } from './types.ts';

/** What a text to sign has to say; nothing else is passed to a wallet. */
export interface ExpectedText {
  /** The wallet that signs, base58. */
  readonly address: string;
  /** The line that says what the signature does. */
  readonly statement: string;
}

/** Where a text is signed, by the terminal's own configuration and the browser. */
export interface SignInSite {
  /** The network, as the Wallet Standard names it. */
  readonly chain: `solana:${'localnet' | 'devnet' | 'mainnet'}`;
  /** Host of the page, with its port. */
  readonly pageHost: string;
  /** The domain that texts name, where the deployment says so; the host of the page is held against it too. */
  readonly signInDomain: string | undefined;
}

/** The one statement of a sign-in. */
export const signInStatement = 'Sign in to QuantDesk. This costs nothing and moves nothing.';

/** What a Sign-In-With-Solana statement may hold, without the quote that ends a value. */
const foreignCharacters = /[^A-Za-z0-9 \-._~:/?#[\]@!$&()*+,;=]/g;

/** The statement that confirms one request with the fields of its body, in their order. */
export function confirmationStatement(operation: string, fields: Readonly<Record<string, string | number>>): string {
  const named = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : `'${value.replaceAll(foreignCharacters, '?')}'`;
    return `${name}: ${text}`;
  });
  const body = named.length === 0 ? '' : ` with ${named.join(', ')}`;
  return `Confirm one operation at QuantDesk: ${operation}${body}. Sign only if you asked for it just now.`;
}

const plainFields: readonly (readonly [label: string, key: 'version' | 'chainId' | 'nonce', pattern: RegExp])[] = [
  ['Version', 'version', /^1$/],
  ['Chain ID', 'chainId', /^solana:\w+$/],
  ['Nonce', 'nonce', /^[1-9A-HJ-NP-Za-km-z]{8,128}$/],
];
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** A site on this machine has several names, and its development server another port. */
const isSameSite = (domain: string, pageHost: string): boolean =>
  domain === pageHost || (loopback.test(domain) && loopback.test(pageHost));

const isTime = (text: string | undefined): boolean =>
  text !== undefined && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

const hostOf = (uri: string | undefined): string | undefined =>
  uri !== undefined && URL.canParse(uri) ? new URL(uri).host : undefined;

/**
 * Holds a text that the exchange wants signed against what this page asked for: this site and network, this wallet, the statement that is known,
 * and not a line more than a sign-in text has. A wallet may show any other text as something harmless.
 *
 * @throws WalletRefused
 */
export function checkSignInText(message: string, expected: ExpectedText, site: SignInSite): void {
  const read = readSignInMessage(message);
  const isOurs =
    read?.domain !== undefined &&
    read.domain === (site.signInDomain ?? read.domain) &&
    isSameSite(read.domain, site.pageHost) &&
    read.chainId === site.chain &&
    hostOf(read.uri) === read.domain &&
    isTime(read.issuedAt) &&
    isTime(read.expirationTime) &&
    plainFields.every(([, key, pattern]) => pattern.test(read[key] ?? '')) &&
    message ===
      [
        `${read.domain} wants you to sign in with your Solana account:`,
        expected.address,
        '',
        expected.statement,
        '',
        `URI: ${read.uri ?? ''}`,
        ...plainFields.map(([label, key]) => `${label}: ${read[key] ?? ''}`),
        `Issued At: ${read.issuedAt ?? ''}`,
        `Expiration Time: ${read.expirationTime ?? ''}`,
      ].join('\n');
  if (!isOurs) throw new WalletRefused(refusal);
}

const refusal =
  'The text to sign is not the one of this site and this wallet. Nothing was signed. Reload the page; if it happens again, do not sign anything here and tell support.';
