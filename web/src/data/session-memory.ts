import * as z from 'zod';

/** What this browser's tabs share, so that a new tab and a reload need no new signature. */
const storageKey = 'quantdesk.session';
/** Held while a token is renewed. */
const lockName = 'quantdesk.session';

const storedSessionSchema = z.object({
  /** Names this sign-in: renewed tokens keep it, another sign-in has another. */
  id: z.string(),
  address: z.string(),
  kind: z.enum(['demo', 'standard']),
  walletName: z.string(),
  token: z.string(),
  refreshToken: z.string(),
  /** End of the access token, milliseconds since 1970. */
  expiresAt: z.number(),
});

export type StoredSession = z.infer<typeof storedSessionSchema>;

/** In the place of a session that the exchange has ended, so that no tab takes it for one that was left. */
const endedSchema = z.object({ endedOf: z.string() });

/** Where the session of a browser is kept: one for all its tabs. */
export interface SessionMemory {
  read(): StoredSession | undefined;
  /** The wallet whose session the exchange has ended, until somebody signs in or out. */
  ended(): string | undefined;
  /** `endedOf`: where there is no session any more because the exchange has ended this wallet's. */
  write(session: StoredSession | undefined, endedOf?: string): void;
  /** Runs while no other tab runs its own. */
  alone<Result>(run: () => Promise<Result>): Promise<Result>;
}

/** Tells whether an event of `storage` may be about the session. */
export const isAboutSession = ({ key }: Pick<StorageEvent, 'key'>): boolean => key === storageKey || key === null;

/** The memory of this browser. Where it keeps nothing, the session lasts as long as the page. */
export function browserSessionMemory(): SessionMemory {
  let own: unknown;
  let isBlocked = false;
  const kept = (): unknown => {
    if (isBlocked) return own;
    try {
      return JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    } catch {
      return undefined;
    }
  };
  return {
    read: () => storedSessionSchema.safeParse(kept()).data,
    ended: () => endedSchema.safeParse(kept()).data?.endedOf,
    write: (session, endedOf) => {
      own = session ?? (endedOf === undefined ? undefined : { endedOf });
      try {
        if (own === undefined) localStorage.removeItem(storageKey);
        else localStorage.setItem(storageKey, JSON.stringify(own));
      } catch {
        isBlocked = true;
      }
    },
    // Pages without a secure origin have no locks, and no wallets either.
    alone: async (run) => ('locks' in navigator ? await navigator.locks.request(lockName, run) : await run()),
  };
}
