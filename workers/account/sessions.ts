import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { execute, firstRow, rows } from '../platform/sql.ts';
import type { NewApiSession, NewSession, SessionRecord, SessionTokens } from './contract.ts';

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

/** What a repeated refresh is answered from, names of API sessions, and when a session was used last. */
export const SESSIONS_ROTATION_COLUMNS = `
  ALTER TABLE sessions ADD COLUMN name TEXT;
  ALTER TABLE sessions ADD COLUMN last_used_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN rotated_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN previous_hash TEXT;
  ALTER TABLE sessions ADD COLUMN salt TEXT;
  UPDATE sessions SET last_used_ms = created_ms;
`;

/** What the tokens of a session prove with that they were given, however long ago. Sessions from before it have none and cannot be refreshed. */
export const SESSIONS_FAMILY_KEY = 'ALTER TABLE sessions ADD COLUMN family_key TEXT;';

/** A sign-in that is not refreshed for this long ends. */
export const sessionLifeMs = 30 * 24 * 3_600_000;
/** Sign-ins at a time: one more ends the oldest. */
export const sessionsMax = 20;
/** Named API sessions at a time: one more is refused. */
export const apiSessionsMax = 10;
/** A refresh token may be presented again for this long while its successor was not: an answer that got lost, or two tabs at once. */
export const refreshRepeatMs = 30_000;
/** Used nonces remembered; each lives five minutes, so the bound is beyond what the limit per IP lets in. */
export const noncesMax = 1_000;
/** How exactly the last use of a session is known. */
const lastUsedStepMs = 60_000;
const secretBytes = 32;
const saltBytes = 16;

