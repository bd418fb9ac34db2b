import { describe, expect, it } from 'vitest';
import { price } from '#shared/money/units.ts';
import type { DueForecast, RecordSums } from './contract.ts';
import { alwaysHold, lastMoveContinues, resultOf, scoreForecast, voidScore } from './scoring.ts';

const forecast = (change: Partial<DueForecast> = {}): DueForecast => ({
  id: 'a',
  recommendation: 'buy',
  probabilityUpBps: 7_000,
  price: price(100_00000000n),
  exitPrice: price(101_00000000n),
  costBps: 30,
  lastMove: 'up',
  ...change,
});
const lower = price(99_00000000n);

describe('the score of a forecast', () => {
  it('is right or wrong by the likelier direction, whatever was recommended', () => {
    expect(scoreForecast(forecast()).outcome).toBe('right');
    expect(scoreForecast(forecast({ exitPrice: lower })).outcome).toBe('wrong');
    expect(scoreForecast(forecast({ probabilityUpBps: 4_999, exitPrice: lower, recommendation: 'hold' })).outcome).toBe(
      'right',
    );
  });

  it('has the Brier score of its probability: 0 for certain and right, 1 for certain and wrong', () => {
    expect(scoreForecast(forecast()).brierE8).toBe(3_000 ** 2);
    expect(scoreForecast(forecast({ exitPrice: lower })).brierE8).toBe(7_000 ** 2);
    expect(scoreForecast(forecast({ probabilityUpBps: 10_000 })).brierE8).toBe(0);
    expect(scoreForecast(forecast({ probabilityUpBps: 10_000, exitPrice: lower })).brierE8).toBe(100_000_000);
  });

  it('returns what following it returned after the cost of both trades; what does not trade costs nothing', () => {
    expect(scoreForecast(forecast()).returnBps).toBe(70);
    expect(scoreForecast(forecast({ recommendation: 'sell' })).returnBps).toBe(-130);
    expect(scoreForecast(forecast({ recommendation: 'sell', exitPrice: lower })).returnBps).toBe(70);
    for (const recommendation of ['hold', 'close', null] as const)
      expect(scoreForecast(forecast({ recommendation })).returnBps).toBe(0);
  });

  it('measures the rule "last move continues" on the same prices and costs', () => {
    expect(scoreForecast(forecast()).lastMoveReturnBps).toBe(70);
    expect(scoreForecast(forecast({ lastMove: 'down' })).lastMoveReturnBps).toBe(-130);
    expect(scoreForecast(forecast({ lastMove: 'flat' })).lastMoveReturnBps).toBe(0);
    expect(scoreForecast(forecast({ lastMove: null })).lastMoveReturnBps).toBeNull();
  });

  it('is neither right nor wrong where the price did not move or the forecast was even', () => {
    const still = scoreForecast(forecast({ exitPrice: price(100_00000000n) }));
    expect(still).toMatchObject({ outcome: 'flat', brierE8: null, returnBps: -30 });
    expect(scoreForecast(forecast({ probabilityUpBps: 5_000 })).outcome).toBe('flat');
  });

  it('is void without a price at either end', () => {
    expect(scoreForecast(forecast({ exitPrice: null }))).toEqual(voidScore);
    expect(scoreForecast(forecast({ price: null }))).toEqual(voidScore);
  });
});

describe('the track record', () => {
  const sums: RecordSums = {
    ...{ model: 'quantitative', symbol: 'SOL-PERP', horizon: '15m', scored: 10, independent: 10, signals: 4, void: 1 },
    ...{ rises: 6, falls: 3, hits: 5, misses: 3, brierE8Sum: 9 * 24_000_000, brierCount: 9, returnBpsSum: -55 },
    ...{ lastMoveHits: 2, lastMoveMisses: 6, lastMoveReturnBpsSum: -300, lastMoveCount: 10, firstAtMs: 1, lastAtMs: 2 },
  };

  it('sets what was forecast beside never trading and the direction before', () => {
    expect(resultOf(sums)).toMatchObject({ calls: 8, hits: 5, hitRateBps: 6_250, brierBps: 2_400, returnBps: -5 });
    expect(alwaysHold(sums)).toMatchObject({ calls: 0, hits: 0, hitRateBps: null, brierBps: 2_500, returnBps: 0 });
    expect(lastMoveContinues(sums)).toMatchObject({
      calls: 8,
      hits: 2,
      hitRateBps: 2_500,
      brierBps: 7_500,
      returnBps: -30,
    });
  });

  it('says how little a hit rate of few forecasts tells, and counts those whose horizons overlap as the few they are', () => {
    const intervalOf = (hits: number, misses: number, independent: number) =>
      resultOf({ ...sums, scored: hits + misses, hits, misses, independent }).hitRateInterval;
    expect(intervalOf(6, 4, 10)).toEqual({ lowBps: 3_126, highBps: 8_319 });
    expect(intervalOf(600, 400, 1_000)).toEqual({ lowBps: 5_693, highBps: 6_300 });
    expect(intervalOf(600, 400, 10)).toEqual(intervalOf(6, 4, 10));
    expect(intervalOf(288, 0, 1)).toEqual({ lowBps: 2_065, highBps: 10_000 });
    expect(alwaysHold(sums).hitRateInterval).toBeNull();
    const { hitRateInterval: other } = lastMoveContinues({ ...sums, independent: 5 });
    expect(other).toEqual(resultOf({ ...sums, scored: 4, independent: 4, hits: 1, misses: 3 }).hitRateInterval);
  });

  it('claims nothing where nothing was scored', () => {
    const none = Object.fromEntries(Object.keys(sums).map((key) => [key, 0])) as unknown as RecordSums;
    for (const result of [resultOf(none), alwaysHold(none), lastMoveContinues(none)])
      expect(result).toEqual({
        calls: 0,
        hits: 0,
        hitRateBps: null,
        hitRateInterval: null,
        brierBps: null,
        returnBps: null,
      });
  });
});
