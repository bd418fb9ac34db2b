import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commandsKeptMax, Idempotency } from '../../../workers/account/idempotency.ts';
import {
  dropsPerDayMax,
  sponsoredPerAddressMax,
  sponsoredPerDayMax,
  sponsoredPerFeePayerMax,
  TransactionStore,
} from '../../../workers/account/transaction-store.ts';
import { sealRefreshToken } from '../../../workers/api/refresh-token.ts';
import { signToken, type TokenSettings } from '../../../workers/account/signed-token.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { addressBlock } from '../../../workers/platform/client-address.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { call, newWallet, settings, signIn } from '../api/caller.ts';
import { stopClock } from '../worker-clock.ts';

const faucetAddress = (): string => chainOf(readSettings(env)).keys.faucet?.publicKey.toBase58() ?? '';
const dayMs = 24 * 3_600_000;

/** Runs something with the storage of an account that is nobody's. */
const inAccount = <T>(name: string, run: (storage: DurableObjectStorage) => T): Promise<T> =>
  runInDurableObject(env.ACCOUNTS.getByName(name) as never, (_instance: unknown, { storage }: DurableObjectState) =>
    run(storage),
  );

describe('callers', () => {
  it('with refresh tokens that nobody gave wake no object either', async () => {
    const { token, wallet } = await signIn();
    const { kid, secret } = settings().SESSION_KEYS[0] ?? expect.fail();
    const before = (await listDurableObjectIds(env.ACCOUNTS as never)).length;
    const expiresMs = Math.floor(Date.now() / 1_000) * 1_000 + dayMs;
    const raw = () => `${newWallet().address}.${crypto.randomUUID()}.${'0'.repeat(128)}`;
    const sealed = (change: Partial<TokenSettings>, endsMs = expiresMs) =>
      sealRefreshToken({ ...settings(), ...change }, raw(), endsMs);
    const madeUp = [
      raw,
      () => sealed({ SESSION_KEYS: [{ kid, secret: 'x'.repeat(40) }] }),
      () => sealed({ SESSION_KEYS: [{ kid: 'gone', secret }] }),
      () => sealed({ SIGN_IN_DOMAIN: 'other.example' }),
      () => sealed({}, Date.now() - 1_000),
      () => signToken(settings(), 'step-up', { token: raw() }, expiresMs / 1_000),
      () => signToken(settings(), 'access', { token: raw() }, expiresMs / 1_000),
    ];
    for (const make of madeUp) {
      for (let i = 0; i < 5; i++) {
        const { status, body } = await call('POST', '/api/auth/refresh', { body: { refresh_token: await make() } });
        expect([status, body.code]).toEqual([401, 'AUTH_006']);
      }
    }
    expect((await listDurableObjectIds(env.ACCOUNTS as never)).length).toBe(before);
    // One sealed by us is asked of its object, which knows no such session.
    const ours = await sealRefreshToken(settings(), `${wallet.address}.x.y`, expiresMs);
    expect((await call('POST', '/api/auth/refresh', { body: { refresh_token: ours } })).body.code).toBe('AUTH_006');
    expect((await call('DELETE', '/api/trading/orders', { token })).status).toBe(200);
  });

  it('from one network are one address: a /64 of IPv6 has one budget', () => {
    expect(addressBlock('2001:db8:1:2:3:4:5:6')).toBe(addressBlock('2001:0DB8:1:2::9'));
    expect(addressBlock('2001:db8:1:2::1')).not.toBe(addressBlock('2001:db8:1:3::1'));
    expect(addressBlock('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(addressBlock('203.0.113.7')).toBe('203.0.113.7');
  });
});

describe('what the exchange pays for strangers', () => {
  it('is bounded exactly per wallet, per address and per day, and a repeated transaction counts once', async () => {
    await inAccount(newWallet().address, (storage) => {
      const clock = new ManualClock();
      const store = new TransactionStore(storage, clock);
      const asked = (count: number, name: string, address: (i: number) => string): number =>
        Array.from({ length: count }, (_, i) => store.grantSponsorship(`${name} ${i}`, address(i))).filter(Boolean)
          .length;
      expect(asked(sponsoredPerAddressMax + 50, 'one', () => 'here')).toBe(sponsoredPerAddressMax);
      expect(store.grantSponsorship('one 0', 'here')).toBe(true);
      const rest = sponsoredPerFeePayerMax - sponsoredPerAddressMax;
      expect(asked(rest + 50, 'many', (i) => `address ${i % 100}`)).toBe(rest);
      expect(store.grantSponsorship('new', 'elsewhere')).toBe(false);
      clock.advance(dayMs);
      expect(store.grantSponsorship('new', 'here')).toBe(true);

      const own = Array.from({ length: sponsoredPerDayMax + 10 }, (_, i) => store.sponsor(`mine ${i}`));
      expect(own.filter(Boolean)).toHaveLength(sponsoredPerDayMax);
      expect(store.sponsor('mine 0')).toBe(true);
    });
  });

  it('by the faucet is bounded exactly per day, whoever asks', async () => {
    await inAccount(newWallet().address, (storage) => {
      const store = new TransactionStore(storage, new ManualClock());
      const granted = Array.from({ length: dropsPerDayMax + 25 }, (_, i) => store.grantDrop(`wallet ${i}`));
      expect(granted.filter(Boolean)).toHaveLength(dropsPerDayMax);
    });
  });

  it('by the faucet is asked of that budget before a drop is signed', async () => {
    const { address } = newWallet();
    const first = await env.ACCOUNTS.getByName(address).faucet();
    expect(first.ok).toBe(true);
    const rows = await inAccount(faucetAddress(), ({ sql }) => sql.exec('SELECT wallet FROM granted_drops').toArray());
    expect(rows.map(({ wallet }) => wallet)).toContain(address);
  });
});

describe('a flood of Idempotency-Keys', () => {
  it('keeps the newest 10,000 and no more, and forgets them after 24 hours', async () => {
    await inAccount(newWallet().address, (storage) => {
      const clock = new ManualClock();
      const commands = new Idempotency(storage.sql, clock);
      const meta = (i: number) => ({ requestId: 'request-0', idempotencyKey: `key-${i}`, bodyHash: 'a' });
      storage.transactionSync(() => {
        for (let i = 0; i < commandsKeptMax + 100; i++) commands.finish(meta(i), 'cancel-all', {});
      });
      const count = () => storage.sql.exec('SELECT COUNT(*) AS size FROM commands').one().size;
      expect(count()).toBe(commandsKeptMax);
      expect(commands.find('key-99')).toBeNull();
      expect(commands.find(`key-${commandsKeptMax + 99}`)).not.toBeNull();
      clock.advance(dayMs);
      expect(commands.find(`key-${commandsKeptMax + 99}`)).toBeNull();
    });
  });
});

describe('trading requests', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('of one trader in bursts at the same time are a hundred a minute, to the last one', async () => {
    const { token } = await signIn();
    stopClock();
    const bursts = await Promise.all(
      Array.from({ length: 160 }, (_, i) =>
        call('DELETE', '/api/trading/orders', { token, headers: { 'cf-connecting-ip': `192.0.2.${i}` } }),
      ),
    );
    const statuses = bursts.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(60);
  });
});