/**
 * Sessions of one wallet: sign-ins, and named ones for programs. A refresh token is used once: presenting an old one means that two parties
 * hold the session, so the whole session (the family of its tokens) ends. Only a repetition is answered again, with the very same tokens. A
 * secret that was never given proves nothing about a second holder and ends nothing: session ids are no secrets.
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

  /** A new sign-in; one too many ends the oldest. */
  async create({ userId, userAgent }: NewSession): Promise<SessionTokens> {
    return this.#insert(userId, userAgent, null, this.#clock.nowMs() + sessionLifeMs, await newSecret());
  }

  /** A new session for a program, with a fixed end; null when the wallet has as many as it may. */
  async createApi({ userId, userAgent, name, expiresAtMs }: NewApiSession): Promise<SessionTokens | null> {
    const secret = await newSecret();
    return this.#storage.transactionSync(() => {
      const query = 'SELECT COUNT(*) AS size FROM sessions WHERE name IS NOT NULL AND expires_ms > ?';
      const size = firstRow<{ size: number }>(this.#storage.sql, query, this.#clock.nowMs())?.size ?? 0;
      return size < apiSessionsMax ? this.#insert(userId, userAgent, name, expiresAtMs, secret) : null;
    });
  }

  /** A new token for a valid one; null when it is unknown or expired, and when it was used before, which ends the session. */
  async rotate(refreshToken: string): Promise<SessionTokens | null> {
    const [owner, sessionId, secret, ...rest] = refreshToken.split('.');
    if (owner !== this.#owner || sessionId === undefined || rest.length > 0) return null;
    if (secret === undefined || secret === '') return null;
    const query = 'SELECT family_key AS familyKey FROM sessions WHERE session_id = ?';
    const familyKey = firstRow<{ familyKey: string | null }>(this.#storage.sql, query, sessionId)?.familyKey ?? null;
    if (familyKey === null || !(await isOfFamily(secret, familyKey))) return null;
    const salt = randomHex(saltBytes);
    const next = await successorOf(secret, salt, familyKey);
    const [presented, stored] = await Promise.all([hashOf(secret), hashOf(next)]);
    const outcome = this.#storage.transactionSync(() => this.#rotate(sessionId, presented, { salt, hash: stored }));
    if (outcome === null) return null;
    // The salt says which successor was stored: this one, or the one given at the first presentation.
    const given = outcome.salt === salt ? next : await successorOf(secret, outcome.salt, familyKey);
    return this.#tokens(outcome.session, given, outcome.expiresMs);
  }

  #rotate(sessionId: string, presented: string, next: { salt: string; hash: string }): Rotation | null {
    const { sql } = this.#storage;
    const now = this.#clock.nowMs();
    const row = firstRow<SessionRow>(
      sql,
      'SELECT * FROM sessions WHERE session_id = ? AND expires_ms > ?',
      sessionId,
      now,
    );
    if (row === null) return null;
    const session = { sessionId, userId: row.user_id, isApi: row.name !== null };
    if (row.secret_hash === presented) {
      // An API session ends when it was said to; a sign-in lives on while it is used.
      const expiresMs = session.isApi ? row.expires_ms : now + sessionLifeMs;
      sql.exec(
        `UPDATE sessions SET secret_hash = ?, previous_hash = ?, salt = ?, rotated_ms = ?, last_used_ms = ?, expires_ms = ?
         WHERE session_id = ?`,
        next.hash,
        presented,
        next.salt,
        now,
        now,
        expiresMs,
        sessionId,
      );
      return { session, salt: next.salt, expiresMs };
    }
    const isRepeated = row.previous_hash === presented && now - row.rotated_ms <= refreshRepeatMs;
    if (isRepeated && row.salt !== null) return { session, salt: row.salt, expiresMs: row.expires_ms };
    this.end(sessionId);
    return null;
  }

  /** Whether a session stands; notes that it was used. */
  use(sessionId: string): boolean {
    const now = this.#clock.nowMs();
    const query = 'SELECT last_used_ms FROM sessions WHERE session_id = ? AND expires_ms > ?';
    const row = firstRow<{ last_used_ms: number }>(this.#storage.sql, query, sessionId, now);
    if (row !== null && now - row.last_used_ms >= lastUsedStepMs)
      this.#storage.sql.exec('UPDATE sessions SET last_used_ms = ? WHERE session_id = ?', now, sessionId);
    return row !== null;
  }

  isStanding(sessionId: string): boolean {
    const query = 'SELECT 1 AS one FROM sessions WHERE session_id = ? AND expires_ms > ?';
    return firstRow(this.#storage.sql, query, sessionId, this.#clock.nowMs()) !== null;
  }

  /** False when there is no such session. */
  end(sessionId: string): boolean {
    return execute(this.#storage.sql, 'DELETE FROM sessions WHERE session_id = ?', sessionId) === 1;
  }

  /** Ends every session but one; null ends all of them. Answers how many. */
  endOthers(keepSessionId: string | null): number {
    return execute(this.#storage.sql, 'DELETE FROM sessions WHERE session_id IS NOT ?', keepSessionId);
  }

  /** Sessions that stand, newest first. */
  list(): SessionRecord[] {
    return rows<SessionRow>(
      this.#storage.sql,
      'SELECT * FROM sessions WHERE expires_ms > ? ORDER BY created_ms DESC, session_id',
      this.#clock.nowMs(),
    ).map((row) => ({
      sessionId: row.session_id,
      name: row.name,
      userAgent: row.user_agent,
      createdAtMs: row.created_ms,
      lastUsedAtMs: row.last_used_ms,
      expiresAtMs: row.expires_ms,
    }));
  }

  #insert(userId: string, userAgent: string | null, name: string | null, expiresMs: number, secret: Secret) {
    const sessionId = newId();
    const now = this.#clock.nowMs();
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      sql.exec('DELETE FROM sessions WHERE expires_ms <= ?', now);
      if (name === null) {
        sql.exec(
          `DELETE FROM sessions WHERE session_id IN (
             SELECT session_id FROM sessions WHERE name IS NULL ORDER BY created_ms DESC, session_id LIMIT -1 OFFSET ?)`,
          sessionsMax - 1,
        );
      }
      sql.exec(
        `INSERT INTO sessions
           (session_id, user_id, user_agent, name, secret_hash, family_key, created_ms, last_used_ms, expires_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        sessionId,
        userId,
        userAgent,
        name,
        secret.hash,
        secret.familyKey,
        now,
        now,
        expiresMs,
      );
    });
    return this.#tokens({ sessionId, userId, isApi: name !== null }, secret.text, expiresMs);
  }

  #tokens(session: TokenSession, secret: string, expiresMs: number): SessionTokens {
    const refreshToken = `${this.#owner}.${session.sessionId}.${secret}`;
    return { ...session, refreshToken, refreshExpiresAtMs: expiresMs };
  }
}

type TokenSession = Pick<SessionTokens, 'sessionId' | 'userId' | 'isApi'>;
/** A rotation that stands: the salt its token was made with. */
type Rotation = { readonly session: TokenSession; readonly salt: string; readonly expiresMs: number };

type SessionRow = {
  session_id: string;
  user_id: string;
  user_agent: string | null;
  name: string | null;
  secret_hash: string;
  previous_hash: string | null;
  salt: string | null;
  created_ms: number;
  last_used_ms: number;
  rotated_ms: number;
  expires_ms: number;
};

const encoder = new TextEncoder();

interface Secret {
  readonly text: string;
  readonly hash: string;
  readonly familyKey: string;
}

async function newSecret(): Promise<Secret> {
  const familyKey = randomHex(secretBytes);
  const text = await sealed(randomHex(secretBytes), familyKey);
  return { text, hash: await hashOf(text), familyKey };
}

/** A secret ends in an HMAC under its session's key: whoever knows that key alone can end the session, not use it. */
const sealed = async (secret: string, familyKey: string): Promise<string> =>
  `${secret}${await hmac(familyKey, secret)}`;

/** Whether the session gave this secret at some time. */
async function isOfFamily(secret: string, familyKey: string): Promise<boolean> {
  const seal = bytesOfHex(secret.slice(secretBytes * 2));
  const key = await hmacKey(familyKey);
  return crypto.subtle.verify('HMAC', key, seal, encoder.encode(secret.slice(0, secretBytes * 2)));
}

/**
 * The secret after another one. Made from the old one, so that its holder, and nobody who only reads the storage, can be given the same
 * successor again.
 */
const successorOf = async (secret: string, salt: string, familyKey: string): Promise<string> =>
  sealed(await hmac(secret, salt), familyKey);

const hmacKey = (key: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', encoder.encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);

/** HMAC-SHA-256, hex. */
const hmac = async (key: string, text: string): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.sign('HMAC', await hmacKey(key), encoder.encode(text))));

/** Only hashes are stored: what leaks from storage opens nothing. */
async function hashOf(secret: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(secret))));
}

const randomHex = (bytes: number): string => hex(crypto.getRandomValues(new Uint8Array(bytes)));

/** Nothing for what is not the hex of an HMAC. */
const bytesOfHex = (text: string): Uint8Array<ArrayBuffer> =>
  /^[0-9a-f]{64}$/.test(text)
    ? Uint8Array.from({ length: 32 }, (_, i) => parseInt(text.slice(i * 2, i * 2 + 2), 16))
    : new Uint8Array();

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
