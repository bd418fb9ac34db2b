import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { AccountStream } from './account-stream.ts';
import type { AdmitResult, NewApiSession, NewSession, SessionTokens } from './contract.ts';
import type { Limiter } from './limiter.ts';
import type { OrderDesk } from './order-desk.ts';
import type { OrderLedger } from './order-ledger.ts';
import type { Sessions } from './sessions.ts';
import type { Standing } from '#shared/standing.ts';
import type { AccountStanding } from './standing.ts';

interface IdentityParts {
  readonly storage: DurableObjectStorage;
  readonly sessions: Sessions;
  readonly standing: AccountStanding;
  readonly limiter: Limiter;
  readonly desk: OrderDesk;
  readonly ledger: OrderLedger;
  readonly stream: AccountStream;
}

/** What follows for orders and sockets when sessions end or the wallet's standing changes. */
export class AccountIdentity {
  readonly #parts: IdentityParts;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  /** Counts a trading request; null when its session was ended, which costs no more to know here. */
  admit(sessionId: string): AdmitResult | null {
    return this.#parts.sessions.use(sessionId) ? this.#parts.limiter.admit() : null;
  }

  /** A sign-in. Refusals: AUTH_008. */
  async createSession(session: NewSession): Promise<Result<SessionTokens>> {
    const opened = this.#opened(await this.#parts.sessions.create(session));
    this.#parts.stream.hub.endSessions();
    return opened;
  }

  /** A session for a program. Refusals: AUTH_008, AUTH_014. */
  async createApiSession(session: NewApiSession): Promise<Result<SessionTokens>> {
    const tokens = await this.#parts.sessions.createApi(session);
    if (tokens !== null) return this.#opened(tokens);
    return refuse('AUTH_014', 'This wallet has as many API sessions as it may. End one first.');
  }

  /** Whoever signs in looked at the users row before: what the object was told since then counts. */
  #opened(tokens: SessionTokens): Result<SessionTokens> {
    if (this.#parts.standing.current.isActive) return ok(tokens);
    this.#parts.sessions.end(tokens.sessionId);
    return refuse('AUTH_008', 'This account is disabled. Its funds can be withdrawn on chain at any time.');
  }

  /** A token that was used before ends its session. */
  async rotateSession(refreshToken: string): Promise<SessionTokens | null> {
    const tokens = await this.#parts.sessions.rotate(refreshToken);
    if (tokens === null) this.#parts.stream.hub.endSessions();
    return tokens;
  }

  endSession(sessionId: string): boolean {
    const ended = this.#parts.sessions.end(sessionId);
    this.#parts.stream.hub.endSessions();
    return ended;
  }

  endOtherSessions(keepSessionId: string): number {
    const ended = this.#parts.sessions.endOthers(keepSessionId);
    this.#parts.stream.hub.endSessions();
    return ended;
  }

  /** Answers how many sessions ended. */
  forget(): number {
    const { sessions, storage, stream } = this.#parts;
    const ended = storage.transactionSync(() => {
      stream.forgetAlerts();
      return sessions.endOthers(null);
    });
    stream.hub.endSessions();
    return ended;
  }

  setStanding(standing: Standing): void {
    const { desk, ledger, sessions, storage, stream } = this.#parts;
    storage.transactionSync(() => {
      if (!this.#parts.standing.set(standing) || standing.isActive) return;
      sessions.endOthers(null);
      const why = this.#parts.standing.refusalOfOpening();
      if (why !== null) desk.withdrawAll(why);
    });
    ledger.publish();
    stream.hub.endSessions();
  }
}
