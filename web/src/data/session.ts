import { ApiError, type QuantDeskClient } from '#sdk/index.ts';
import bs58 from 'bs58';
import { createSignal } from 'solid-js';
import * as z from 'zod';

import type { DeskWallet } from './wallet/types.ts';

/** Kept for this tab alone, so that a reload needs no new signature. */
const storageKey = 'quantdesk.session';
/** A token this close to its end is renewed before it is used. */
const renewBeforeMs = 30_000;

const storedSessionSchema = z.object({
  address: z.string(),
  walletName: z.string(),
  token: z.string(),
  refreshToken: z.string(),
  expiresAt: z.number(),
});

export type StoredSession = z.infer<typeof storedSessionSchema>;

function readStored(): StoredSession | undefined {
  try {
    return storedSessionSchema.parse(JSON.parse(sessionStorage.getItem(storageKey) ?? ''));
  } catch {
    return undefined;
  }
}

function writeStored(session: StoredSession | undefined): void {
  try {
    if (session === undefined) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify(session));
  } catch {
    // Without storage the session lasts until the next reload.
  }
}

/** Tokens of the signed-in wallet. A refresh token is used once; concurrent calls share one renewal. */
export function createSession(client: () => QuantDeskClient) {
  const [session, setSession] = createSignal<StoredSession | undefined>(readStored());
  let renewal: Promise<boolean> | undefined;

  const keep = (next: StoredSession | undefined) => {
    writeStored(next);
    setSession(next);
  };

  const renew = async (): Promise<boolean> => {
    const current = session();
    if (current === undefined) return false;
    try {
      const answer = await client().auth.refresh(current.refreshToken);
      keep({
        ...current,
        token: answer.token,
        refreshToken: answer.refresh_token,
        expiresAt: Date.parse(answer.expires_at),
      });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) keep(undefined);
      return false;
    }
  };

  const refresh = (): Promise<boolean> => {
    renewal ??= renew().finally(() => (renewal = undefined));
    return renewal;
  };

  return {
    /** The signed-in wallet's address. */
    address: () => session()?.address,
    walletName: () => session()?.walletName,
    accessToken: () => session()?.token,
    refresh,
    /** A token that is still good for a while; undefined when signed out or out of reach. */
    freshToken: async (): Promise<string | undefined> => {
      const current = session();
      if (current === undefined) return undefined;
      if (current.expiresAt - Date.now() > renewBeforeMs || (await refresh())) return session()?.token;
      return undefined;
    },
    /** Proves the wallet with one signature. @throws ApiError, WalletRefused */
    signIn: async (wallet: DeskWallet): Promise<void> => {
      const { message } = await client().auth.nonce(wallet.address);
      const signed = await wallet.signIn(message);
      const answer = await client().auth.login(wallet.address, signed.message, bs58.encode(signed.signature));
      keep({
        address: wallet.address,
        walletName: wallet.name,
        token: answer.token,
        refreshToken: answer.refresh_token,
        expiresAt: Date.parse(answer.expires_at),
      });
    },
    /** Ends the session here at once, and at the exchange as soon as it can be told. */
    signOut: async (): Promise<void> => {
      if (session() === undefined) return;
      const told = client().auth.logout();
      keep(undefined);
      await told.catch(() => undefined);
    },
  };
}

export type Session = ReturnType<typeof createSession>;
