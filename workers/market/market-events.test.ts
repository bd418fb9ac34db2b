import { describe, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { marketEffect } from './market-events.ts';

const state = {
  ...{ side: 'long', size: 10n, entryValue: 1_000n, margin: 7n, reserve: 1n, fundingSum: 2n, borrowSum: 3n },
} as const;
const marketAfter = { longOi: 10n, shortOi: 4n, backing: 9n, fundingIndex: -5n, borrowIndex: 6n };
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
      backing: 9n,
      indexes: { fundingIndex: -5n, borrowIndex: 6n },
    });
  });

  it('accepts no price where margin was added, which needs none', () => {
    const effect = marketEffect(marginChanged({ oracle: null }));
    expect(effect.indexes).toEqual({ fundingIndex: -5n, borrowIndex: 6n });
    expect(effect).not.toHaveProperty('price');
  });
});
