import { Keypair } from '@solana/web3.js';
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import {
  apiSessionsMax,
  noncesMax,
  refreshRepeatMs,
  Sessions,
  SESSIONS_FAMILY_KEY,
  SESSIONS_ROTATION_COLUMNS,
  SESSIONS_TABLES,
  sessionLifeMs,
  sessionsMax,
} from '../../../workers/account/sessions.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';

const owner = '9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin';
const dayMs = 86_400_000;

/** Runs a body over sessions in the SQLite storage of a real Durable Object. */
const withSessions = (
  body: (sessions: Sessions, clock: ManualClock, storage: DurableObjectStorage) => Promise<void>,
): Promise<void> =>
  runInDurableObject(
    env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58()),
    async (_instance: unknown, { storage }: DurableObjectState) => {
      for (const table of ['sessions', 'nonces']) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
      storage.sql.exec(SESSIONS_TABLES);
      storage.sql.exec(SESSIONS_ROTATION_COLUMNS);
      storage.sql.exec(SESSIONS_FAMILY_KEY);
      const clock = new ManualClock();
      await body(new Sessions(storage, clock, owner), clock, storage);
    },
  );

const signIn = { userId: 'u', userAgent: null };

describe('a refresh token', () => {
  it('used again after its successor was used ends the whole session', () =>
    withSessions(async (sessions) => {
      const first = await sessions.create(signIn);
      const second = (await sessions.rotate(first.refreshToken)) ?? expect.fail();
      expect(second).toMatchObject({ sessionId: first.sessionId, userId: 'u' });
      const third = (await sessions.rotate(second.refreshToken)) ?? expect.fail();
      expect(await sessions.rotate(first.refreshToken)).toBeNull();
      expect(await sessions.rotate(third.refreshToken)).toBeNull();
      expect(sessions.list()).toEqual([]);
    }));

  it('used twice at once, or again because the answer was lost, gives the same successor both times', () =>
    withSessions(async (sessions, clock) => {
      const first = await sessions.create(signIn);
      const [one, other] = await Promise.all([
        sessions.rotate(first.refreshToken),
        sessions.rotate(first.refreshToken),
      ]);
      expect(one).not.toBeNull();
      expect(other).toEqual(one);
      clock.advance(refreshRepeatMs);
      const late = await sessions.rotate(first.refreshToken);
      expect(late?.refreshToken).toBe(one?.refreshToken);
      expect(await sessions.rotate(one?.refreshToken ?? '')).not.toBeNull();
    }));

  it('used again later than a repetition can be ends the session, its unused successor included', () =>
    withSessions(async (sessions, clock) => {
      const first = await sessions.create(signIn);
      const second = (await sessions.rotate(first.refreshToken)) ?? expect.fail();
      clock.advance(refreshRepeatMs + 1);
      expect(await sessions.rotate(first.refreshToken)).toBeNull();
      expect(await sessions.rotate(second.refreshToken)).toBeNull();
    }));

  it('is refused when it is expired, of another wallet, or none', () =>
    withSessions(async (sessions, clock) => {
      const tokens = await sessions.create(signIn);
      const foreign = tokens.refreshToken.replace(owner, 'somebody');
      for (const token of ['', 'x', 'a.b', foreign, `${tokens.refreshToken}.more`, `${owner}.x.`, `${owner}..`])
        expect(await sessions.rotate(token)).toBeNull();
      clock.advance(sessionLifeMs);
      expect(await sessions.rotate(tokens.refreshToken)).toBeNull();
    }));

  it('that was never given ends nothing, whoever knows wallet and session; one given long ago ends the session', () =>
    withSessions(async (sessions) => {
      const first = await sessions.create(signIn);
      const secret = first.refreshToken.split('.')[2] ?? expect.fail();
      const flipped = `${secret.startsWith('0') ? '1' : '0'}${secret.slice(1)}`;
      for (const guess of ['deadbeef', '0'.repeat(128), flipped, `${secret}0`, secret.slice(0, 64), 'x'.repeat(128)])
        expect(await sessions.rotate(`${owner}.${first.sessionId}.${guess}`)).toBeNull();
      expect(sessions.isStanding(first.sessionId)).toBe(true);
      let last = first;
      for (let i = 0; i < 5; i++) last = (await sessions.rotate(last.refreshToken)) ?? expect.fail();
      expect(await sessions.rotate(first.refreshToken)).toBeNull();
      expect(sessions.isStanding(first.sessionId)).toBe(false);
    }));

  it('cannot be made from what is stored, nor can its successor', () =>
    withSessions(async (sessions, _clock, { sql }) => {
      const first = await sessions.create(signIn);
      const second = (await sessions.rotate(first.refreshToken)) ?? expect.fail();
      const stored = JSON.stringify(sql.exec('SELECT * FROM sessions').toArray());
      for (const { refreshToken } of [first, second]) {
        const secret = refreshToken.split('.')[2] ?? expect.fail();
        expect(stored).not.toContain(secret);
      }
      for (const value of Object.values(sql.exec('SELECT * FROM sessions').one()))
        expect(await sessions.rotate(`${owner}.${first.sessionId}.${String(value)}`)).toBeNull();
    }));
});

