import { ed25519 } from '@noble/curves/ed25519.js';
import bs58 from 'bs58';
import { inject } from 'vitest';
import type { StepUpResponse } from '#shared/protocol/auth.ts';
import { type Answer, call, type CallOptions, signIn, type TestWallet } from './caller.ts';

/** The wallet that the settings name as admin, and that holds the program's roles. */
export function adminWallet(): TestWallet {
  const secret = bs58.decode(inject('adminSecretKey')).slice(0, 32);
  return {
    address: bs58.encode(ed25519.getPublicKey(secret)),
    sign: (text) => bs58.encode(ed25519.sign(new TextEncoder().encode(text), secret)),
  };
}

/** A request to confirm: its name, and its body where it has one. */
export type Confirmable = Readonly<{ operation: string; body?: unknown }>;

/** Asks for the text that confirms a request. */
export const askStepUp = <Body = StepUpResponse>(token: string, request: Confirmable): Promise<Answer<Body>> =>
  call<Body>('POST', '/api/auth/step-up', { token, body: request });

/** Sends a signed text. */
export const confirmStepUp = <Body = StepUpResponse>(
  token: string,
  request: Confirmable,
  message: string,
  signature: string,
): Promise<Answer<Body>> =>
  call<Body>('POST', '/api/auth/step-up', { token, body: { ...request, message, signature } });

/** A token that confirms a request once. */
export async function stepUp(token: string, wallet: TestWallet, request: Confirmable): Promise<string> {
  const { message = '' } = (await askStepUp(token, request)).body;
  const { status, body } = await confirmStepUp(token, request, message, wallet.sign(message));
  if (body.step_up_token === undefined) throw new Error(`step-up answered ${status}: ${JSON.stringify(body)}`);
  return body.step_up_token;
}

/** A signed-in operator, or anyone else who confirms what he does. */
export class Operator {
  readonly wallet: TestWallet;
  readonly token: string;

  private constructor(wallet: TestWallet, token: string) {
    this.wallet = wallet;
    this.token = token;
  }

  static async signedIn(wallet: TestWallet = adminWallet()): Promise<Operator> {
    return new Operator(wallet, (await signIn(wallet)).token);
  }

  call<Body>(method: string, path: string, options: CallOptions = {}): Promise<Answer<Body>> {
    return call<Body>(method, path, { token: this.token, ...options });
  }

  /** Calls with a fresh confirmation of this very request. */
  async confirmed<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const options = body === undefined ? {} : { body };
    const token = await stepUp(this.token, this.wallet, { operation: `${method} ${path}`, ...options });
    return this.call<Body>(method, path, { ...options, headers: { 'x-step-up': token } });
  }
}
