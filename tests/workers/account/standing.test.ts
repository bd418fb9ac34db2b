import { Keypair } from '@solana/web3.js';
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import type { RiskLevel, Standing } from '#shared/standing.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { AccountStanding } from '../../../workers/account/standing.ts';
import { askNonce, logIn, newWallet } from '../api/caller.ts';
import { base, Wallet } from './wallet.ts';

const standing: Standing = {
  isActive: true,
  kycStatus: 'verified',
  riskLevel: 'moderate',
  defaultLeverageE2: null,
  maxSlippageBps: null,
  version: 1,
};

/** Runs a body over the storage of a real object. */
const withStanding = (body: (known: AccountStanding) => void): Promise<void> =>
  runInDurableObject(
    env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58()),
    (_instance: unknown, { storage }: DurableObjectState) => body(new AccountStanding(storage.sql)),
  );

describe('a standing', () => {
  it('is that of a new user before it was ever told, and an older one never replaces a newer one', () =>
    withStanding((known) => {
      expect(known.current).toMatchObject({ isActive: true, kycStatus: 'pending', riskLevel: 'moderate' });
      expect(known.set({ ...standing, isActive: false, version: 5 })).toBe(true);
      expect(known.set({ ...standing, isActive: true, version: 4 })).toBe(false);
      expect(known.current.isActive).toBe(false);
      expect(known.set({ ...standing, isActive: true, version: 6 })).toBe(true);
      expect(known.current).toEqual({ ...standing, version: 6 });
    }));

  it('refuses openings of a disabled account and of one whose identity check was refused, and no others', () =>
    withStanding((known) => {
      const codeOf = (change: Partial<Standing>): string | null => {
        known.set({ ...standing, ...change });
        return known.refusalOfOpening()?.code ?? null;
      };
      expect(codeOf({})).toBeNull();
      expect(codeOf({ kycStatus: 'pending' })).toBeNull();
      expect(codeOf({ kycStatus: 'rejected' })).toBe('AUTH_009');
      expect(codeOf({ isActive: false })).toBe('AUTH_008');
      expect(codeOf({ isActive: false, kycStatus: 'rejected' })).toBe('AUTH_008');
    }));

  it.each<[RiskLevel, number | null, number, number]>([
    ['conservative', null, 5_000, 300],
    ['conservative', 200, 5_000, 200],
    ['conservative', 5_000, 5_000, 300],
    ['moderate', null, 5_000, 1_000],
    ['moderate', 2_000, 5_000, 1_000],
    ['aggressive', null, 5_000, 1_000],
    ['aggressive', 2_000, 5_000, 2_000],
    ['aggressive', 5_000, 5_000, 2_000],
    ['aggressive', 5_000, 1_500, 1_500],
  ])(
    'of %s with a preference of %s gives an order without leverage, in a market of %i, %i',
    (riskLevel, preferred, market, expected) =>
      withStanding((known) => {
        known.set({ ...standing, riskLevel, defaultLeverageE2: preferred });
        expect(known.defaultLeverageE2(market)).toBe(expected);
      }),
  );
});

describe('an account', () => {
  const code = (result: { ok: boolean; error?: { code: string } }): string | null => result.error?.code ?? null;

  it('whose identity check was refused opens nothing and closes what it holds', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.account.setStanding(standing);
    const opened = await wallet.place();
    await wallet.reached(opened.orderId, 'filled');
    await wallet.account.setStanding({ ...standing, kycStatus: 'rejected', version: 2 });
    expect(code(await wallet.account.placeOrder(wallet.order()))).toBe('AUTH_009');
    const limit = { orderType: 'limit' as const, price: 100_000_000n };
    expect(code(await wallet.account.placeOrder(wallet.order(limit)))).toBe('AUTH_009');
    const params = { symbol: 'SOL-PERP', side: 'long', quantity: base(1n), leverage: 1_000 } as never;
    expect(code(await wallet.account.buildTransaction({ action: 'open_position', params }))).toBe('AUTH_009');
    const closing = await wallet.place({ side: 'sell', reduceOnly: true });
    await wallet.reached(closing.orderId, 'filled');
  });

  it('that is disabled loses its sessions and its resting orders in the same moment', async () => {
    const wallet = await Wallet.open(1_000n);
    const opened = await wallet.account.createSession({ userId: wallet.userId, userAgent: null });
    const session = opened.ok ? opened.value : expect.fail(opened.error.message);
    const resting = await wallet.place({ orderType: 'limit', price: 100_000_000n, quantity: base(20n) });
    await wallet.reached(resting.orderId, 'resting');
    await wallet.account.setStanding({ ...standing, isActive: false });
    expect((await wallet.account.getOrder(resting.orderId))?.stage).toBe('cancelled');
    expect(await wallet.account.useSession(session.sessionId)).toBe(false);
    expect(await wallet.account.admit(session.sessionId)).toBeNull();
    expect(await wallet.account.rotateSession(session.refreshToken)).toBeNull();
    expect(code(await wallet.account.placeOrder(wallet.order()))).toBe('AUTH_008');
  });

  it('that was disabled while its trader signed in gets no session from it, though the sign-in had read that it was active', async () => {
    const trader = newWallet();
    expect((await logIn(trader, (await askNonce(trader)).message)).status).toBe(200);
    const account = env.ACCOUNTS.getByName(trader.address);
    // The object was told; what the sign-in reads of the database is the row of before.
    await account.setStanding({ ...standing, isActive: false, version: Number.MAX_SAFE_INTEGER });
    const { status, body } = await logIn<ErrorResponse>(trader, (await askNonce(trader)).message);
    expect([status, body.code]).toEqual([403, 'AUTH_008']);
    const program = {
      userId: userIdOf(trader.address),
      userAgent: null,
      name: 'bot',
      expiresAtMs: Date.now() + 60_000,
    };
    expect(code(await account.createApiSession(program))).toBe('AUTH_008');
    expect(await account.listSessions()).toEqual([]);
  });

  it('that was disabled after its wallet signed an opening does not get the keeper’s signature under it', async () => {
    const wallet = await Wallet.open(1_000n);
    const params = { symbol: 'SOL-PERP', side: 'long', quantity: base(1n), leverage: 1_000 } as never;
    const signed = await wallet.buildAndSign({ action: 'open_position', params });
    await wallet.account.setStanding({ ...standing, isActive: false });
    expect(code(await wallet.account.submitTransaction(signed))).toBe('AUTH_008');
    expect((await wallet.account.state()).positions).toEqual([]);
  });

  it('that names no leverage gets what its risk level allows', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.account.setStanding({ ...standing, riskLevel: 'conservative' });
    const order = await wallet.place({ leverageE2: null });
    expect(order.leverageE2).toBe(300);
  });
});
