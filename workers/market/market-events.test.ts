import { describe, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { reserved } from '#shared/perps/reserve.ts';
import { sampleMarket } from '../../tests/workers/market/sample-market.ts';
import { carriedForward, marketEffect } from './market-events.ts';

const state = {
  ...{ side: 'long', size: 10n, entryValue: 1_000n, margin: 7n, reserve: 1n, fundingSum: 2n, borrowSum: 3n },
} as const;
const money = { backing: 9n, insuranceAccrued: 1n, treasuryAccrued: 2n, insuranceDebt: 3n, payoutsOwed: 4n };
const marketAfter = { longOi: 10n, shortOi: 4n, ...money, fundingIndex: -5n, borrowIndex: 6n };
const oracle = { price: 100n, conf: 1n, ema: 99n, publishTime: 5n };

const marginChanged = (data: IndexedEvent['data']): IndexedEvent => ({
  name: 'MarginChanged',
  data: { owner: 'trader', commandSeq: 3n, before: state, after: { ...state, margin: 8n }, marketAfter, ...data },
  signature: 'signature',
  slot: 1,
  indexInTransaction: 0,
  blockTimeMs: 0,
  streams: { market: { symbol: 'SOL-PERP', seq: 2n } },
});

describe('marketEffect of a margin change', () => {
  it('moves indexes, open interest, backing and the accepted price, as a trade does', () => {
    expect(marketEffect(marginChanged({ oracle }))).toEqual({
      position: { owner: 'trader', state: { ...state, margin: 8n, seq: 3n, payoutOwed: 0n } },
      price: oracle,
      openInterest: { long: 10n, short: 4n },
      change: { before: state, after: { ...state, margin: 8n } },
      money,
      indexes: { fundingIndex: -5n, borrowIndex: 6n },
    });
  });

  it('accepts no price where margin was added, which needs none', () => {
    const effect = marketEffect(marginChanged({ oracle: null }));
    expect(effect.indexes).toEqual({ fundingIndex: -5n, borrowIndex: 6n });
    expect(effect).not.toHaveProperty('price');
  });
});

describe('a market carried forward by events', () => {
  const at = (seconds: number): bigint => BigInt(seconds);

  it('has the sums of its sides after every change of a position, on the side where it is', () => {
    const market = { ...sampleMarket(), accruedAt: 100n };
    const flat = { ...state, size: 0n, entryValue: 0n, margin: 0n, reserve: 0n, fundingSum: 0n, borrowSum: 0n };
    const short = { ...state, side: 'short' } as const;
    const opened = marginChanged({ oracle, before: flat, after: state });
    const afterOpening = { ...market, ...carriedForward(marketEffect(opened), market, at(120)) };
    expect(afterOpening).toMatchObject({ long: { margin: 7n, reserve: 1n, borrowSum: 3n }, accruedAt: 120n });
    expect(reserved(afterOpening)).toBe(1n);
    const closed = {
      ...afterOpening,
      ...carriedForward(marketEffect(marginChanged({ oracle, before: state, after: flat })), afterOpening, at(130)),
    };
    const turned = {
      ...closed,
      ...carriedForward(
        marketEffect(marginChanged({ oracle, before: { ...flat, side: 'short' }, after: short })),
        closed,
        at(130),
      ),
    };
    expect(turned.long).toMatchObject({ margin: 0n, reserve: 0n, entryValue: 0n });
    expect(turned.short).toMatchObject({ margin: 7n, reserve: 1n, fundingSum: 2n });
  });

  it('accrues no time twice, and none where no price was accepted', () => {
    const market = { ...sampleMarket(), accruedAt: 100n };
    expect(carriedForward(marketEffect(marginChanged({ oracle: null })), market, at(120)).accruedAt).toBeUndefined();
    expect(carriedForward(marketEffect(marginChanged({ oracle })), market, at(90)).accruedAt).toBe(100n);
  });
});

it('a change of status is in force with its event', () => {
  const changed: IndexedEvent = {
    ...marginChanged({}),
    name: 'MarketStatusChanged',
    data: { before: 'active', after: 'reduce_only' },
  };
  expect(carriedForward(marketEffect(changed), sampleMarket(), 1n)).toEqual({ status: 'reduce_only' });
});
