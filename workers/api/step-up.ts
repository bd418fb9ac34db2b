import * as z from 'zod';
import { refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { Session } from '../account/access-token.ts';
import type { ApiContext, Services } from './context.ts';
import { refused } from './errors.ts';
import { readToken, signToken } from '../account/signed-token.ts';
import {
  createProofChallenge,
  type ProofPurpose,
  type SignChallenge,
  signInSite,
  verifyProof,
  type WalletProof,
} from './wallet-proof.ts';

/** A request that a wallet confirms before it is sent. */
export interface ConfirmedRequest {
  /** Method and path. */
  readonly operation: string;
  /** SHA-256 over method, path and the body as its schema reads it: the same as the request itself will have. */
  readonly hash: string;
  /** The body's fields for the one who signs, defaults included; empty where there is none. */
  readonly fields: string;
}

const claimsSchema = z.object({ sid: z.string(), req: z.string(), jti: z.string(), exp: z.number().int() });

/** The nonce stands for this wallet, this session and this very request; the text says what that is. */
const purposeOf = (session: Session, { operation, fields, hash }: ConfirmedRequest): ProofPurpose => ({
  wallet: session.wallet,
  statement: `Confirm one operation at QuantDesk: ${operation}${fields === '' ? '' : ` with ${fields}`}. Sign only if you asked for it just now.`,
  binding: ['step-up', session.sessionId, hash],
});

/** A fresh text for a wallet to confirm a request with. */
export const createStepUpChallenge = (
  { settings, clock }: Services,
  session: Session,
  request: ConfirmedRequest,
): Promise<SignChallenge> =>
  createProofChallenge(settings.SESSION_KEYS, signInSite(settings), purposeOf(session, request), clock.nowMs());

/**
 * A token for the request whose text the wallet signed; it ends when the text does. Each text gives one token. Refusals: AUTH_003 nonce,
 * AUTH_004 text or signature, AUTH_005 used before.
 */
export async function grantStepUp(
  services: Services,
  session: Session,
  request: ConfirmedRequest,
  proof: WalletProof,
): Promise<Result<{ token: string; expiresAtMs: number }>> {
  const { settings, clock } = services;
  const purpose = purposeOf(session, request);
  const verified = await verifyProof(settings.SESSION_KEYS, signInSite(settings), purpose, proof, clock.nowMs());
  if (!verified.ok) return verified;
  const { nonce, expiresAtMs } = verified.value;
  if (!(await services.account(session.wallet).consumeNonce(nonce, expiresAtMs)))
    return refuse('AUTH_005', 'This text was used before. Ask for a new one with POST /api/auth/step-up.');
  const claims = { sid: session.sessionId, req: request.hash, jti: nonce };
  const token = await signToken(settings, 'step-up', claims, expiresAtMs / 1_000);
  return { ok: true, value: { token, expiresAtMs } };
}

/**
 * Takes the request's `X-Step-Up` token, once. It must be of this session and of exactly this request: `hash` is over its method, path and
 * body.
 *
 * @throws RefusedError AUTH_011.
 */
export async function requireStepUp(context: ApiContext, session: Session, hash: string): Promise<void> {
  const { settings, clock, account } = context.get('services');
  const needed = refused(
    'AUTH_011',
    'This needs a fresh signature of your wallet over this very request: get a token with POST /api/auth/step-up, for the same path and body, and send it as X-Step-Up.',
  );
  const token = context.req.header('x-step-up');
  if (token === undefined) throw needed;
  const claims = claimsSchema.safeParse(await readToken(settings, 'step-up', token));
  if (!claims.success) throw needed;
  const { sid, req, jti, exp } = claims.data;
  const isFor = sid === session.sessionId && req === hash;
  if (!isFor || exp * 1_000 <= clock.nowMs()) throw needed;
  // Its own name: the text's nonce was used up when this token was given for it.
  if (!(await account(session.wallet).consumeNonce(`step-up:${jti}`, exp * 1_000))) throw needed;
}
