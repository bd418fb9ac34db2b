import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { execute, firstRow, rows } from '../platform/sql.ts';
import type { NewSession, SessionTokens } from './contract.ts';

/** Tables the object's migrations must contain. */
export const SESSIONS_TABLES = `
  CREATE TABLE sessions (
    session_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    user_agent TEXT,
    secret_hash TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
  );
  CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expires_ms INTEGER NOT NULL);
`;

/** A session that is not refreshed for this long ends. */
export const sessionLifeMs = 30 * 24 * 3_600_000;
export const sessionsMax = 20;
/** Used nonces remembered; each lives five minutes, so the bound is beyond what the limit per IP lets in. */
export const noncesMax = 1_000;
const secretBytes = 32;

/**
 * Sign-in sessions of one wallet. A refresh token is used once: presenting an old one means that two parties hold the session, so the
 * whole session (the family of its tokens) ends.
 */
export class Sessions {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  readonly #owner: string;

  constructor(storage: DurableObjectStorage, clock: Clock, owner: string) {
    this.#storage = storage;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** True exactly once per nonce. */
  consumeNonce(nonce: string, expiresAtMs: number): boolean {
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const now = this.#clock.nowMs();
      execute(sql, 'DELETE FROM nonces WHERE expires_ms <= ?', now);
      if (expiresAtMs <= now) return false;
      const stored = firstRow<{ size: number }>(sql, 'SELECT COUNT(*) AS size FROM nonces')?.size ?? 0;
      if (stored >= noncesMax) return false;
      return (
        execute(
          sql,
          'INSERT INTO nonces (nonce, expires_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
          nonce,
          expiresAtMs,
        ) === 1
      );
    });
  }

  async create(session: NewSession): Promise<SessionTokens> {
    const sessionId = newId();
    const secret = newSecret();
    const hash = await hashOf(secret);
    const expiresMs = this.#clock.nowMs() + sessionLifeMs;
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      sql.exec('DELETE FROM sessions WHERE expires_ms <= ?', this.#clock.nowMs());
      sql.exec(
        `DELETE FROM sessions WHERE session_id IN (
           SELECT session_id FROM sessions ORDER BY created_ms DESC, session_id LIMIT -1 OFFSET ?)`,
        sessionsMax - 1,
      );
      sql.exec(
        'INSERT INTO sessions (session_id, user_id, user_agent, secret_hash, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?)',
        sessionId,
        session.userId,
        session.userAgent,
        hash,
        this.#clock.nowMs(),
        expiresMs,
      );
    });
    return this.#tokens(sessionId, session.userId, secret, expiresMs);
  }

  /** A new token for a valid one; null when it is unknown, expired, or was used before, which ends the session. */
  async rotate(refreshToken: string): Promise<SessionTokens | null> {
    const [owner, sessionId, secret, ...rest] = refreshToken.split('.');
    if (owner !== this.#owner || sessionId === undefined || secret === undefined || rest.length > 0) return null;
    const next = newSecret();
    const [presented, stored] = await Promise.all([hashOf(secret), hashOf(next)]);
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const now = this.#clock.nowMs();
      const query = 'SELECT user_id, secret_hash FROM sessions WHERE session_id = ? AND expires_ms > ?';
      const row = firstRow<{ user_id: string; secret_hash: string }>(sql, query, sessionId, now);
      if (row === null) return null;
      if (row.secret_hash !== presented) {
        this.end(sessionId);
        return null;
      }
      const expiresMs = now + sessionLifeMs;
      sql.exec(
        'UPDATE sessions SET secret_hash = ?, expires_ms = ? WHERE session_id = ?',
        stored,
        expiresMs,
        sessionId,
      );
      return this.#tokens(sessionId, row.user_id, next, expiresMs);
    });
  }

  end(sessionId: string): void {
    this.#storage.sql.exec('DELETE FROM sessions WHERE session_id = ?', sessionId);
  }

  /** Sessions that stand, newest first. */
  list(): { sessionId: string; userAgent: string | null; createdAtMs: number; expiresAtMs: number }[] {
    return rows<{ sessionId: string; userAgent: string | null; createdAtMs: number; expiresAtMs: number }>(
      this.#storage.sql,
      `SELECT session_id AS sessionId, user_agent AS userAgent, created_ms AS createdAtMs, expires_ms AS expiresAtMs
       FROM sessions WHERE expires_ms > ? ORDER BY created_ms DESC`,
      this.#clock.nowMs(),
    );
  }

  #tokens(sessionId: string, userId: string, secret: string, expiresMs: number): SessionTokens {
    return { sessionId, userId, refreshToken: `${this.#owner}.${sessionId}.${secret}`, refreshExpiresAtMs: expiresMs };
  }
}

function newSecret(): string {
  return hex(crypto.getRandomValues(new Uint8Array(secretBytes)));
}

/** Only hashes are stored: what leaks from storage opens nothing. */
async function hashOf(secret: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
