import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { abs } from '../money/divide.ts';
import { bps, entryValue, fineValue, indexValue, price, quote, size } from '../money/units.ts';
import { isLiquidatable } from './equity.ts';
import { capPrice, liquidationKey, liquidationPrice, liquidationThreshold, warningMarginBps } from './liquidation.ts';
import { isCapped } from './pnl.ts';
import { FLAT_POSITION } from './side.ts';
import type { PositionState, Side } from './types.ts';

const ONE = 10n ** 8n;

interface Scene {
  readonly position: PositionState;
  readonly indexes: {
    readonly fundingIndex: PositionState['fundingSum'];
    readonly borrowIndex: PositionState['fundingSum'];
  };
}

/** Positions around 100 USD with indexes of up to ±10 USD, so that prices of 50 to 200 cross every boundary. */
const scene = fc
  .record({
    side: fc.constantFrom<Side>('long', 'short'),
    sizeUnits: fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 10n ** 13n)),
    entry: fc.bigInt(80n * ONE, 120n * ONE),
    entryDust: fc.bigInt(0n, 1_000n),
    marginBps: fc.bigInt(0n, 5_000n),
    reserveBps: fc.bigInt(0n, 10_000n),
    fundingAtEntry: fc.bigInt(-(10n ** 19n), 10n ** 19n),
    borrowAtEntry: fc.bigInt(0n, 10n ** 19n),
    funding: fc.bigInt(-(10n ** 19n), 10n ** 19n),
    borrowGrowth: fc.bigInt(0n, 10n ** 19n),
  })
  .map((r): Scene => {
    const notional = (r.sizeUnits * r.entry) / 10n ** 10n;
    const position: PositionState = {
      ...FLAT_POSITION,
      side: r.side,
      size: size(r.sizeUnits),
      entryValue: entryValue(r.sizeUnits * r.entry + r.entryDust),
      margin: quote((notional * r.marginBps) / 10_000n),
      reserve: quote((notional * r.reserveBps) / 10_000n),
      fundingSum: fineValue(r.sizeUnits * r.fundingAtEntry + 3n),
      borrowSum: fineValue(r.sizeUnits * r.borrowAtEntry),
    };
    return {
      position,
      indexes: { fundingIndex: fineValue(r.funding), borrowIndex: fineValue(r.borrowAtEntry + r.borrowGrowth) },
    };
  });

const indexesOf = ({ indexes }: Scene) => ({
  fundingIndex: indexValue(indexes.fundingIndex),
  borrowIndex: indexValue(indexes.borrowIndex),
});

test('the index proposes every liquidatable position, and no position further from it than one step of rounding', () => {
  let proposed = 0;
  const property = fc.property(scene, fc.bigInt(50n * ONE, 200n * ONE), fc.bigInt(1n, 1_000n), (drawn, at, margin) => {
    const { position } = drawn;
    const indexes = indexesOf(drawn);
    const { key, checkAlways } = liquidationKey(position);
    const threshold = liquidationThreshold(position.side, price(at), indexes, bps(margin));
    const isCandidate = checkAlways || (position.side === 'long' ? key > threshold : key < threshold);
    const isUnhealthy = isLiquidatable(position, indexes, price(at), bps(margin));
    if (isUnhealthy) expect(isCandidate).toBe(true);
    if (isCandidate && !isUnhealthy && !checkAlways) {
      expect(abs(key - threshold)).toBeLessThanOrEqual(2n);
      proposed += 1;
    }
  });
  fc.assert(property, search(2_000));
  expect(proposed).toBeLessThan(20);
});

test('the displayed price is the boundary: healthy on it, liquidatable one tick beyond', () => {
  const property = fc.property(scene, fc.bigInt(1n, 1_000n), (drawn, margin) => {
    const { position } = drawn;
    const indexes = indexesOf(drawn);
    const boundary = liquidationPrice(position, indexes, bps(margin));
    const isUnhealthy = (at: bigint): boolean => isLiquidatable(position, indexes, price(at), bps(margin));
    if (boundary === null) {
      expect(position.side).toBe('long');
      expect(isUnhealthy(1n)).toBe(false);
    } else if (position.side === 'long') {
      expect([isUnhealthy(boundary), isUnhealthy(boundary - 1n)]).toEqual([false, true]);
    } else if (boundary > 0n) {
      expect([isUnhealthy(boundary), isUnhealthy(boundary + 1n)]).toEqual([false, true]);
    } else {
      expect(isUnhealthy(1n)).toBe(true);
    }
  });
  fc.assert(property, search(2_000));
});

test('the cap index proposes every capped position', () => {
  const property = fc.property(scene, fc.bigInt(1n, 400n * ONE), ({ position }, at) => {
    if (!isCapped(position, price(at))) return;
    const { key, checkAlways } = capPrice(position);
    expect(checkAlways || (position.side === 'long' ? at >= key : at <= key)).toBe(true);
  });
  fc.assert(property, search(2_000));
});

test('a trader is warned at one and a half times the maintenance margin, never below it', () => {
  expect(warningMarginBps(bps(200n))).toBe(300n);
  expect(warningMarginBps(bps(25n))).toBe(38n);
});
