import type { TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import { expect, test } from 'vitest';

import { brierText, compare, intervalOf, recordsByModel, returnText, saysLittle, shareText } from './track-record.ts';

const result = {
  calls: 10,
  hits: 6,
  hit_rate: 6_000,
  hit_rate_low: 3_126,
  hit_rate_high: 8_319,
  brier_score: 2_431,
  return_after_fees: -12,
};
const entry = (changed: Partial<TrackRecordEntryDto> = {}): TrackRecordEntryDto => ({
  ...{
    model: 'quantitative',
    symbol: 'SOL-PERP',
    horizon: '1h',
    scored: 10,
    independent: 40,
    signals: 4,
    void: 0,
    share_up: 5_000,
  },
  ...{ result, always_hold: { ...result, return_after_fees: 0 }, last_move_continues: result },
  ...{ first_at: '2026-01-01T00:00:00.000Z', last_at: '2026-01-02T00:00:00.000Z' },
  ...changed,
});
const all = { symbol: undefined, horizon: undefined };

test('the record stands by model, markets by name and horizons by length', () => {
  const records = recordsByModel(
    [
      entry({ horizon: '1d' }),
      entry({ horizon: '15m' }),
      entry({ symbol: 'BTC-PERP', horizon: '4h' }),
      entry({ model: 'openai/gpt', scored: 90 }),
    ],
    all,
  );
  expect(records.map(({ model, scored }) => [model, scored])).toEqual([
    ['openai/gpt', 90],
    ['quantitative', 30],
  ]);
  expect(records[1]?.entries.map(({ symbol, horizon }) => `${symbol} ${horizon}`)).toEqual([
    ...['BTC-PERP 4h', 'SOL-PERP 15m', 'SOL-PERP 1d'],
  ]);
});

test('a filter leaves out the rest, and a model without a line with it', () => {
  const entries = [entry(), entry({ model: 'x/y', symbol: 'ETH-PERP' })];
  expect(recordsByModel(entries, { ...all, symbol: 'SOL-PERP' }).map(({ model }) => model)).toEqual(['quantitative']);
  expect(recordsByModel(entries, { ...all, horizon: '4h' })).toEqual([]);
});

test('a hit rate of few independent forecasts is shown with how little it says, however many there are', () => {
  expect(intervalOf(result)).toEqual({ low: 31, high: 84 });
  expect(intervalOf({ ...result, hit_rate_low: null, hit_rate_high: null })).toBeNull();
  expect(saysLittle({ independent: 29 })).toBe(true);
  expect(saysLittle({ independent: 30 })).toBe(false);
});

test('each figure is read in its own unit, and what is not known is a dash', () => {
  expect(shareText(6_000)).toBe('60.0%');
  expect(returnText(-12)).toBe('−0.12%');
  expect(returnText(5)).toBe('+0.05%');
  expect(brierText(2_431)).toBe('0.2431');
  expect([shareText(null), returnText(null), brierText(null)]).toEqual(['–', '–', '–']);
});

test('a rule is beaten by a higher rate and by a lower Brier score', () => {
  expect(compare(6_000, 5_000, 'higher')).toBe('better');
  expect(compare(2_600, 2_500, 'lower')).toBe('worse');
  expect(compare(5, 5, 'lower')).toBe('equal');
  expect(compare(null, 5, 'higher')).toBeNull();
});