describe('sessions of a wallet', () => {
  it('are at most sessionsMax sign-ins, the newest, and ended ones stand no more', () =>
    withSessions(async (sessions, clock) => {
      const first = await sessions.create(signIn);
      for (let i = 1; i <= sessionsMax; i++) {
        clock.advance(1);
        await sessions.create({ userId: 'u', userAgent: String(i) });
      }
      const kept = sessions.list().map((session) => session.userAgent);
      expect(kept).toHaveLength(sessionsMax);
      expect(kept[0]).toBe(String(sessionsMax));
      expect(sessions.isStanding(first.sessionId)).toBe(false);
      expect(sessions.use(first.sessionId)).toBe(false);
    }));

  it('of programs are never ended to make room: one too many is refused, and sign-ins do not count', () =>
    withSessions(async (sessions, clock) => {
      const api = (name: string) => sessions.createApi({ ...signIn, name, expiresAtMs: clock.nowMs() + dayMs });
      for (let i = 0; i < apiSessionsMax; i++) expect(await api(`bot ${i}`)).toMatchObject({ isApi: true });
      expect(await api('one more')).toBeNull();
      for (let i = 0; i < sessionsMax + 5; i++) await sessions.create(signIn);
      expect(sessions.list().filter(({ name }) => name !== null)).toHaveLength(apiSessionsMax);
      clock.advance(dayMs);
      expect(await api('after their end')).not.toBeNull();
    }));

  it('of programs end when they were said to, however often they are refreshed; sign-ins live on while they are used', () =>
    withSessions(async (sessions, clock) => {
      const endMs = clock.nowMs() + 40 * dayMs;
      let api = (await sessions.createApi({ ...signIn, name: 'bot', expiresAtMs: endMs })) ?? expect.fail();
      let human = await sessions.create(signIn);
      for (let day = 0; day < 39; day++) {
        clock.advance(dayMs);
        api = (await sessions.rotate(api.refreshToken)) ?? expect.fail();
        human = (await sessions.rotate(human.refreshToken)) ?? expect.fail();
      }
      expect(api.refreshExpiresAtMs).toBe(endMs);
      clock.advance(dayMs);
      expect(await sessions.rotate(api.refreshToken)).toBeNull();
      expect(await sessions.rotate(human.refreshToken)).not.toBeNull();
    }));

  it('end one by one or all but one, and say when they were used last', () =>
    withSessions(async (sessions, clock) => {
      const [one, two, three] = [
        await sessions.create(signIn),
        await sessions.create(signIn),
        await sessions.create(signIn),
      ];
      const startMs = clock.nowMs();
      clock.advance(61_000);
      expect(sessions.use(two.sessionId)).toBe(true);
      const lastUsed = new Map(sessions.list().map(({ sessionId, lastUsedAtMs }) => [sessionId, lastUsedAtMs]));
      expect([lastUsed.get(one.sessionId), lastUsed.get(two.sessionId)]).toEqual([startMs, clock.nowMs()]);
      expect([sessions.end(one.sessionId), sessions.end(one.sessionId)]).toEqual([true, false]);
      expect(sessions.endOthers(three.sessionId)).toBe(1);
      expect(sessions.list().map(({ sessionId }) => sessionId)).toEqual([three.sessionId]);
    }));
});

describe('a nonce', () => {
  it('is consumed exactly once and not after its time', () =>
    withSessions(async (sessions, clock) => {
      const expiresMs = clock.nowMs() + 1_000;
      expect(sessions.consumeNonce('n', expiresMs)).toBe(true);
      expect(sessions.consumeNonce('n', expiresMs)).toBe(false);
      clock.advance(1_000);
      expect(sessions.consumeNonce('m', expiresMs)).toBe(false);
    }));

  it('is not forgotten under a flood: beyond the bound none is accepted until old ones have expired', () =>
    withSessions(async (sessions, clock) => {
      const expiresMs = clock.nowMs() + 1_000;
      for (let i = 0; i < noncesMax; i++) sessions.consumeNonce(`n${i}`, expiresMs);
      expect(sessions.consumeNonce('one more', expiresMs)).toBe(false);
      expect(sessions.consumeNonce('n0', expiresMs)).toBe(false);
      clock.advance(1_000);
      expect(sessions.consumeNonce('one more', clock.nowMs() + 1_000)).toBe(true);
    }));
});
