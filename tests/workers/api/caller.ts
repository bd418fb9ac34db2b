import { ed25519 } from '@noble/curves/ed25519.js';
import bs58 from 'bs58';
import { env, exports } from 'cloudflare:workers';
import type { AuthResponse, NonceResponse } from '#shared/protocol/auth.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { readSettings, type Settings } from '../../../workers/env.ts';

/** An answer, read. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly text?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const origin = 'http://127.0.0.1:8787';

/** Callers come from everywhere: limits per address are for those tests that name one. */
const anAddress = (): string => `10.${crypto.getRandomValues(new Uint8Array(3)).join('.')}`;

/** Calls the worker as the network would. */
export async function call<Body = ErrorResponse>(
  method: string,
  path: string,
  { body, text, token, headers = {} }: CallOptions = {},
): Promise<Answer<Body>> {
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await exports.default.fetch(`${origin}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      'cf-connecting-ip': anAddress(),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (answer === '' ? undefined : isJson(response) ? JSON.parse(answer) : answer) as Body,
  };
}

const isJson = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith('application/json') === true;

export const settings = (): Settings => readSettings(env);

/** A wallet of its own. */
export interface TestWallet {
  readonly address: string;
  sign(text: string): string;
}

export function newWallet(): TestWallet {
  const secret = ed25519.utils.randomSecretKey();
  return {
    address: bs58.encode(ed25519.getPublicKey(secret)),
    sign: (text) => bs58.encode(ed25519.sign(new TextEncoder().encode(text), secret)),
  };
}

export const askNonce = async (wallet: TestWallet): Promise<NonceResponse> =>
  (await call<NonceResponse>('POST', '/api/auth/nonce', { body: { wallet_address: wallet.address } })).body;

export const logIn = <Body = AuthResponse>(wallet: TestWallet, message: string, signature = wallet.sign(message)) =>
  call<Body>('POST', '/api/auth/login', { body: { wallet_address: wallet.address, message, signature } });

/** A signed-in wallet. */
export async function signIn(wallet: TestWallet = newWallet()): Promise<AuthResponse & { wallet: TestWallet }> {
  const { message } = await askNonce(wallet);
  const { status, body } = await logIn(wallet, message);
  if (status !== 200) throw new Error(`sign-in answered ${status}: ${JSON.stringify(body)}`);
  return { ...body, wallet };
}
