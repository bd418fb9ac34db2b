import { describe, expect, test } from 'vitest';

import { base, usd, usdc } from '../testing.ts';
import { outcomeOf, pendingPhase, withRequest } from './pending-request.ts';
import { previewPool, worthOfRequest } from './pool-preview.ts';
import { viewPool } from './pool-view.ts';
import { exposureWith, holderWith, pendingWith, poolWith } from './testing.ts';

describe('the exposure of the pool', () => {
  test('is the other side of the traders’ skew', () => {
    const short = viewPool(poolWith()).markets[0];
    expect(short).toMatchObject({ poolSize: base('-60'), poolNotional: usdc('-9000') });
    const [long] = viewPool(poolWith({ markets: [exposureWith({ skew: base('-2') })] })).markets;
    expect(long).toMatchObject({ poolSize: base('2'), poolNotional: usdc('300') });
  });

  test('counts the pool’s share of the fees, rounded down', () => {
    const markets = [exposureWith(), exposureWith({ symbol: 'BTC-PERP', fees_collected: usdc('50') })];
    expect(viewPool(poolWith({ markets }))).toMatchObject({ feesEarned: usdc('105'), owedToTraders: usdc('500') });
  });

  test('owes an unknown sum while one market has no price', () => {
    const markets = [exposureWith(), exposureWith({ traders_pnl: null, price: null })];
    const view = viewPool(poolWith({ markets }));
    expect(view.owedToTraders).toBeNull();
    expect(view.markets[1]?.poolNotional).toBeNull();
  });
});

describe('the preview of a deposit', () => {
  const deposit = (amount: bigint | null, pool = poolWith(), holder = holderWith()) =>
    previewPool(pool, holder, { action: 'deposit', amount });

  test('buys at the price that minting counts, rounded down', () => {
    expect(deposit(usdc('1000')).preview).toEqual({
      price: usd('1.021'),
      receives: usdc('979.431929'),
      fee: 0n,
      sharesAfter: usdc('1479.431929'),
      supplyAfter: usdc('1000979.431929'),
    });
  });

  test('of an empty pool locks one share for ever', () => {
    const empty = poolWith({ total_shares: usdc('0'), equity: usdc('0'), mint_equity: usdc('0'), share_price: null });
    expect(deposit(usdc('100'), empty).preview).toMatchObject({ price: usd('1'), receives: usdc('99') });
    expect(deposit(usdc('1'), empty)).toEqual({ preview: null, issue: 'tooSmall' });
  });

  test('says why it cannot be asked for', () => {
    expect(deposit(null).issue).toBe('amount');
    expect(deposit(0n).issue).toBe('amount');
    expect(deposit(usdc('1'), poolWith({ mint_equity: null })).issue).toBe('unpriced');
    expect(deposit(usdc('1'), poolWith({ mint_equity: usdc('-1') })).issue).toBe('unpriced');
    expect(deposit(1n, poolWith({ mint_equity: usdc('3000000') })).issue).toBe('tooSmall');
    expect(deposit(usdc('1'), poolWith(), holderWith({ pending: pendingWith() })).issue).toBe('pending');
  });
});

describe('the preview of a withdrawal', () => {
  const withdraw = (shares: bigint, pool = poolWith()) =>
    previewPool(pool, holderWith(), { action: 'withdraw', amount: shares });

  test('pays at the price that redeeming counts, less the fee rounded up', () => {
    expect(withdraw(usdc('100')).preview).toEqual({
      price: usd('1.02'),
      receives: usdc('101.898'),
      fee: usdc('0.102'),
      sharesAfter: usdc('400'),
      supplyAfter: usdc('999900'),
    });
  });

  test('of more shares than there are is shown and refused', () => {
    expect(withdraw(usdc('501'))).toMatchObject({ issue: 'shares', preview: { sharesAfter: 0n } });
    expect(withdraw(usdc('500')).issue).toBeNull();
  });
});

describe('a request on its way', () => {
  const pool = poolWith();
  const phase = (seconds: number) => pendingPhase(pendingWith(), pool, seconds * 1_000);
  const opens = pendingWith().executable_from;

  test('waits for its window, can be executed in it, and has lapsed after it', () => {
    expect(phase(opens - 60)).toEqual({ kind: 'waiting', secondsLeft: 60 });
    expect(phase(opens - 0.2)).toEqual({ kind: 'waiting', secondsLeft: 1 });
    expect(phase(opens)).toEqual({ kind: 'executing', secondsLeft: 15 });
    expect(phase(opens + 15)).toEqual({ kind: 'executing', secondsLeft: 0 });
    expect(phase(opens + 15.1)).toEqual({ kind: 'lapsed' });
  });

  const later = (opens + 80) * 1_000;

  test('that ended is told by the shares', () => {
    const minting = holderWith({ pending: pendingWith() });
    const minted = outcomeOf(minting, holderWith({ shares: usdc('740') }), later);
    expect(minted).toMatchObject({ kind: 'executed', shares: usdc('240') });
    expect(outcomeOf(minting, holderWith(), later)).toMatchObject({ kind: 'lapsed' });
    const redeeming = holderWith({ pending: pendingWith({ kind: 'redeem', amount: usdc('100') }) });
    const redeemed = outcomeOf(redeeming, holderWith({ shares: usdc('400') }), later);
    expect(redeemed).toMatchObject({ kind: 'executed', shares: usdc('100') });
    const cut = outcomeOf(redeeming, holderWith({ shares: usdc('470') }), later);
    expect(cut).toMatchObject({ kind: 'part', shares: usdc('30'), returned: usdc('70') });
  });

  test('that still waits, or was never there, has no outcome', () => {
    expect(outcomeOf(undefined, holderWith(), later)).toBeUndefined();
    expect(outcomeOf(holderWith(), holderWith({ shares: usdc('1') }), later)).toBeUndefined();
    const pending = holderWith({ pending: pendingWith() });
    expect(outcomeOf(pending, pending, later)).toBeUndefined();
  });

  test('stands as placed until the exchange tells it, and an answer from before it is no lapse', () => {
    const now = Date.parse('2026-01-01T00:00:00.300Z');
    const asked = withRequest(holderWith(), { kind: 'redeem', amount: usdc('100') }, pool, now);
    expect(asked.pending).toMatchObject({ kind: 'redeem', executable_from: Math.ceil(now / 1_000) + 60 });
    expect(outcomeOf(asked, holderWith(), now + 2_000)).toBeUndefined();
    expect(outcomeOf(asked, holderWith({ shares: usdc('400') }), now)).toMatchObject({ kind: 'executed' });
  });
});

test('a request on its way is worth what it would bring at the prices of now', () => {
  expect(worthOfRequest(poolWith(), pendingWith({ amount: usdc('1000') }))).toBe(usdc('979.431929'));
  // 100 shares at 1.02, less a tenth of a percent.
  expect(worthOfRequest(poolWith(), pendingWith({ kind: 'redeem', amount: usdc('100') }))).toBe(usdc('101.898'));
  expect(worthOfRequest(poolWith({ equity: null }), pendingWith({ kind: 'redeem' }))).toBeNull();
});
