import { ApiError, type ClientOptions, type QuantDeskClient } from '#sdk/index.ts';
import type { AuthResponse } from '#shared/protocol/auth.ts';
import bs58 from 'bs58';
import { batch, createSignal } from 'solid-js';

import type { SessionMemory, StoredSession } from './session-memory.ts';
import type { SignInSite } from './wallet/sign-in-text.ts';
import type { DeskWallet } from './wallet/types.ts';

/** A token this close to its end is renewed before it is used. */
const renewBeforeMs = 30_000;

type Tokens = Pick<StoredSession, 'token' | 'refreshToken' | 'expiresAt'>;

export interface SessionParts {
  /** A client of the exchange that sends what it is given. */
  readonly connect: (options: Pick<ClientOptions, 'accessToken' | 'refresh'>) => QuantDeskClient;
  readonly memory: SessionMemory;
  /** What texts to sign have to name. */
  readonly site: SignInSite;
  /** Another tab signed out or in: everything of the session before is void, now. */
  readonly onReplaced: (next: StoredSession | undefined) => void;
}

/** Somebody signed out, or in with another wallet, while this sign-in waited for its wallet. */
export class SignInSuperseded extends Error {
  override readonly name = 'SignInSuperseded';
}

const tokensOf = (answer: AuthResponse): Tokens => ({
  token: answer.token,
  refreshToken: answer.refresh_token,
  expiresAt: Date.parse(answer.expires_at),
});

/** The session as this tab and the memory of all tabs have it, and what of it was awaited for nothing. */
function createKept({ memory, onReplaced }: SessionParts) {
  const [session, setSession] = createSignal<StoredSession | undefined>(memory.read());
  /** The wallet whose session the exchange has ended. */
  const [ended, setEnded] = createSignal<string | undefined>();
  /** Counts sign-ins begun and sessions left: what an earlier one still waits for is void. */
  let generation = 0;

  const keep = (next: StoredSession | undefined, endedOf?: string) =>
    batch(() => {
      memory.write(next, endedOf);
      setSession(next);
      setEnded(endedOf);
    });
  /** Takes over what another tab has done. */
  const follow = (): void => {
    const [next, before] = [memory.read(), session()];
    if (next?.id === before?.id) {
      if (next?.token !== before?.token) setSession(next);
      return;
    }
    const endedOf = next === undefined ? memory.ended() : undefined;
    if (before !== undefined && before.address === endedOf) {
      batch(() => {
        setSession(undefined);
        setEnded(endedOf);
      });
      return;
    }
    generation += 1;
    batch(() => {
      setSession(next);
      setEnded(undefined);
      onReplaced(next);
    });
  };

  return {
    session,
    ended,
    keep,
    follow,
    /** Whether the session is still this one, here and for all tabs. */
    isKept: ({ id }: StoredSession): boolean => session()?.id === id && memory.read()?.id === id,
    /** The exchange has ended this session. */
    end: (which: StoredSession): void => {
      follow();
      if (session()?.id === which.id) keep(undefined, which.address);
    },
    /** Makes void what is awaited, and begins anew. @returns whether this is still the latest beginning. */
    begin: (): (() => boolean) => {
      generation += 1;
      const mine = generation;
      return () => mine === generation;
    },
  };
}

type Kept = ReturnType<typeof createKept>;

/** Ends tokens at the exchange that nobody here uses any more. Where it cannot be told, they run out by themselves. */
async function endAtExchange({ connect }: SessionParts, left: Tokens): Promise<void> {
  let { token } = left;
  const refresh = async () => {
    token = (await connect({}).auth.refresh(left.refreshToken)).token;
    return true;
  };
  await connect({ accessToken: () => token, refresh })
    .auth.logout()
    .catch(() => undefined);
}

/** Renews tokens: in one tab at a time, and once for all who wait for it. */
function createRenewal(parts: SessionParts, { session, keep, follow, isKept, end }: Kept) {
  let renewal: Promise<boolean> | undefined;

  /** `asked`: the session as it was when the renewal was wanted. */
  const renew = async (asked: StoredSession): Promise<boolean> => {
    // Another tab may have been faster, or may have left.
    follow();
    const known = session();
    if (known?.id !== asked.id) return false;
    if (known.refreshToken !== asked.refreshToken) return true;
    try {
      const next = tokensOf(await parts.connect({}).auth.refresh(known.refreshToken));
      if (isKept(known)) keep({ ...known, ...next });
      else void endAtExchange(parts, next);
      return session()?.token === next.token;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) end(known);
      return false;
    }
  };

  return (): Promise<boolean> => {
    const asked = session();
    if (asked === undefined) return Promise.resolve(false);
    renewal ??= parts.memory.alone(() => renew(asked)).finally(() => (renewal = undefined));
    return renewal;
  };
}

/**
 * Tokens of the signed-in wallet, one session for all tabs of the browser. What was awaited for one session never becomes another's: each
 * answer is held against the sign-in it was asked for, here and in the memory of all tabs. A refresh token is used once, by one tab.
 */
export function createSession(parts: SessionParts) {
  const kept = createKept(parts);
  const { session, ended, keep, follow } = kept;
  const refresh = createRenewal(parts, kept);

  const freshToken = async (): Promise<string | undefined> => {
    const current = session();
    if (current === undefined) return undefined;
    if (current.expiresAt - Date.now() <= renewBeforeMs && !(await refresh())) return undefined;
    return session()?.id === current.id ? session()?.token : undefined;
  };

  /** Proves the wallet with one signature, unless the session is the wallet's already. */
  const signIn = async (wallet: DeskWallet): Promise<void> => {
    const isLatest = kept.begin();
    const check = () => {
      if (!isLatest()) throw new SignInSuperseded('Another wallet came first.');
    };
    const { auth } = parts.connect({});
    const { address, kind, name } = wallet;
    const isKnown = session()?.address === address && (await freshToken()) !== undefined;
    check();
    if (isKnown) return;
    // Only who signs in reads such a text.
    const [{ message, nonce }, { checkSignInText, signInStatement }] = await Promise.all([
      auth.nonce(address),
      import('./wallet/sign-in-text.ts'),
    ]);
    check();
    checkSignInText(message, { address, statement: signInStatement }, parts.site);
    const signed = await wallet.signIn(message);
    check();
    const tokens = tokensOf(await auth.login(address, signed.message, bs58.encode(signed.signature)));
    if (!isLatest()) void endAtExchange(parts, tokens);
    check();
    const before = session();
    keep({ id: nonce, address, kind, walletName: name, ...tokens });
    if (before !== undefined) void endAtExchange(parts, before);
  };

  return {
    /** The session that stands, if any. */
    stored: session,
    /** The wallet whose session was ended elsewhere, until somebody signs in or out. */
    ended,
    address: () => session()?.address,
    accessToken: () => session()?.token,
    refresh,
    /** A token that is still good for a while; undefined when signed out or out of reach. */
    freshToken,
    /** @throws ApiError, WalletRefused, SignInSuperseded */
    signIn,
    /** The exchange says that the session of this token was ended. */
    learnEnd: (token: string): void => {
      const current = session();
      if (current?.token === token) kept.end(current);
    },
    /** What `storage` tells, and what may have been missed in the background. */
    follow,
    /** Ends the session here and in the other tabs at once, and at the exchange as soon as it can be told. */
    signOut: async (): Promise<void> => {
      kept.begin();
      const left = session();
      keep(undefined);
      if (left !== undefined) await endAtExchange(parts, left);
    },
  };
}

export type Session = ReturnType<typeof createSession>;
