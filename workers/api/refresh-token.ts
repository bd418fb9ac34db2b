import * as z from 'zod';
import { walletAddressSchema } from '#shared/protocol/common.ts';
import { readToken, signToken, type TokenSettings } from '../account/signed-token.ts';

/** A refresh token that we gave: the wallet whose object knows the session, and the token as that object made it. */
export interface OpenedRefreshToken {
  readonly wallet: string;
  readonly token: string;
}

const claimsSchema = z.object({ token: z.string().min(1), exp: z.number().int() });

/**
 * Seals what a wallet's object gave, with the first of our keys: a token that somebody made up is known before any object is asked. The same
 * token sealed again is the same text, so that a repeated refresh is answered alike.
 */
export const sealRefreshToken = (settings: TokenSettings, token: string, expiresAtMs: number): Promise<string> =>
  signToken(settings, 'refresh', { token }, Math.floor(expiresAtMs / 1_000));

/** Null for a token that none of our keys sealed for this site, or that has expired. Whether it was used, its object alone knows. */
export async function openRefreshToken(
  settings: TokenSettings,
  sealed: string,
  nowMs: number,
): Promise<OpenedRefreshToken | null> {
  const claims = claimsSchema.safeParse(await readToken(settings, 'refresh', sealed));
  if (!claims.success || claims.data.exp * 1_000 <= nowMs) return null;
  const wallet = walletAddressSchema.safeParse(claims.data.token.split('.')[0]);
  return wallet.success ? { wallet: wallet.data, token: claims.data.token } : null;
}
